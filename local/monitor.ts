/** The whole monitor in one process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SentMessage } from '../lambda/alert/channels/sender.ts';
import { channelWants, localChannels } from '../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { roundName } from '../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { makeDeliveries } from '../lambda/deliver/queue-alert-for-channels.ts';
import { openBounceHistory } from '../lambda/history/bounces/bounce-history.ts';
import { openDrillStore } from '../lambda/history/drills/drill-store.ts';
import { openHistory, type StoredJudgement } from '../lambda/history/history.ts';
import { openNotifications } from '../lambda/history/notifications/notification-store.ts';
import { openPostureHistory } from '../lambda/history/posture/posture-history.ts';
import type { Gap } from '../lambda/history/rollup/progress.ts';
import { dynamodbTable } from '../lambda/history/table/dynamodb.ts';
import { skippedItem, type UnreadableItem } from '../lambda/history/table/unreadable.ts';
import { openTripStore } from '../lambda/history/trips/trip-store.ts';
import { openWindowStore } from '../lambda/history/windows/window-store.ts';
import { runDrill } from '../lambda/judge/drill/run-drill.ts';
import { openHeartbeat } from '../lambda/judge/fetch-heartbeat-url.ts';
import { handOverTrips } from '../lambda/judge/hand-over-trips.ts';
import { judge } from '../lambda/judge/judge.ts';
import { judgeBounces } from '../lambda/judge/judge-bounces.ts';
import { judgePostures } from '../lambda/judge/judge-postures.ts';
import type { JudgePorts, LogEntry, Ports } from '../lambda/ports.ts';
import type { PostureReport } from '../lambda/posture-watch/run-report.ts';
import type { ProbeEvent } from '../lambda/probe/probe-event.ts';
import { probeRound } from '../lambda/probe/probe-round.ts';
import type { RoundReport } from '../lambda/probe/round-report.ts';
import { type IncidentNotice, incidentNotices } from '../lambda/reports/status/incident-notices.ts';
import { rollUp } from '../lambda/rollup/roll-up.ts';
import type { TripReport } from '../lambda/trip-run/trip-report.ts';
import { startAnswers } from './answers/start-answers.ts';
import { type Database, localTable, openDatabase } from './database.ts';
import { type Deliveries, localSender, sleepUntilAborted, startDeliveries } from './deliveries.ts';
import { openBus } from './event-bus.ts';
import { historyNotices } from './history-failure-alerts.ts';
import { startJudgeQueue } from './judge-queue.ts';
import { startBounces } from './schedules/bounces.ts';
import { type ClockStep, openClock } from './schedules/monotonic-clock.ts';
import { startPosture } from './schedules/posture.ts';
import { startRounds, startSchedule } from './schedules/schedule.ts';
import { startTrips } from './schedules/trips.ts';
import { readSecret } from './secrets.ts';
import type { PageServer } from './web/page-server.ts';
import { openPublisher } from './web/publisher.ts';

/** Callbacks of the monitor. */
export interface MonitorListener {
  /** Called before the probes of each round. Rounds are counted from 0. */
  onRoundStart(number: number): void;
  /** Called after every vantage has reported and the judge has run. */
  onRoundEnd(round: EndedRound): void;
  /** Called after each run of posture. */
  onPosture?(report: PostureReport): void;
  /** Called after each run of round trips. */
  onTrips?(report: TripReport): void;
  /** Called after that with samples of the round whose probes ended later. */
  onLateSamples?(late: LateSamples): void;
  /** Shows an alert in the terminal. */
  showAlert(message: SentMessage): void;
  /** Called if a handler failed. The next round tries again. */
  onError(what: string, error: unknown): void;
  /** Called if a handler reports a problem. */
  onLog(entry: LogEntry): void;
  /** Called if the clock of the machine was set, or the machine slept. */
  onClockStep?(step: ClockStep): void;
  /** Called if the monitor was off for so long that hours of its history are lost. */
  onGaps(gaps: readonly Gap[]): void;
  /** Called with a sentence about the history: its files, or an item that cannot be read. */
  onHistoryNotice(words: string): void;
}

export interface EndedRound {
  readonly round: string;
  readonly number: number;
  readonly reports: readonly RoundReport[];
  readonly judgements: readonly StoredJudgement[];
  /** What is held, and who acknowledged. */
  readonly notices?: readonly IncidentNotice[];
}

