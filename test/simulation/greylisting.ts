import type { ActualState } from './actual-state.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** No greylist defers mail for longer than this: docs/consensus.md. */
export const LONGEST = 60 * MINUTE;
/** Milliseconds until greylisting that lasts is reported, after it has lasted too long. */
const BOUND = 8 * MINUTE;

/** Greylisting of all vantages by a target: for minutes, as usual, or for hours, which is an outage. */
export interface Greylisting {
  isGreylisted(target: string): boolean;
  /** Since when the target has accepted mail at the first try, 0 if it always has; null while it greylists. */
  endedAt(target: string): number | null;
  /** The greylisting that should have been reported by now; null if there is none. `delay` is that of the receivers. */
  overdue(target: string, isReported: boolean, delay: number): string | null;
  /** Stops all greylisting. */
  repair(): void;
}

/** @param rate how often: 1 is every four hours per target */
export function simulateGreylisting(
  clock: Clock,
  random: Random,
  targets: readonly string[],
  state: ActualState,
  rate: number,
): Greylisting {
  const since = new Map<string, number>();
  const ended = new Map<string, number>();
  let repaired = false;

  const end = (target: string) => {
    if (since.delete(target)) ended.set(target, clock.now());
  };
  const begin = (target: string) => {
    if (repaired) return;
    since.set(target, clock.now());
    const minutes = random.pick([random.between(5, 40), random.between(80, 180)]);
    clock.after(minutes * MINUTE, () => {
      end(target);
      wait(target);
    });
  };
  const wait = (target: string) => clock.after(random.wait((240 * MINUTE) / rate), () => begin(target));
  if (rate > 0) for (const target of targets) wait(target);

  return {
    isGreylisted: (target) => since.has(target),
    endedAt: (target) => (since.has(target) ? null : (ended.get(target) ?? 0)),
    overdue(target, isReported, delay) {
      const began = since.get(target);
      if (began === undefined || isReported) return null;
      // Nothing was deferred while the target was down, and a vantage that was lost has forgotten when it began.
      const lasted = clock.now() - Math.max(began, state.faultlessSince(), state.upSince(target) ?? clock.now());
      if (lasted < LONGEST + BOUND + delay) return null;
      return `greylisted for ${Math.round(lasted / MINUTE)} minutes, which is not reported`;
    },
    repair() {
      repaired = true;
      for (const target of targets) end(target);
    },
  };
}
