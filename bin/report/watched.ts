import { targetKey } from '../../lambda/history/keys.ts';
import { isoSeconds } from '../../lambda/round.ts';
import type { Span } from '../recent.ts';
import type { Store } from '../store.ts';

/**
 * Where the history of a target begins and ends within a span: from its first hour or, where nothing is rolled up yet,
 * the first round of any vantage, to the newest round. Null where there is none.
 * @param rounds of all vantages within that span
 */
export async function watchedSpan(
  store: Store,
  target: string,
  { from, to }: Span,
  rounds: Span | null,
): Promise<Span | null> {
  const hours = await hoursOf(store, target, from, to);
  const spans = [hours, rounds].filter((span) => span !== null);
  if (spans.length === 0) return null;
  const begin = Math.max(from, Math.min(...spans.map((span) => span.from)));
  const end = Math.min(to, Math.max(...spans.map((span) => span.to)));
  return begin < end ? { from: begin, to: end } : null;
}

/** From the beginning of the first hour to the end of the last. */
async function hoursOf({ table }: Store, target: string, from: number, to: number): Promise<Span | null> {
  const range = { from: targetKey.hour(isoSeconds(from).slice(0, 13)), to: targetKey.hour(isoSeconds(to)), limit: 1 };
  const [first, last] = await Promise.all(
    [false, true].map((newestFirst) => table.query(targetKey.pk(target), { ...range, newestFirst })),
  );
  const starts = [...(first ?? []), ...(last ?? [])].map(({ sk }) =>
    Date.parse(`${sk.slice(targetKey.hour('').length)}:00:00Z`),
  );
  return starts.length === 0 ? null : { from: Math.min(...starts), to: Math.max(...starts) + 3_600_000 };
}
