/** The time by the clock of the server: that of the reader may be late, and then an old page looks new, or ahead. */

export interface ServerClock {
  /** Epoch milliseconds; by the clock of the reader until an answer says otherwise. */
  now(): number;
  /** @param sent when an answer was sent, epoch milliseconds; NaN if it does not say */
  heard(sent: number): void;
}

interface Answer {
  readonly sent: number;
  /** Milliseconds by a clock that nobody sets. */
  readonly at: number;
}

/** Milliseconds. Answers that are nearer to each other say nothing: their times are whole seconds. */
export const APART = 3_000;

/**
 * An answer sets the clock ahead at once: no copy is of a time to come. It sets it back only if the times in the answers go on as
 * fast as time does: a copy in a cache that does not say its age has one time, and would make an old page look new.
 */
export function openServerClock(elapsed: () => number = () => performance.now()): ServerClock {
  let offset = 0;
  let first: Answer | null = null;
  return {
    now: () => Date.now() + offset,
    heard: (sent) => {
      if (!Number.isFinite(sent)) return;
      const answer = { sent, at: elapsed() };
      const pace = first === null ? 'ahead' : paceOf(first, answer);
      if (pace === 'ahead') first = answer;
      const found = sent - Date.now();
      if (found > offset || pace === 'same') offset = found;
    },
  };
}

/** Whether the times in two answers are as far from each other as the answers are. `ahead`: the first one was a copy, or this machine slept. */
function paceOf(first: Answer, { sent, at }: Answer): 'same' | 'ahead' | 'behind' {
  const [said, passed] = [sent - first.sent, at - first.at];
  const tolerance = APART / 2 + passed / 10;
  if (said > passed + tolerance) return 'ahead';
  return passed >= APART && said >= passed - tolerance ? 'same' : 'behind';
}
