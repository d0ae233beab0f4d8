import type { Config } from '../../lambda/config/config.ts';
import type { History, StoredJudgement } from '../../lambda/history/history.ts';
import type { Diagnosis, ReachQuestion } from '../../lambda/probe/diagnosis.ts';
import type { AwsAccount } from './aws-account.ts';

/** What every check can query, on AWS and on one machine. */
export interface CheckContext {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Which servers a vantage reaches and which secrets it can read. Asked once per vantage, whatever the number of checks. */
  diagnosis(vantage: string): Promise<Diagnosis>;
  /** Name of the newest round of a vantage. */
  lastRound(vantage: string): Promise<string | null>;
  judgements(): Promise<readonly StoredJudgement[]>;
  /** The source address that mail servers see, if the stack of the vantage created it; otherwise null. */
  probeIp(vantage: string): Promise<string | null>;
}

/** What the checks of a deployment can query in addition. */
export interface DeploymentCheckContext extends CheckContext {
  readonly account: string;
  /** Of the bootstrap stacks. */
  readonly qualifier: string;
  readonly aws: AwsAccount;
}

/** Mail servers per port that a vantage connects to, to find out whether the port is open. */
const QUESTIONS_PER_PORT = 3;

/** The servers to connect to: the control target, and the first few targets of each port. */
export function reachQuestions({ control, targets }: Config): readonly ReachQuestion[] {
  const questions: readonly ReachQuestion[] = [
    ...(control ? [{ ...control, domain: null }] : []),
    ...targets.map(({ host, domain, port, security }) => ({ host, domain, port, security })),
  ];
  const different = [...new Map(questions.map((question) => [reachName(question), question])).values()];
  return portsOf(questions).flatMap((port) =>
    different.filter((question) => question.port === port).slice(0, QUESTIONS_PER_PORT),
  );
}

export function portsOf(questions: readonly ReachQuestion[]): readonly number[] {
  return [...new Set(questions.map(({ port }) => port))].sort((a, b) => a - b);
}

export function reachName({ host, domain, port }: ReachQuestion): string {
  return `${host ?? `${domain} (MX)`}:${port}`;
}

/** Calls `ask` once per key. */
export function memoize<Answer>(ask: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

export function historyOf({ lastRound, judgements }: History): Pick<CheckContext, 'lastRound' | 'judgements'> {
  return { lastRound: memoize(lastRound), judgements };
}
