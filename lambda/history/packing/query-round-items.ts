/** Reads the items of rounds. */
import { endOfKeys, isRoundHead, roundKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';

/**
 * The items of a vantage's rounds, `from` and `to` included. An eventually consistent read can return the head of a round
 * without one of its parts. In that case everything is read again with a consistent read.
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
  return consistent || isComplete(items) ? items : table.query(roundKey.pk(vantage), { ...range, consistent: true });
}

function isComplete(items: readonly Item[]): boolean {
  const keys = new Set(items.map(({ sk }) => sk));
  return items.every(
    ({ sk, parts }) => !isRoundHead(sk) || ((parts ?? []) as readonly string[]).every((part) => keys.has(part)),
  );
}
