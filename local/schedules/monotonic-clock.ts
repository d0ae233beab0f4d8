/** The clock of the monitor on one machine. It never goes back. */

/** A step of the machine's clock: it was set, or the machine slept. */
export interface ClockStep {
  /** Milliseconds: positive if the clock moved ahead, negative if it was set back. */
  readonly by: number;
  /** Milliseconds by which the monitor's clock is now ahead of the machine's. */
  readonly ahead: number;
}

export interface MonitorClock {
  /** Epoch milliseconds, never less than before. */
  now(): number;
  /**
   * Moves the clock past a round that is already recorded under a name in the future, so that no later round has this name
   * or an earlier one. A name more than a day ahead is not from this clock and is ignored.
   * @param every length of a round in milliseconds
   */
  startAfter(round: string | null, every: number): void;
}

/** Differences below this come from slow reads of two clocks, and are not reported. Milliseconds. */
const smallestStep = 1000;
const longestLead = 24 * 3_600_000;
/**
 * Speed of the monitor's clock while it is ahead of the machine's: it loses 3 s a minute, so that a step of two minutes is
 * made up in 40 minutes and rounds stay 63 s apart at most.
 */
const slowSpeed = 0.95;

/**
 * Follows the machine's clock. If that is set back, time goes on from where it was, a little slower until the machine's clock
 * has caught up: rounds, votes and alerts keep their order, and no round is named like one before. If it is set ahead, or
 * the machine slept, time moves ahead with it. The monotonic clock, which no one sets, tells a step from time that passed.
 * @param wall epoch milliseconds
 * @param monotonic milliseconds since any time; it may stand still while the machine sleeps
 */
export function openClock(
  onStep: (step: ClockStep) => void = () => {},
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): MonitorClock {
  let last = { wall: wall(), monotonic: monotonic() };
  let time = last.wall;

  const now = (): number => {
    const current = { wall: wall(), monotonic: monotonic() };
    const elapsed = Math.max(0, current.monotonic - last.monotonic);
    const by = current.wall - last.wall - elapsed;
    last = current;
    time = Math.max(current.wall, time + elapsed * slowSpeed);
    if (Math.abs(by) >= smallestStep) onStep({ by: Math.round(by), ahead: Math.round(time - current.wall) });
    return Math.floor(time);
  };

  return {
    now,
    startAfter(round, every) {
      const named = Date.parse(round ?? '');
      const lead = named - now();
      if (!(lead > 0 && lead < longestLead)) return;
      if (lead < smallestStep) time = named + 1;
      else {
        time = (Math.floor(named / every) + 1) * every;
        onStep({ by: -lead, ahead: time - last.wall });
      }
    },
  };
}

/** The step in words, for the terminal. */
export function clockStepText({ by, ahead }: ClockStep): string {
  const seconds = Math.round(Math.abs(by) / 1000);
  if (by > 0)
    return `The clock of this machine moved ${seconds} s ahead: it was set, or the machine slept and nothing was watched.`;
  const lead = Math.round(ahead / 1000);
  return (
    `The clock of this machine was set back ${seconds} s. Rounds and alerts keep their order: their times are ` +
    `${lead} s ahead of the clock, and 3 s a minute less from now on.`
  );
}
