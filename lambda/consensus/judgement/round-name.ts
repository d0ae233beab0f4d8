/** Epoch milliseconds as ISO 8601 UTC with seconds, the form of every time that is part of a key: `2026-11-22T05:08:00Z`. */
export function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/**
 * Name of the round that `at` falls in: the UTC time at which it began, ISO 8601 with seconds. All vantages compute the
 * same name, even if their schedules fire late within the round.
 * @param at epoch milliseconds
 * @param every length of a round in milliseconds
 */
export function roundName(at: number, every: number): string {
  return isoSeconds(Math.floor(at / every) * every);
}

const minute = 60_000;

/** How many rounds of one millisecond have different names. */
export const distinctions = 999_999;

/**
 * Name of a round that no schedule has: its time in milliseconds, then six digits that distinguish it from any other round
 * of that millisecond, `2026-11-22T05:08:31.042817263Z`. It sorts and parses as a time. `.` sorts before `Z`, so that a
 * range to `05:08:31Z` includes it. A range from `05:08:31Z` does not; ranges start at scheduled rounds and at full
 * minutes, so those seconds are not used. The digits are never all zero: an hour column would write the name without them.
 * @param distinction an integer from 0 to `distinctions` - 1
 */
export function unscheduledName(at: number, distinction: number, every: number): string {
  const second = Math.floor(at / 1000) * 1000;
  const time = second % every === 0 || second % minute === 0 ? second + 1000 : at;
  return `${new Date(time).toISOString().slice(0, -1)}${String(distinction + 1).padStart(6, '0')}Z`;
}

/** The later of two times in this form. */
export function laterTime(one: string, other: string): string {
  return [one, other].sort()[1] ?? one;
}
