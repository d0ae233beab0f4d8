import { afterAll, rollupKey, roundKey, targetKey, verdictsKey } from '../lambda/history/keys.ts';
import type { Item, Table } from '../lambda/history/table.ts';

/** A stretch of one partition; bounds are inclusive. */
export interface Stretch {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
}

/** Where everything is that the table has of these vantages and subjects in this time; verdicts and progress are of now. */
export function stretchesOf(
  vantages: readonly string[],
  subjects: readonly string[],
  since: string,
  until: string,
): readonly Stretch[] {
  const stretch = (pk: string, from: string, to: string): Stretch => ({ pk, from, to: to + afterAll });
  return [
    { pk: verdictsKey, from: '', to: afterAll },
    { pk: rollupKey.pk, from: '', to: afterAll },
    ...subjects.flatMap((target) => [
      stretch(targetKey.pk(target), targetKey.incident(since), targetKey.incident(until)),
      stretch(targetKey.pk(target), targetKey.day(since.slice(0, 10)), targetKey.day(until.slice(0, 10))),
      stretch(targetKey.pk(target), targetKey.hour(since.slice(0, 13)), targetKey.hour(until.slice(0, 13))),
    ]),
    ...vantages.map((vantage) => stretch(roundKey.pk(vantage), since, until)),
  ];
}

/** Items held in memory at once: a round may have 400 KB. */
const PAGE = 25;

/** The items of a stretch, a few at a time however many there are. */
export async function* itemsIn(table: Table, { pk, from, to }: Stretch): AsyncGenerator<Item> {
  let next = from;
  for (;;) {
    const items = await table.query(pk, { from: next, to, limit: PAGE });
    yield* items;
    const last = items.at(-1);
    if (last === undefined || items.length < PAGE) return;
    // The smallest key after it.
    next = `${last.sk}\0`;
  }
}
