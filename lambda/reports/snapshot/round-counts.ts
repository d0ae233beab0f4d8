/** How many rounds of a vantage were recorded in the last day, of those that were due. Read every minute, and then only the new ones. */

import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { endOfKeys, isRoundHead, roundKey } from '../../history/table/keys.ts';
import type { Table } from '../../history/table/table.ts';
import type { RoundCount } from './snapshot.ts';

export interface RoundCountCache {
  readonly vantages: Map<string, KnownRounds>;
}

interface KnownRounds {
  /** When its first round was, as far as rounds are kept; epoch milliseconds, as all times here. */
  readonly first: number;
  /** Numbers of the rounds of the last day: their time divided by the length of a round. */
  readonly rounds: ReadonlySet<number>;
  readonly readAt: number;
}

export function emptyRoundCountCache(): RoundCountCache {
  return { vantages: new Map() };
}

const DAY = 86_400_000;
const LASTS = 60_000;
/** A round may be recorded later than the next one. */
const OVERLAP = 300_000;

/** Null of a vantage without a round. @param every milliseconds between rounds */
export async function readRoundCount(
  cache: RoundCountCache,
  table: Table,
  vantage: string,
  every: number,
  now: number,
): Promise<RoundCount | null> {
  const before = cache.vantages.get(vantage) ?? null;
  const isRecent = before !== null && now >= before.readAt && now - before.readAt < LASTS;
  const known = isRecent ? before : await readRounds(table, vantage, every, before, now);
  if (known === null) return null;
  cache.vantages.set(vantage, known);
  return countOf(known, every);
}

async function readRounds(
  table: Table,
  vantage: string,
  every: number,
  before: KnownRounds | null,
  now: number,
): Promise<KnownRounds | null> {
  const pk = roundKey.pk(vantage);
  const first = before?.first ?? timeOf((await table.query(pk, { limit: 1, keysOnly: true }))[0]?.sk ?? '');
  if (first === null) return null;
  const from = before === null ? now - DAY : before.readAt - OVERLAP;
  const items = await table.query(pk, { from: isoSeconds(Math.max(from, now - DAY)), to: endOfKeys, keysOnly: true });
  const found = items.filter(({ sk }) => isRoundHead(sk)).flatMap(({ sk }) => timeOf(sk) ?? []);
  const numbers = found.map((at) => Math.floor(at / every));
  const oldest = (now - DAY) / every;
  return {
    first,
    rounds: new Set([...(before?.rounds ?? []), ...numbers].filter((one) => one >= oldest)),
    readAt: now,
  };
}

function timeOf(round: string): number | null {
  const at = Date.parse(round.split('#')[0] ?? '');
  return Number.isNaN(at) ? null : at;
}

/** A round is due when it is over. Of a new vantage, its first round is the first that was due. */
function countOf({ first, rounds, readAt }: KnownRounds, every: number): RoundCount {
  const from = Math.ceil(Math.max(first - every + 1, readAt - DAY) / every);
  const to = Math.floor(readAt / every) - 1;
  const recorded = [...rounds].filter((one) => one >= from && one <= to).length;
  return { recorded, due: Math.max(0, to - from + 1) };
}
