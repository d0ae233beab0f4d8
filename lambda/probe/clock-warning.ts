import type { LogEntry } from '../ports.ts';
import type { RoundReport } from './round-report.ts';

/** Seconds by which clocks in AWS may differ. */
const tolerance = 2;

/**
 * A log entry if the clock of this function is behind: a round cannot begin before the time in its name, which is that of the
 * schedule or of the judge. Null if it is not. A clock that is ahead looks like a late delivery.
 */
export function clockWarning({ round, began }: Pick<RoundReport, 'round' | 'began'>): LogEntry | null {
  const behind = (Date.parse(round) - Date.parse(began)) / 1000;
  return behind <= tolerance
    ? null
    : { level: 'warn', message: 'the clock is behind the schedule', facts: { round, seconds: String(behind) } };
}
