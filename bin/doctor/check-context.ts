import type { Config } from '../../lambda/config/config.ts';
import type { History, StoredJudgement } from '../../lambda/history/history.ts';
import type { Diagnosis, ReachQuestion } from '../../lambda/probe/diagnosis.ts';
import type { AwsAccount } from './aws-account.ts';

/** What every check can ask, on AWS and on one machine. */
export interface CheckContext {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What a vantage says of its ways out and its secrets; asked once, however many checks want to know. */
  diagnosis(vantage: string): Promise<Diagnosis>;
  /** Name of the newest round of a vantage. */
  lastRound(vantage: string): Promise<string | null>;
  judgements(): Promise<readonly StoredJudgement[]>;
  /** The address that mail servers see, where the stack of a vantage made it; null where it did not. */
  probeIp(vantage: string): Promise<string | null>;
}

/** What the checks of a deployment can ask besides. */
export interface CloudCheckContext extends CheckContext {
  readonly account: string;
  /** Of the bootstrap stacks. */
  readonly qualifier: string;
  readonly cloud: AwsAccount;
}

/** Mail servers of one port that are enough to tell whether the way out is open. */
const DOORS_PER_PORT = 3;

/** Whom to knock at: the control target, and for each port the first few targets. */
export function reachQuestions({ control, targets }: Config): readonly ReachQuestion[] {
  const doors: readonly ReachQuestion[] = [
    ...(control ? [{ ...control, domain: null }] : []),
    ...targets.map(({ host, domain, port, security }) => ({ host, domain, port, security })),
  ];
  const different = [...new Map(doors.map((door) => [reachName(door), door])).values()];
  return portsOf(doors).flatMap((port) => different.filter((door) => door.port === port).slice(0, DOORS_PER_PORT));
}

export function portsOf(doors: readonly ReachQuestion[]): readonly number[] {
  return [...new Set(doors.map(({ port }) => port))].sort((a, b) => a - b);
}

export function reachName({ host, domain, port }: ReachQuestion): string {
  return `${host ?? `${domain} (MX)`}:${port}`;
}

/** Asks once for each key. */
export function onceEach<Answer>(ask: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

export function historyOf({ lastRound, judgements }: History): Pick<CheckContext, 'lastRound' | 'judgements'> {
  return { lastRound: onceEach(lastRound), judgements };
}
