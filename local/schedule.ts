/** EventBridge Scheduler on one machine. */
export interface Schedule {
  /** Starts no further round and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * Calls `run` at the start of every round, at once for the one that is under way. Rounds that pass while one still runs
 * are left out: the same vantage never has two at once.
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
  let underWay: Promise<void> = Promise.resolve();
  const tick = () => {
    underWay = run(now()).then(() => {
      if (!stopped) timer = setTimeout(tick, untilNextRound(now(), every));
    });
  };
  tick();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return underWay;
    },
  };
}

/** A timer may fire a millisecond early; two more keep it from naming the round that is just ending. */
function untilNextRound(now: number, every: number): number {
  return every - (now % every) + 2;
}