/** Samples of one vantage that were added to a round after it was recorded. */
export interface LateSamples {
  readonly number: number;
  readonly report: RoundReport;
}

const hour = 3_600_000;

export interface Monitor {
  /**
   * Starts no further round, lets running probes, judges and deliveries end for a few seconds, and closes the database.
   * What is pending then is delivered after the next start.
   */
  stop(): Promise<void>;
}

/** Milliseconds at most for the end of running rounds, then of running deliveries, and of the running judge. Together they are below 5 s. */
const patience = { rounds: 2_500, deliveries: 1_500, judge: 500 } as const;

/**
 * Runs in one process what runs on AWS: a probe for each vantage, the bus in memory, DynamoDB embedded in `folder`.
 * @param wall the clock of the machine, epoch milliseconds
 * @param page serves the status page; null if there is none
 * @param release recorded with rounds
 * @throws FolderInUse if another process uses the same folder
 */
export async function startMonitor(
  config: Config,
  folder: string,
  listener: MonitorListener,
  wall: () => number = Date.now,
  page: Pick<PageServer, 'publish' | 'url'> | null = null,
  release?: string,
): Promise<Monitor> {
  const { every, vantages } = config.policy;
  let sendAlert = (_: Alert): Promise<void> => Promise.reject(new Error('the history is not open yet'));
  const notices = historyNotices(listener.onHistoryNotice, (alert) => sendAlert(alert));
  const database = await openDatabase(folder, { say: notices.add });
  const bus = openBus();
  const clock = openClock((step) => listener.onClockStep?.(step), wall);
  const portsOf = portsIn(config, database, bus.publishEvents, listener, clock.now, release);
  const home = homePorts(portsOf(config.home), database, listener);
  const deliveries = deliverIn(home, listener);
  sendAlert = (alert) =>
    makeDeliveries(
      home,
      alert,
      home.channels.filter((channel) => channelWants(channel, alert)),
    );
  let isStopped = false;
  const failureOf = (what: string) => (error: unknown) => {
    if (!isStopped) listener.onError(what, error);
  };
  for (const vantage of vantages)
    clock.startAfter(await reportErrors('history', () => home.history.lastRound(vantage)), every);

  const table = dynamodbTable(database.client, localTable);
  const reportUnreadable = (item: UnreadableItem) => listener.onHistoryNotice(skippedItem(item));
  const publisher = page && openPublisher(config, table, page, clock.now, { reportUnreadable });
  const heartbeat = openHeartbeat(config, home.log);
  const heartbeatEnd = new AbortController();
  const judgeQueue = startJudgeQueue(async () => {
    const report = await reportErrors('judge', () => judge(home));
    if (report !== null) void heartbeat(report, home.now(), heartbeatEnd.signal);
    await reportErrors('judge', () => judgePostures(home));
    await reportErrors('judge', () => handOverTrips(home));
    await reportErrors('judge', () => judgeBounces(home, false));
    await reportErrors('judge', () => runDrill(home));
  });
  const runningProbes = new Set<Promise<unknown>>();
  /** Resolves when the round is recorded, also if a slow probe is still under way. */
  const probe = (
    vantage: string,
    event: ProbeEvent,
    onLate: (report: RoundReport) => void = () => {},
  ): Promise<RoundReport | null> =>
    new Promise((recorded) => {
      const work = reportErrors(`probe ${vantage}`, () =>
        probeRound(portsOf(vantage), event, { onRecorded: recorded, onLate }),
      );
      runningProbes.add(work);
      void work.then(recorded).finally(() => runningProbes.delete(work));
    });

  bus.listen((event) => {
    if (event.type === 'Round Recorded') void judgeQueue.request();
    if (event.type === 'Posture Recorded' || event.type === 'Trip Recorded') void judgeQueue.request();
    if (event.type === 'Bounces Recorded') void reportErrors('judge', () => judgeBounces(home, true));
    if (event.type === 'Delivery Due') deliveries.wake(event.detail.channel);
    if (event.type !== 'Second Opinion Wanted') return;
    for (const vantage of event.detail.vantages) {
      void probe(vantage, { 'detail-type': event.type, detail: event.detail });
    }
  });

  const rounds = startRounds(
    every,
    async (at, number, afterwards) => {
      const onLate = (report: RoundReport) => afterwards(() => listener.onLateSamples?.({ number, report }));
      listener.onRoundStart(number);
      // With its milliseconds: of rounds of 7.5 s, not each begins at a whole second.
      const scheduled = new Date(at).toISOString();
      const results = await Promise.all(vantages.map((vantage) => probe(vantage, { scheduled }, onLate)));
      const reports = results.filter((report) => report !== null);
      return { round: reports[0]?.round ?? roundName(at, every), number, reports };
    },
    async (probed) => {
      await judgeQueue.request();
      const judgements = (await reportErrors('database', () => home.history.judgements())) ?? [];
      const open = (await reportErrors('database', async () => home.notifications?.open())) ?? [];
      notices.retry();
      listener.onRoundEnd({ ...probed, judgements, notices: incidentNotices(open) });
      if (publisher !== null) void reportErrors('status page', publisher.publish);
    },
    clock.now,
  );

  const rollups = startSchedule(
    hour,
    async () => {
      const report = await reportErrors('rollup', () => rollUp(home, null));
      if (report !== null && report.gaps.length > 0) listener.onGaps(report.gaps);
    },
    clock.now,
  );

  const posture = startPosture({
    ...{ table, ports: portsOf(config.home), reportUnreadable },
    onRun: (report) => listener.onPosture?.(report),
    onError: failureOf('posture'),
  });

  const trips = startTrips({
    ...{ table, ports: portsOf(config.home), reportUnreadable },
    onRun: (report) => listener.onTrips?.(report),
    onError: failureOf('round trips'),
  });
  const bounces = startBounces({
    table,
    ports: portsOf(config.home),
    folder,
    reportUnreadable,
    onError: failureOf('bounces'),
  });

  const answers = await startAnswers({
    ports: home,
    table,
    onAcknowledged: () => void judgeQueue.request(),
  });

  return {
    stop: async () => {
      await answers?.close();
      const running = [rounds.stop(), rollups.stop(), posture.stop(), bounces.stop(), trips.stop(), ...runningProbes];
      const ended = Promise.allSettled(running).then(async () => {
        if (!isStopped) await judgeQueue.request();
      });
      await Promise.race([ended, sleep(patience.rounds, undefined, { ref: false })]);
      isStopped = true;
      // The event of a round that was recorded last arrives only now.
      const judged = judgeQueue.stop();
      await deliveries.stop(patience.deliveries);
      await Promise.race([judged, sleep(patience.judge, undefined, { ref: false })]);
      heartbeatEnd.abort();
      await database.close();
    },
  };

  async function reportErrors<Result>(what: string, work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      if (!isStopped) listener.onError(what, error);
      return null;
    }
  }
}

