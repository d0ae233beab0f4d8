/** Counts of deliveries in slots of five minutes: by domain of the sender, provider and code. */

import type { DeliveryOutcome } from './outcome.ts';

export const SLOT = 300_000;
/** Slots that are kept: a day, and the slot that is under way. */
const MOST_SLOTS = 289;
/** Rows of one slot. Of a provider beyond it, `OTHERS` is counted. */
const MOST_ROWS = 500;
export const OTHERS = 'others';

/** JSON. */
export interface CountRow {
  readonly from: string;
  readonly provider: string;
  readonly delivered: number;
  readonly deferred: number;
  readonly bounced: number;
  readonly complained: number;
  readonly rejected: number;
  /** Seconds: the sum of the delays of delivered messages, and the longest. */
  readonly delay: number;
  readonly longest: number;
  /** Bounces and deferrals by code, each with the text of its first example. */
  readonly codes: Readonly<Record<string, CodeCount>>;
}

export interface CodeCount {
  readonly bounced: number;
  readonly deferred: number;
  /** Epoch milliseconds of the first one. */
  readonly first: number;
  readonly text: string;
}

/** Slots by the epoch milliseconds of their beginning, then rows by sender and provider. */
export type BounceCounts = Map<number, Map<string, CountRow>>;

export function slotOf(at: number): number {
  return at - (at % SLOT);
}

export function rowKey(from: string, provider: string): string {
  return `${from} ${provider}`;
}

/** Changes `counts`. Slots older than a day before the newest one are removed. */
export function countOutcome(counts: BounceCounts, outcome: DeliveryOutcome): void {
  const slot = slotOf(outcome.at);
  const newest = Math.max(slot, ...counts.keys());
  if (slot <= newest - MOST_SLOTS * SLOT) return;
  const rows = counts.get(slot) ?? new Map<string, CountRow>();
  counts.set(slot, rows);
  addToSlot(rows, outcome);
  for (const one of counts.keys()) if (one <= newest - MOST_SLOTS * SLOT) counts.delete(one);
}

/** Changes `rows`, which are those of one slot. */
export function addToSlot(rows: Map<string, CountRow>, outcome: DeliveryOutcome): void {
  const own = rowKey(outcome.from, outcome.provider);
  const isFull = !rows.has(own) && rows.size >= MOST_ROWS;
  const from = isFull && rows.size >= 2 * MOST_ROWS ? OTHERS : outcome.from;
  const provider = isFull ? OTHERS : outcome.provider;
  const key = rowKey(from, provider);
  rows.set(key, addToRow(rows.get(key) ?? emptyRow(from, provider), outcome));
}

export function emptyRow(from: string, provider: string): CountRow {
  const none = { delivered: 0, deferred: 0, bounced: 0, complained: 0, rejected: 0 };
  return { from, provider, ...none, delay: 0, longest: 0, codes: {} };
}

function addToRow(row: CountRow, outcome: DeliveryOutcome): CountRow {
  const { kind, delay } = outcome;
  const counted = { ...row, [kind]: row[kind] + 1 };
  if (kind === 'bounced' || kind === 'deferred') return { ...counted, codes: addCode(row.codes, outcome, kind) };
  if (kind !== 'delivered') return counted;
  return { ...counted, delay: row.delay + delay, longest: Math.max(row.longest, delay) };
}

/** Codes of one row; beyond it, the class alone. */
const MOST_CODES = 50;

function addCode(codes: CountRow['codes'], { at, code, text }: DeliveryOutcome, kind: 'bounced' | 'deferred') {
  const name = code in codes || Object.keys(codes).length < MOST_CODES ? code : `${code[0]}.0.0`;
  const before = codes[name] ?? { bounced: 0, deferred: 0, first: at, text };
  return { ...codes, [name]: { ...before, [kind]: before[kind] + 1, first: Math.min(before.first, at) } };
}

/** The rows of each sender alone: a judge of many senders looks at all rows once. */
export function countsBySender(counts: BounceCounts): ReadonlyMap<string, BounceCounts> {
  const senders = new Map<string, BounceCounts>();
  for (const [slot, rows] of counts)
    for (const [key, row] of rows) {
      const own = senders.get(row.from) ?? new Map<number, Map<string, CountRow>>();
      own.set(slot, (own.get(slot) ?? new Map<string, CountRow>()).set(key, row));
      senders.set(row.from, own);
    }
  return senders;
}

/** The rows of a span added up, by sender and provider. `from` and `until` are epoch milliseconds. */
export function sumRows(counts: BounceCounts, from: number, until: number): readonly CountRow[] {
  const sums = new Map<string, CountRow>();
  const slots = [...counts].filter(([slot]) => slot > from - SLOT && slot < until).sort(([a], [b]) => a - b);
  for (const [key, row] of slots.flatMap(([, rows]) => [...rows])) sums.set(key, mergeRows(sums.get(key), row));
  return [...sums.values()];
}

export function mergeRows(a: CountRow | undefined, b: CountRow): CountRow {
  if (a === undefined) return b;
  return {
    ...a,
    delivered: a.delivered + b.delivered,
    deferred: a.deferred + b.deferred,
    bounced: a.bounced + b.bounced,
    complained: a.complained + b.complained,
    rejected: a.rejected + b.rejected,
    delay: a.delay + b.delay,
    longest: Math.max(a.longest, b.longest),
    codes: mergeCodes(a.codes, b.codes),
  };
}

function mergeCodes(a: CountRow['codes'], b: CountRow['codes']): CountRow['codes'] {
  const merged: Record<string, CodeCount> = { ...a };
  for (const [code, { bounced, deferred, first, text }] of Object.entries(b)) {
    const before = merged[code];
    merged[code] =
      before === undefined
        ? { bounced, deferred, first, text }
        : {
            ...before,
            bounced: before.bounced + bounced,
            deferred: before.deferred + deferred,
            first: Math.min(before.first, first),
          };
  }
  return merged;
}
