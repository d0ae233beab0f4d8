import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { TargetStatus } from '../../../lambda/reports/status/target-status.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import type { Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';

/** Worst first. */
const ORDER: readonly Verdict[] = ['down', 'degraded', 'unknown', 'up'];

/**
 * One update of `status --watch`: its time, and as many targets as the terminal has rows for, the worst first if it cannot show all.
 * @param linesOf the lines of some of the targets
 */
export function statusWatchLines(
  statuses: readonly TargetStatus[],
  rows: number,
  clock: Clock,
  { paint }: Screen,
  linesOf: (statuses: readonly TargetStatus[]) => readonly string[],
): readonly string[] {
  const title = paint.dim(`updated ${timeText(new Date(clock.now).toISOString(), clock)}; press Ctrl-C to stop`);
  const whole = linesOf(statuses);
  const over = whole.length + 1 - rows;
  if (over <= 0) return [title, ...whole];
  const worst = statuses.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const kept = Math.max(1, statuses.length - over - 1);
  const [some, rest] = [worst.slice(0, kept), worst.slice(kept)];
  const lines = linesOf(some);
  return [title, ...lines.slice(0, kept + 1), paint.dim(`and ${countsOf(rest)} more`), ...lines.slice(kept + 1)];
}

/** `2 unknown, 940 up` */
function countsOf(statuses: readonly TargetStatus[]): string {
  const count = (verdict: Verdict) => statuses.filter((one) => one.verdict === verdict).length;
  return ORDER.filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`)
    .join(', ');
}
