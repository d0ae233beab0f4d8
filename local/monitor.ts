import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { openHistory, type StoredJudgement } from '../lambda/history/history.ts';
import type { Gap } from '../lambda/history/rollup/progress.ts';
import { dynamodbTable } from '../lambda/history/table/dynamodb.ts';
import { judge } from '../lambda/judge/judge.ts';
import type { Ports } from '../lambda/ports.ts';
import type { ProbeEvent } from '../lambda/probe/probe-event.ts';
import { probeRound } from '../lambda/probe/probe-round.ts';
import type { RoundReport } from '../lambda/probe/round-report.ts';
import { rollUp } from '../lambda/rollup/roll-up.ts';
import { type Database, localTable, openDatabase } from './database.ts';
import { openBus } from './event-bus.ts';
import { startJudgeQueue } from './judge-queue.ts';
import { startSchedule } from './schedule.ts';
import { readSecret } from './secrets.ts';

/** Who started the monitor, and hears what it does. */
export interface MonitorListener {
  /** Before the probes of each round, counted from 0. */
  onRoundStart(number: number): void;
  /** Every vantage has reported, and the judge has spoken. */
  onRoundEnd(round: EndedRound): void;
  /** People are to hear of it. Where this rejects, the alert stays owed. */
  sendAlert(alert: Alert): Promise<void>;
  /** A handler failed; the next round tries again. */
  onError(what: string, error: unknown): void;
  /** The monitor was off for so long that hours of its history are lost. */
  onGaps(gaps: readonly Gap[]): void;
}

export interface EndedRound {
  readonly round: string;
  readonly number: number;
  readonly reports: readonly RoundReport[];
  readonly judgements: readonly StoredJudgement[];
}

const hour = 3_600_000;

export interface Monitor {
  /** Starts nothing more, lets what is under way end, closes the database. */
  stop(): Promise<void>;
}

/**
 * What runs on AWS, in one process: each vantage is a probe of its own, the bus is in memory, DynamoDB is embedded in
 * `folder`. @throws FolderInUse where another process watches from the same folder
 */
export async function startMonitor(config: Config, folder: string, watcher: MonitorListener): Promise<Monitor> {
  const { every, vantages } = config.policy;
  const database = await openDatabase(folder);
  const bus = openBus();
  const portsOf = portsIn(config, database, bus.publishEvents, watcher.sendAlert);
  const home = portsOf(config.home);

  const judging = startJudgeQueue(async () => void (await guarded('judge', () => judge(home))));
  const probing = new Set<Promise<unknown>>();
  const probe = (vantage: string, event: ProbeEvent): Promise<RoundReport | null> => {
    const work = guarded(`probe ${vantage}`, () => probeRound(portsOf(vantage), event));
    probing.add(work);
    return work.finally(() => probing.delete(work));
  };

  bus.listen((event) => {
    if (event.type === 'Round Recorded') void judging.request();
    if (event.type !== 'Second Opinion Wanted') return;
    for (const vantage of event.detail.vantages) {
      void probe(vantage, { 'detail-type': event.type, detail: event.detail });
    }
  });

  let number = 0;
  const schedule = startSchedule(every, async (at) => {
    watcher.onRoundStart(number);
    const probed = await Promise.all(vantages.map((vantage) => probe(vantage, { scheduled: isoSeconds(at) })));
    const reports = probed.filter((report) => report !== null);
    await judging.request();
    const judgements = (await guarded('database', () => home.history.judgements())) ?? [];
    watcher.onRoundEnd({ round: reports[0]?.round ?? isoSeconds(at), number, reports, judgements });
    number += 1;
  });

  const rollups = startSchedule(hour, async () => {
    const report = await guarded('rollup', () => rollUp(home, null));
    if (report !== null && report.gaps.length > 0) watcher.onGaps(report.gaps);
  });

  return {
    stop: async () => {
      await Promise.all([schedule.stop(), rollups.stop()]);
      await Promise.allSettled(probing);
      await judging.request();
      await database.close();
    },
  };

  async function guarded<Result>(what: string, work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      watcher.onError(what, error);
      return null;
    }
  }
}

function portsIn(
  config: Config,
  { client }: Database,
  publishEvents: Ports['publishEvents'],
  sendAlert: Ports['sendAlert'],
): (vantage: string) => Ports {
  const history = openHistory(dynamodbTable(client, localTable), { now: Date.now });
  return (vantage) => ({ config, vantage, history, publishEvents, sendAlert, secret: readSecret, now: Date.now });
}
