import { POSTURE_EVERY, type PosturePolicy } from './posture-policy.ts';
import type { PostureVerdict } from './posture-verdict.ts';

const DAY = 24 * 3_600_000;

/** When a verdict may change although no vantage stores anything, epoch milliseconds; infinite if it does not. */
export function nextPostureTime(
  verdict: PostureVerdict,
  { reminder }: Pick<PosturePolicy, 'reminder'>,
  now: number,
): number {
  const { findings, episodes, owed, undecided } = verdict;
  if (owed.length > 0) return now;
  const isUnsteady = undecided || findings.some(({ flapping }) => flapping);
  const reminders = Object.values(episodes).flatMap(({ lastTold, acknowledged }) =>
    reminder === null || acknowledged !== undefined ? [] : [Date.parse(lastTold) + reminder],
  );
  const ends = findings.flatMap(({ ignored }) => (ignored === undefined ? [] : [Date.parse(ignored.until) + DAY]));
  return Math.min(...reminders, ...ends, isUnsteady ? now + POSTURE_EVERY.lists : Number.POSITIVE_INFINITY);
}
