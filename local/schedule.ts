/** The schedule of one machine, instead of EventBridge Scheduler. */
export interface Schedule {
  /** Starts no further round and waits for the current one. */
  stop(): Promise<void>;
}

/**
 * Calls `run` at the start of every round, and at once for the current round. Skips rounds that start while `run` still
 * runs: a vantage never has two rounds at once.
 * @param every milliseconds
 * @param run must not reject
 */
export function startSchedule(
  every: number,
  run: (at: number) => Promise<void>,
  now: () => number = Date.now,
): Schedule {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  const tick = () => {
    current = run(now()).then(() => {
      if (!stopped) timer = setTimeout(tick, untilNextRound(now(), every));
    });
  };
  tick();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}

/** A timer may fire a millisecond early. Two milliseconds more ensure that the next round has begun. */
function untilNextRound(now: number, every: number): number {
  return every - (now % every) + 2;
}
