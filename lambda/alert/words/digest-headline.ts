import type { Digest } from '../../consensus/judgement/incident.ts';
import { countsText } from './digest/withdrawn-alerts.ts';
import { safeText } from './safe-text.ts';
import { clockTime } from './time-text.ts';

/** Subjects that the first line names. */
const MOST_NAMED = 12;

/** `12 alerts (10 down, 2 recovered)`. */
export function digestTitle(digest: Digest): string {
  return `${digest.count} alerts (${countsText(digest)})`;
}

/** `12 alerts (12 down) from 05:08 to 05:09 UTC: mx1, mx2, mx3`. */
export function digestLine(digest: Digest): string {
  const { count, first, last, subjects } = digest;
  const named = subjects.slice(0, MOST_NAMED).map((subject) => safeText(subject, 64));
  const more = subjects.length > MOST_NAMED ? ' and more' : '';
  const time = (at: string) => safeText(clockTime(at, last), 32);
  const when = time(first) === time(last) ? `at ${time(last)}` : `from ${time(first)} to ${time(last)}`;
  return `${count} alerts (${countsText(digest)}) ${when}: ${named.join(', ')}${more}`;
}
