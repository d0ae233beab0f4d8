import { endOfKeys, rollupKey, roundKey, targetKey, verdictsKey } from './keys.ts';
import type { Item, Table } from './table.ts';

/** A stretch of one partition; bounds are inclusive. */
export interface KeyRange {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
  /** Which of its items are meant; all of them where it is left out. */
  readonly keeps?: (item: Item) => boolean;
}

/**
 * Where everything is that the table has of these vantages and subjects in this time; verdicts and progress are of now.
 */
export function keyRangesOf(
  vantages: readonly string[],
  subjects: readonly string[],
  since: string,
  until: string,
): readonly KeyRange[] {
  const stretch = (pk: string, from: string, to: string): KeyRange => ({ pk, from, to: to + endOfKeys });
  return [
    { pk: verdictsKey, from: '', to: endOfKeys },
    { pk: rollupKey.pk, from: '', to: endOfKeys },
    ...subjects.flatMap((target) => [
      incidentsUnderWay(target, since, until),
      stretch(targetKey.pk(target), targetKey.day(since.slice(0, 10)), targetKey.day(until.slice(0, 10))),
      stretch(targetKey.pk(target), targetKey.hour(since.slice(0, 13)), targetKey.hour(until.slice(0, 13))),
    ]),
    ...vantages.map((vantage) => stretch(roundKey.pk(vantage), since, until)),
  ];
}

/** The key of an incident says when it opened; one from before may have been under way at `since`. */
function incidentsUnderWay(target: string, since: string, until: string): KeyRange {
  const [from, to] = [targetKey.incident(''), targetKey.incident(until) + endOfKeys];
  const keeps = ({ closed }: Item) => typeof closed !== 'string' || closed >= since;
  return { pk: targetKey.pk(target), from, to, keeps };
}

/** The vantages and subjects that partition keys are of. */
export function namesOfPartitions(partitions: readonly string[]): {
  vantages: readonly string[];
  subjects: readonly string[];
} {
  const after = (prefix: string) =>
    partitions.filter((pk) => pk.startsWith(prefix)).map((pk) => pk.slice(prefix.length));
  return { vantages: after(roundKey.pk('')).sort(), subjects: after(targetKey.pk('')).sort() };
}

/** Items held in memory at once: a round may have 400 KB. */
const PAGE = 25;

/** The items of a stretch, a few at a time however many there are. */
export async function* itemsInRange(
  table: Table,
  { pk, from, to, keeps = () => true }: KeyRange,
): AsyncGenerator<Item> {
  let next = from;
  for (;;) {
    const items = await table.query(pk, { from: next, to, limit: PAGE });
    yield* items.filter(keeps);
    const last = items.at(-1);
    if (last === undefined || items.length < PAGE) return;
    // The smallest key after it.
    next = `${last.sk}\0`;
  }
}

/** How far a key is from the first of its stretch to its end, 0 to 1; 0 where keys bear no time. */
export function progressShare(sk: string, first: string, { to }: KeyRange): number {
  const [at, start, end] = [timeIn(sk), timeIn(first), timeIn(to)];
  return end > start && at >= start ? Math.min(1, (at - start) / (end - start)) : 0;
}

/** Epoch milliseconds; of an hour or a day its beginning. */
function timeIn(key: string): number {
  const [, date, hour = 'T00', rest = ':00:00'] = /(\d{4}-\d\d-\d\d)(T\d\d)?(:\d\d:\d\d)?/.exec(key) ?? [];
  return date === undefined ? Number.NaN : Date.parse(`${date}${hour}${rest}Z`);
}
