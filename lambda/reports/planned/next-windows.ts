import type { MaintenanceWindow } from '../../calendar/planned-time.ts';
import { type Span, spansOf } from '../../calendar/window-times.ts';

/** Every window of a week or a month begins within it, also in a month without a 31st. Milliseconds. */
const AHEAD = 70 * 86_400_000;

/** The next time of each window that is not in force yet, soonest first. A window that has passed has none. */
export function nextWindows(windows: readonly MaintenanceWindow[], now: number): readonly (MaintenanceWindow & Span)[] {
  return windows
    .flatMap((window) => {
      const span = spansOf(window.times, now, endFor(window, now)).find(({ from }) => from > now);
      return span === undefined ? [] : [{ ...window, ...span }];
    })
    .sort((a, b) => a.from - b.from);
}

function endFor({ times }: MaintenanceWindow, now: number): number {
  return times.kind === 'once' ? Number.POSITIVE_INFINITY : now + AHEAD;
}
