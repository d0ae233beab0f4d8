import { type FactChange, factKind } from './facts.ts';

const DAY = 24 * 3_600_000;

/** Values that are remembered as told, of all facts of a target together. */
const REMEMBERED = 32;

/** A fact that was told to have as many values in a day is restless: what more it comes to have is no news. */
const RESTLESS = 6;

/** Facts of which several values live side by side for good, such as the certificates of hosts behind one name. */
const SEVERAL: ReadonlySet<string> = new Set(['leaf']);

/**
 * Whether a value of a fact is one that people were told lately, or one more of a fact that is restless.
 * @param seen entries `<ISO time> <name>=<value>`: when a value that was told was last changed to, oldest first
 * @param now epoch milliseconds
 */
export function wasReportedLately(seen: readonly string[], name: string, value: string, now: number): boolean {
  const own = entriesOf(seen, name);
  const known = SEVERAL.has(factKind(name)) ? own : own.filter((entry) => isOfToday(entry, now));
  return isRestless(seen, name, now) || known.some((entry) => factIn(entry) === `${name}=${value}`);
}

function isRestless(seen: readonly string[], name: string, now: number): boolean {
  return entriesOf(seen, name).filter((entry) => isOfToday(entry, now)).length >= RESTLESS;
}

function entriesOf(seen: readonly string[], name: string): readonly string[] {
  return seen.filter((entry) => factIn(entry).startsWith(`${name}=`));
}

function factIn(entry: string): string {
  return entry.slice(entry.indexOf(' ') + 1);
}

function isOfToday(entry: string, now: number): boolean {
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
  news: readonly FactChange[],
  at: string,
): readonly string[] {
  const told = new Set(seen.map(factIn));
  const again = changes.filter(({ name, is }) => told.has(`${name}=${is}`) || isRestless(seen, name, Date.parse(at)));
  const fresh = new Set([...again.map(({ name, is }) => `${name}=${is}`), ...news.flatMap(toldWith)]);
  if (fresh.size === 0) return seen;
  const others = seen.filter((entry) => !fresh.has(factIn(entry)));
  return [...others, ...[...fresh].map((value) => `${at} ${value}`)].slice(-REMEMBERED);
}

/** Where several values live side by side the old one is known, too: its return is no news. */
function toldWith({ name, was, is }: FactChange): readonly string[] {
  return SEVERAL.has(factKind(name)) ? [`${name}=${was}`, `${name}=${is}`] : [`${name}=${is}`];
}

/** Whether a change undoes one that people were told of lately. */
export function isReversal(seen: readonly string[], { name, was }: FactChange, now: number): boolean {
  return !SEVERAL.has(factKind(name)) && wasReportedLately(seen, name, was, now);
}
