/** The times that a chart shows, each in the grain that the history has of it. */
import type { Grain } from '../../lambda/reports/history-shards/shard.ts';
import { type ShardKey, shardKeysBetween } from '../../lambda/reports/history-shards/shard-keys.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface ChartRange {
  readonly id: string;
  readonly label: string;
  /** Milliseconds. */
  readonly length: number;
  readonly grain: Grain;
}

export const CHART_RANGES: readonly ChartRange[] = [
  { id: '3h', label: '3 hours', length: 3 * HOUR, grain: 'round' },
  { id: '24h', label: '24 hours', length: DAY, grain: 'round' },
  { id: '7d', label: '7 days', length: 7 * DAY, grain: 'hour' },
  { id: '90d', label: '90 days', length: 90 * DAY, grain: 'day' },
  { id: '13mo', label: '13 months', length: 396 * DAY, grain: 'day' },
];

/** Time without its shard at the beginning of a range: the clock of a reader need not be that of the page. */
const LONGEST_GAP = 300_000;

/**
 * The shards of a range beside the recent rounds, which the page has itself: of the last three hours, less of a large fleet. The
 * hours of a day are in a shard when the day is over: until then its rounds are read.
 * @param now epoch milliseconds @param recent from when on the page has the rounds itself, epoch milliseconds
 */
export function shardsOfRange({ length, grain }: ChartRange, now: number, recent: number): readonly ShardKey[] {
  const from = now - length;
  if (grain === 'round') return recent - from > LONGEST_GAP ? shardKeysBetween(grain, { from, to: recent }) : [];
  const keys = shardKeysBetween(grain, { from, to: now });
  return grain === 'hour' ? [...keys, ...shardKeysBetween('round', { from: now - (now % DAY) - HOUR, to: now })] : keys;
}
