/** The schedule of one machine, instead of EventBridge Scheduler. */
import { openClock } from './monotonic-clock.ts';

export interface Schedule {
  /** Starts no further round and waits for the current one. */
  stop(): Promise<void>;
}

/** A timer does not notice that the clock was set or the machine slept, so the clock is read at least this often. Milliseconds. */
const longestWait = 1000;

/**
 * Calls `run` at the start of every round, and at once for the current round. Skips rounds that start while `run` still
 * runs: a vantage never has two rounds at once. If the clock is set back, the rounds go on in the order of their times.
 * @param every milliseconds
 * @param run must not reject
 */
export function startSchedule(
  every: number,
  run: (at: number) => Promise<void>,
  wall: () => number = Date.now,
): Schedule {
  const clock = openClock(() => {}, wall);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  const start = (at: number) => {
    current = run(at).then(() => {
      if (!stopped) waitFor(Math.max(roundAt(at), roundAt(clock.now())) + 1);
    });
  };
  /** A timer may fire a millisecond early. Two milliseconds more ensure that the round has begun. */
  const waitFor = (round: number) => {
    const now = clock.now();
    if (roundAt(now) >= round) start(now);
    else timer = setTimeout(waitFor, Math.min(round * every - now + 2, longestWait), round);
  };
  const roundAt = (at: number) => Math.floor(at / every);
  start(clock.now());
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}

/**
 * The rounds of the monitor: probes at their time, then the rest of the round, in the order of the rounds. The probes of the next
 * round do not wait for that rest: in an outage of all targets the judge may take longer than a round.
 * @param probe must not reject. `afterwards` does something, later than `probe` returned, when the rest of this round is done
 * @param finish must not reject
 */
export function startRounds<Probed>(
  every: number,
  probe: (at: number, number: number, afterwards: (work: () => void) => void) => Promise<Probed>,
  finish: (probed: Probed) => Promise<void>,
  wall: () => number = Date.now,
): Schedule {
  let number = 0;
  let finishing: Promise<void> = Promise.resolve();
  const schedule = startSchedule(
    every,
    async (at) => {
      const afterwards = (work: () => void) =>
        void probing.then(() => {
          finishing = finishing.then(work);
        });
      const probing = probe(at, number, afterwards);
      number += 1;
      const probed = await probing;
      finishing = finishing.then(() => finish(probed));
    },
    wall,
  );
  return { stop: () => schedule.stop().then(() => finishing) };
}
