import { afterAll, roundKey, targetKey } from '../../lambda/history/keys.ts';
import { isoSeconds } from '../../lambda/round.ts';
import type { Store } from '../store.ts';
import type { Span } from './availability.ts';

/**
 * Where the history of a target begins and ends within a span: from its first hour or, where nothing is rolled up yet,
 * the first round of any vantage, to the newest round. Null where there is none.
 */
export async function watchedSpan(store: Store, target: string, { from, to }: Span): Promise<Span | null> {
  const firsts = await Promise.all([firstRolledUp(store, target, from, to), firstRound(store, from, to)]);
  const known = firsts.filter((first) => first !== null);
  if (known.length === 0) return null;
  const span = { from: Math.max(from, Math.min(...known)), to: Math.min(to, await lastRound(store, to)) };
  return span.from < span.to ? span : null;
}

async function firstRolledUp({ table }: Store, target: string, from: number, to: number): Promise<number | null> {
  const range = { from: targetKey.hour(isoSeconds(from).slice(0, 13)), to: targetKey.hour(isoSeconds(to)), limit: 1 };
  const [hour] = await table.query(targetKey.pk(target), range);
  return hour === undefined ? null : Date.parse(`${hour.sk.slice(targetKey.hour('').length)}:00:00Z`);
}

async function firstRound({ table, vantages }: Store, from: number, to: number): Promise<number | null> {
  const range = { from: isoSeconds(from), to: `${isoSeconds(to)}${afterAll}`, limit: 1 };
  const firsts = await Promise.all(vantages.map((vantage) => table.query(roundKey.pk(vantage), range)));
  const times = firsts.flat().map(({ sk }) => Date.parse(sk.split('#')[0] ?? ''));
  return times.length === 0 ? null : Math.min(...times);
}

/** When the newest round of any vantage began: nothing is known of what came after. */
async function lastRound({ history, vantages }: Store, otherwise: number): Promise<number> {
  const names = await Promise.all(vantages.map((vantage) => history.lastRound(vantage)));
  const times = names.flatMap((name) => (name === null ? [] : [Date.parse(name)]));
  return times.length === 0 ? otherwise : Math.max(...times);
}
