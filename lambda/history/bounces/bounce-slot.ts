/** What one source saw in a slot of five minutes, or in an hour, as an item. */
import { addToSlot, type CodeCount, type CountRow, emptyRow, rowKey } from '../../bounces/counts.ts';
import type { BounceRecord } from '../../bounces/outcome.ts';
import { bouncesKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isMapOf, isNumber, isText } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';
import { fitRows } from './fit-rows.ts';

export interface BounceSlot {
  readonly source: string;
  /** Epoch milliseconds of its beginning. */
  readonly at: number;
  readonly rows: ReadonlyMap<string, CountRow>;
  /** The records that are counted in it, oldest first. Empty for an hour. */
  readonly ids: readonly string[];
  readonly version: number;
}

/** Characters of an id. */
const ID = 8;
/** Ids of one slot. Beyond it the oldest is forgotten: a record that arrives again after so many others counts twice. */
const MOST_IDS = 12_000;
/** Seconds: longer than a record may be late, and than the longest window. */
const SLOT_KEPT = 3 * 86_400;
/** Seconds: 13 months. */
const HOUR_KEPT = 400 * 86_400;

export function emptySlot(source: string, at: number): BounceSlot {
  return { source, at, rows: new Map(), ids: [], version: 0 };
}

export interface AddedRecords {
  readonly slot: BounceSlot;
  /** Records that were not counted before. */
  readonly added: number;
}

/** The slot with these records. One that it has is not counted again. */
export function addRecords(before: BounceSlot, records: readonly BounceRecord[]): AddedRecords {
  const known = new Set(before.ids);
  const rows = new Map(before.rows);
  for (const { id, outcomes } of records) {
    if (known.has(id)) continue;
    known.add(id);
    for (const outcome of outcomes) addToSlot(rows, outcome);
  }
  const ids = [...known].slice(-MOST_IDS);
  return { slot: { ...before, rows, ids, version: before.version + 1 }, added: known.size - before.ids.length };
}

export function slotItem({ source, at, rows, ids, version }: BounceSlot): Item {
  const key = { pk: bouncesKey.pk, sk: bouncesKey.slot(slotName(at), source) };
  return { ...key, ttl: Math.floor(at / 1000) + SLOT_KEPT, version, ids: ids.join(''), rows: packRows(rows) };
}

export function bounceHourItem({ source, at, rows }: Omit<BounceSlot, 'ids' | 'version'>): Item {
  const key = { pk: bouncesKey.pk, sk: bouncesKey.hour(slotName(at).slice(0, 13), source) };
  return { ...key, ttl: Math.floor(at / 1000) + HOUR_KEPT, rows: packRows(rows) };
}

/** `2026-11-22T05:10` */
export function slotName(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}

function packRows(rows: BounceSlot['rows']): readonly object[] {
  return [...fitRows(rows).values()].map(({ from, provider, codes, ...counts }) => ({
    ...{ from, provider },
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    ...(Object.keys(codes).length === 0 ? {} : { codes: mapCodes(codes, packCode) }),
  }));
}

function packCode({ bounced, deferred, first, text }: CodeCount): object {
  return {
    ...(bounced === 0 ? {} : { bounced }),
    ...(deferred === 0 ? {} : { deferred }),
    first: new Date(first).toISOString(),
    ...(text === '' ? {} : { text }),
  };
}

function mapCodes<From, To>(codes: Readonly<Record<string, From>>, map: (code: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(codes).map(([code, count]) => [code, map(count)]));
}

/** @throws where it is none */
export function slotOfItem({ sk, rows, ids = '', version = 1 }: Item): BounceSlot {
  const [kind = '', time = '', source = ''] = sk.split('#');
  const at = Date.parse(kind === 'hour' ? `${time}:00Z` : `${time}Z`);
  must((kind === 'slot' || kind === 'hour') && !Number.isNaN(at) && source !== '', 'the key');
  must(isText(ids) && ids.length % ID === 0 && isCount(version), 'the ids');
  must(Array.isArray(rows), 'the counts');
  const read = (rows as readonly unknown[]).map(unpackRow);
  return {
    ...{ source, at, version },
    rows: new Map(read.map((row) => [rowKey(row.from, row.provider), row])),
    ids: ids.match(/.{8}/gs) ?? [],
  };
}

const COUNTS = ['delivered', 'deferred', 'bounced', 'complained', 'rejected'] as const;

function unpackRow(value: unknown): CountRow {
  must(isFields(value) && isText(value.from) && isText(value.provider), 'a row');
  const { from, provider } = value;
  const row = { ...emptyRow(from, provider), ...value } as CountRow;
  must(
    COUNTS.every((name) => isCount(row[name])) && isNumber(row.delay) && isNumber(row.longest) && isFields(row.codes),
    'a count',
  );
  must(isMapOf(row.codes, isFields), 'the codes');
  return { ...row, codes: mapCodes(row.codes, unpackCode) };
}

function unpackCode(value: unknown): CodeCount {
  const { bounced = 0, deferred = 0, first, text = '' } = isFields(value) ? value : {};
  const at = isText(first) ? Date.parse(first) : Number.NaN;
  must(isCount(bounced) && isCount(deferred) && isText(text) && !Number.isNaN(at), 'a code');
  return { bounced, deferred, first: at, text };
}
