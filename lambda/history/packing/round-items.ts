import { endOfKeys, isRoundHead, roundKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';

/**
 * The items of a vantage's rounds, `from` and `to` included. A read that may be a moment behind can have the head of a round
 * from one copy of the table and miss a part of it in another: then all is read once more, as it stands.
 */
export async function roundItems(
  table: Table,
  vantage: string,
  from: string,
  to: string,
  consistent: boolean,
): Promise<readonly Item[]> {
  const range = { from, to: `${to}#${endOfKeys}` };
  const items = await table.query(roundKey.pk(vantage), { ...range, consistent });
  return consistent || isWhole(items) ? items : table.query(roundKey.pk(vantage), { ...range, consistent: true });
}

function isWhole(items: readonly Item[]): boolean {
  const there = new Set(items.map(({ sk }) => sk));
  return items.every(
    ({ sk, parts }) => !isRoundHead(sk) || ((parts ?? []) as readonly string[]).every((part) => there.has(part)),
  );
}
