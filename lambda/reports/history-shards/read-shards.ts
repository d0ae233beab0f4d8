/** Reads shards out of the history. What a page hides of a target is left out here. */
import type { PlannedTime } from '../../calendar/planned-time.ts';
import type { Incident } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { hourColumns, summarizeItem } from '../../history/rollup/hour-and-day-items.ts';
import { hourName } from '../../history/rollup/hour-and-day-names.ts';
import { measureColumn } from '../../history/rollup/hour-column.ts';
import { sketchOf, unpackSketch } from '../../history/rollup/latency-sketch.ts';
import { combineTallies } from '../../history/rollup/tally.ts';
import { targetKey } from '../../history/table/keys.ts';
import type { Item } from '../../history/table/table.ts';
import { type ReportUnreadable, readable } from '../../history/table/unreadable.ts';
import { plannedOf } from '../planned/planned-times.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { hoursOfSamples, roundHours } from './round-shard.ts';
import { type Grain, type HistoryShard, type RoundShard, SHARD_VERSION, type ShardFrame } from './shard.ts';
import { type ShardKey, spanOfShard } from './shard-keys.ts';
import type { ShownTarget } from './shown-targets.ts';
import { type ShardRow, summaryColumns } from './summary-shard.ts';

export interface ShardTarget extends ShownTarget {
  /** Those of the target, in any order. */
  readonly incidents: readonly Pick<Incident, 'id' | 'opened' | 'closed' | 'verdict'>[];
  readonly planned: readonly PlannedTime[];
}

/** Incidents, and windows, of a shard. */
const MOST_SHADED = 300;

/** The last rounds of a target, with transcripts. Its incidents and windows are those since `shadedSince`. @param span epoch milliseconds */
export function recentShard(target: ShardTarget, samples: readonly VantageSample[], span: TimeSpan): RoundShard {
  const frame = frameOf(target, span, { from: shadedSince(span), to: span.to });
  return { ...frame, grain: 'round', ...roundHours(hoursOfSamples(samples), target.detail) };
}

const DAY = 86_400_000;

/** A chart of days has no shard of this day, and perhaps none of the one before. */
export function shadedSince({ from, to }: TimeSpan): number {
  return Math.min(from, to - (to % DAY) - DAY);
}

/** Null if the history has nothing of that time. */
export async function readShard(
  { table }: Pick<ReportSource, 'table'>,
  target: ShardTarget,
  key: ShardKey,
  tell: ReportUnreadable = () => {},
): Promise<HistoryShard | null> {
  const span = spanOfShard(key);
  const items = await table.query(targetKey.pk(target.id), rangeOf(key.grain, span));
  return shardOfItems(target, key, items, tell);
}

function rangeOf(grain: Grain, { from, to }: TimeSpan): { readonly from: string; readonly to: string } {
  const name = grain === 'day' ? targetKey.day : targetKey.hour;
  const length = grain === 'day' ? 10 : 13;
  const at = (time: number) => name(hourName(time).slice(0, length));
  return { from: at(from), to: at(to - 1) };
}

/** @param items hours or days of the shard, oldest first */
function shardOfItems(
  target: ShardTarget,
  key: ShardKey,
  items: readonly Item[],
  tell: ReportUnreadable,
): HistoryShard | null {
  if (items.length === 0) return null;
  const frame = frameOf(target, spanOfShard(key));
  const { grain } = key;
  switch (grain) {
    case 'round': {
      const hours = readable(items, (item) => ({ hour: spanName(item), columns: hourColumns(item) }), tell);
      return { ...frame, grain, ...roundHours(hours, target.detail) };
    }
    case 'hour':
      return { ...frame, grain, ...summaryColumns(readable(items, hourRow, tell)) };
    case 'day':
      return { ...frame, grain, ...summaryColumns(readable(items, dayRow, tell)) };
    default:
      return grain satisfies never;
  }
}

function spanName({ sk }: Item): string {
  return sk.slice(sk.indexOf('#') + 1);
}

/** Each column is measured once, because unpacking is most of the work. */
function hourRow(item: Item): ShardRow {
  const measured = hourColumns(item).map(([vantage, column]) => [vantage, measureColumn(column)] as const);
  return {
    span: spanName(item),
    vantages: Object.fromEntries(measured.map(([vantage, measures]) => [vantage, combineTallies([measures])])),
    sketch: sketchOf(measured.flatMap(([, { totals }]) => totals)),
  };
}

function dayRow(item: Item): ShardRow {
  return { ...summarizeItem(item), sketch: typeof item.latency === 'string' ? unpackSketch(item.latency) : null };
}

function frameOf(
  { id, detail, hidesReasons, incidents, planned }: ShardTarget,
  span: TimeSpan,
  shaded: TimeSpan = span,
): ShardFrame {
  const overlaps = (from: number, to: number) => from < shaded.to && to > shaded.from;
  const own = incidents.filter(({ opened, closed }) =>
    overlaps(Date.parse(opened), closed === null ? Number.POSITIVE_INFINITY : Date.parse(closed)),
  );
  const windows = plannedOf(planned, id).filter(({ from, to }) => overlaps(from, to));
  return {
    version: SHARD_VERSION,
    target: id,
    from: isoSeconds(span.from),
    to: isoSeconds(span.to),
    incidents: own
      .toSorted((a, b) => (a.opened < b.opened ? -1 : 1))
      .slice(-MOST_SHADED)
      .map(({ id: name, opened, closed, verdict }) => ({ id: name, from: opened, to: closed, verdict })),
    windows: windows.slice(-MOST_SHADED).map(({ kind, from, to, why }) => ({
      kind,
      from: isoSeconds(from),
      to: isoSeconds(to),
      why: detail === 'full' && !hidesReasons ? why : null,
    })),
  };
}