function portsIn(
  config: Config,
  { client }: Database,
  publishEvents: Ports['publishEvents'],
  { onLog, onHistoryNotice }: MonitorListener,
  now: Ports['now'],
  release: Ports['release'],
): (vantage: string) => Ports {
  const history = openHistory(dynamodbTable(client, localTable), {
    now,
    reportUnreadable: (item) => onHistoryNotice(skippedItem(item)),
  });
  const ports = { config, history, publishEvents, secret: readSecret, log: onLog, now };
  return (vantage) => ({ ...ports, vantage, ...(release === undefined ? {} : { release }) });
}

/** One process has the database: a lease in it is one of a process that has ended. */
function homePorts(ports: Ports, { client }: Database, { onHistoryNotice }: MonitorListener): JudgePorts {
  const table = dynamodbTable(client, localTable);
  const reportUnreadable = (item: UnreadableItem) => onHistoryNotice(skippedItem(item));
  const options = { now: ports.now, reportUnreadable };
  const deliveries = openDeliveries(table, options);
  const postures = openPostureHistory(table, options);
  const trips = openTripStore(table, reportUnreadable);
  const drills = openDrillStore(table, reportUnreadable);
  const notifications = openNotifications(table, options);
  const bounces = openBounceHistory(table, options);
  const windows = openWindowStore(table, reportUnreadable);
  const channels = localChannels(ports.config);
  return { ...ports, channels, deliveries, notifications, windows, postures, bounces, trips, drills, isAlone: true };
}

function deliverIn(home: JudgePorts, { showAlert, onError }: MonitorListener): Deliveries {
  const senderOf = localSender(home.config, showAlert);
  return startDeliveries({ ...home, senderOf, random: Math.random, sleep: sleepUntilAborted }, onError);
}
