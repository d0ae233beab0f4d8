/** Which values of facts were reported to people lately. */
import { type FactChange, factKind } from './server-facts.ts';

const DAY = 24 * 3_600_000;

/** How many reported values are kept, over all facts of a target. */
const MOST_ENTRIES = 32;

/** A fact with this many reported values in a day is unstable. Its further changes are not reported. */
const UNSTABLE_AFTER = 6;

/** Facts that may permanently have several values, such as the certificates of hosts behind one name. */
const MULTIPLE_VALUES: ReadonlySet<string> = new Set(['leaf']);

/**
 * Whether a value of a fact was reported lately, or its fact is unstable.
 * @param seen entries `<ISO time> <name>=<value>`: reported values and when they last appeared, oldest first
 * @param now epoch milliseconds
 */
export function wasReportedLately(seen: readonly string[], name: string, value: string, now: number): boolean {
  const own = entriesOf(seen, name);
  const known = MULTIPLE_VALUES.has(factKind(name)) ? own : own.filter((entry) => isWithinDay(entry, now));
  return isUnstable(seen, name, now) || known.some((entry) => factIn(entry) === `${name}=${value}`);
}

function isUnstable(seen: readonly string[], name: string, now: number): boolean {
  return entriesOf(seen, name).filter((entry) => isWithinDay(entry, now)).length >= UNSTABLE_AFTER;
}

function entriesOf(seen: readonly string[], name: string): readonly string[] {
  return seen.filter((entry) => factIn(entry).startsWith(`${name}=`));
}

function factIn(entry: string): string {
  return entry.slice(entry.indexOf(' ') + 1);
}

function isWithinDay(entry: string, now: number): boolean {
  return now - Date.parse(entry.slice(0, entry.indexOf(' '))) < DAY;
}

/**
 * The reported values with the new ones. A value that reappears, and each value of an unstable fact, gets the current time.
 * So neither is reported again while it keeps changing.
 * @param at ISO 8601 UTC
 */
export function withReported(
  seen: readonly string[],
  changes: readonly FactChange[],
  unreported: readonly FactChange[],
  at: string,
): readonly string[] {
  const reported = new Set(seen.map(factIn));
  const again = changes.filter(
    ({ name, is }) => reported.has(`${name}=${is}`) || isUnstable(seen, name, Date.parse(at)),
  );
  const renewed = new Set([...again.map(({ name, is }) => `${name}=${is}`), ...unreported.flatMap(reportedValues)]);
  if (renewed.size === 0) return seen;
  const others = seen.filter((entry) => !renewed.has(factIn(entry)));
  return [...others, ...[...renewed].map((value) => `${at} ${value}`)].slice(-MOST_ENTRIES);
}

/** For a fact with several values the old value counts as reported, too, so that its return is not reported. */
function reportedValues({ name, was, is }: FactChange): readonly string[] {
  return MULTIPLE_VALUES.has(factKind(name)) ? [`${name}=${was}`, `${name}=${is}`] : [`${name}=${is}`];
}

/** Whether a change reverses one that was reported lately. */
export function isReversal(seen: readonly string[], { name, was }: FactChange, now: number): boolean {
  return !MULTIPLE_VALUES.has(factKind(name)) && wasReportedLately(seen, name, was, now);
}
