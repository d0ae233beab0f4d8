/** The schedule of posture on one machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { ReportUnreadable } from '../../lambda/history/table/unreadable.ts';
import type { Ports } from '../../lambda/ports.ts';
import { RUN_EVERY } from '../../lambda/posture-watch/domain-order.ts';
import { internetPorts } from '../../lambda/posture-watch/internet.ts';
import type { PosturePorts } from '../../lambda/posture-watch/posture-ports.ts';
import { openPostureStore } from '../../lambda/posture-watch/posture-store.ts';
import type { PostureReport } from '../../lambda/posture-watch/run-report.ts';
import { watchPosture } from '../../lambda/posture-watch/watch-posture.ts';
import { type Schedule, startSchedule } from './schedule.ts';

interface PostureOptions {
  readonly table: Table;
  readonly ports: Omit<Ports, 'history'>;
  readonly reportUnreadable: ReportUnreadable;
  onRun(report: PostureReport): void;
  onError(error: unknown): void;
}

/** Milliseconds from the start of the monitor to its first run: a monitor that is restarted again and again asks no list. */
const FIRST = 10_000;
/** Milliseconds after the quarter of an hour, so that lists are not asked by everybody on the minute. */
const JITTER = { least: 30_000, most: 10 * 60_000 } as const;

/**
 * Runs what the posture function runs on AWS, soon after the start and each quarter of an hour.
 * @param random 0 up to 1
 * @param firstAfter milliseconds
 */
export function startPosture(options: PostureOptions, random = Math.random, firstAfter = FIRST): Schedule {
  const { config, now } = options.ports;
  if (config.posture === undefined) return { stop: async () => {} };
  const end = new AbortController();
  const ports = posturePorts(options);
  const jitter = JITTER.least + random() * (JITTER.most - JITTER.least);
  let schedule: Schedule | undefined;
  const run = async () => {
    const began = performance.now();
    // No further domain is started once the monitor ends.
    const timeLeft = () => (end.signal.aborted ? 0 : RUN_EVERY - (performance.now() - began));
    try {
      if (!end.signal.aborted)
        options.onRun(await watchPosture({ ...ports, timeLeft }, { scheduled: isoSeconds(now()) }));
    } catch (error) {
      options.onError(error);
    }
  };
  const first = sleep(firstAfter, undefined, { signal: end.signal, ref: false }).then(
    () => {
      schedule = startSchedule(RUN_EVERY, run, () => now() - jitter);
    },
    () => {},
  );
  return {
    stop: async () => {
      end.abort();
      await first;
      await schedule?.stop();
    },
  };
}

function posturePorts({ table, ports, reportUnreadable }: PostureOptions): Omit<PosturePorts, 'timeLeft'> {
  return {
    ...ports,
    history: openPostureStore(table, { now: ports.now, reportUnreadable }),
    ...internetPorts(ports.config),
  };
}
