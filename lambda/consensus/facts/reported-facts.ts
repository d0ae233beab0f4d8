import { type FactChange, factKind } from './facts.ts';

const DAY = 24 * 3_600_000;

/** Values that are remembered as told, of all facts of a target together. */
const MOST_ENTRIES = 32;

/** A fact that was told to have as many values in a day is restless: what more it comes to have is no news. */
const UNSTABLE_AFTER = 6;

/** Facts of which several values live side by side for good, such as the certificates of hosts behind one name. */
const MULTIPLE_VALUES: ReadonlySet<string> = new Set(['leaf']);

/**
 * Whether a value of a fact is one that people were told lately, or one more of a fact that is restless.
 * @param seen entries `<ISO time> <name>=<value>`: when a value that was told was last changed to, oldest first
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
 * The told values with the new ones. What comes back counts from now on, and so does each value of a restless fact: they
 * stay no news for as long as they keep changing.
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

/** Where several values live side by side the old one is known, too: its return is no news. */
function reportedValues({ name, was, is }: FactChange): readonly string[] {
  return MULTIPLE_VALUES.has(factKind(name)) ? [`${name}=${was}`, `${name}=${is}`] : [`${name}=${is}`];
}

/** Whether a change undoes one that people were told of lately. */
export function isReversal(seen: readonly string[], { name, was }: FactChange, now: number): boolean {
  return !MULTIPLE_VALUES.has(factKind(name)) && wasReportedLately(seen, name, was, now);
}
