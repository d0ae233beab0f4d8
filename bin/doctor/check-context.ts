import type { StoredChannel } from '../../lambda/alert/delivery/delivery-store.ts';
import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import type { DrillRecord } from '../../lambda/consensus/drill/drill.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openDrillStore } from '../../lambda/history/drills/drill-store.ts';
import { openHistory, type StoredJudgement } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { UnreadableItem } from '../../lambda/history/table/unreadable.ts';
import type { MailboxDiagnosis } from '../../lambda/mailbox-check/diagnose-mailboxes.ts';
import type { PostureDiagnosis } from '../../lambda/posture-watch/diagnose-lists.ts';
import type { Diagnosis, ReachQuestion } from '../../lambda/probe/diagnose-for-doctor.ts';
import type { AwsAccount } from './aws-queries.ts';

/** What a mailbox is read for. */
export type MailboxUse = 'trips' | 'bounces';

/** What every check can query, on AWS and on one machine. */
export interface CheckContext {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Which servers a vantage reaches and which secrets it can read. Asked once per vantage, whatever the number of checks. */
  diagnosis(vantage: string): Promise<Diagnosis>;
  /** Whether DNS lists answer the posture function of a vantage. */
  postureDiagnosis(vantage: string): Promise<PostureDiagnosis>;
  /** Which mailboxes can be opened from a vantage, and which of their secrets can be read. Each is asked once. */
  mailboxDiagnosis(vantage: string, use: MailboxUse): Promise<MailboxDiagnosis>;
  /** Name of the newest round of a vantage. */
  lastRound(vantage: string): Promise<string | null>;
  judgements(): Promise<readonly StoredJudgement[]>;
  /** The state of each channel that ever had a delivery. */
  channels(): Promise<readonly StoredChannel[]>;
  /** Items of the history that cannot be read: on one machine of the last day, on AWS of the last hour. */
  unreadable(): Promise<readonly UnreadableItem[]>;
  /** The drill that is open, and the last one. */
  drill(): Promise<DrillRecord | null>;
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

/** The servers to connect to: the control target, and the first few targets and servers of round trips of each port. */
export function reachQuestions({ control, targets, roundTrips = [] }: Config): readonly ReachQuestion[] {
  const questions: readonly ReachQuestion[] = [
    ...(control ? [{ ...control, domain: null }] : []),
    ...targets.map(({ host, domain, port, security }) => ({ host, domain, port, security })),
    ...roundTrips.map(
      ({
        send: {
          server: { host, port, security },
        },
      }) => ({ host, domain: null, port, security }),
    ),
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

/** Likewise, by vantage and use. */
export function memoizeUses<Answer>(
  ask: (vantage: string, use: MailboxUse) => Promise<Answer>,
): (vantage: string, use: MailboxUse) => Promise<Answer> {
  const by = {
    trips: memoize((vantage) => ask(vantage, 'trips')),
    bounces: memoize((vantage) => ask(vantage, 'bounces')),
  };
  return (vantage, use) => by[use](vantage);
}

/** What checks query of the history. */
export type HistoryQueries = Pick<CheckContext, 'lastRound' | 'judgements' | 'channels' | 'unreadable' | 'drill'>;

export function queriesOf(table: Table, { home, policy, targets }: Config): HistoryQueries {
  const { lastRound, judgements, unreadable } = openHistory(table);
  // On AWS each read costs: verdicts and an hour of rounds are what the judge reads.
  const isLocal = home === localVantage;
  const since = isoSeconds(Date.now() - (isLocal ? 24 : 1) * 3_600_000);
  const ids = isLocal ? targets.map(({ id }) => id) : [];
  return {
    lastRound: memoize(lastRound),
    judgements,
    channels: openDeliveries(table).channels,
    drill: openDrillStore(table).record,
    unreadable: () => unreadable(policy.vantages, ids, since),
  };
}
