/** Which shards there are: a day of rounds, eight days of hours, a month of days. The time of each is fixed. */
import { startOfHour } from '../../history/rollup/hour-and-day-names.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { Grain } from './shard.ts';

/** A shard of a target. */
export interface ShardKey {
  readonly grain: Grain;
  /** Its first day, `2026-11-26`; of a month of days `2026-11-01`. */
  readonly first: string;
}

const DAY = 86_400_000;

/** Days. The last shard of a month is shorter, so that hours of seven days are in two shards, or three around February. */
const BLOCK = 8;

const FIRST_OF: Readonly<Record<Grain, (date: string) => string>> = {
  round: (date) => date,
  hour: (date) => {
    const day = Number(date.slice(8));
    return `${date.slice(0, 8)}${String(day - ((day - 1) % BLOCK)).padStart(2, '0')}`;
  },
  day: (date) => `${date.slice(0, 8)}01`,
};

/** The shard that a time is in. @param at epoch milliseconds */
export function shardKeyAt(grain: Grain, at: number): ShardKey {
  return { grain, first: FIRST_OF[grain](new Date(at).toISOString().slice(0, 10)) };
}

/** Epoch milliseconds; the end is that of the next shard's beginning. */
export function spanOfShard({ grain, first }: ShardKey): TimeSpan {
  const from = Date.parse(`${first}T00:00:00Z`);
  let to = from + DAY;
  while (shardKeyAt(grain, to).first === first) to += DAY;
  return { from, to };
}

/** The shards of a time, oldest first. Epoch milliseconds; the end is not included. */
export function shardKeysBetween(grain: Grain, { from, to }: TimeSpan): readonly ShardKey[] {
  const keys: ShardKey[] = [];
  for (let at = from; at < to; at = spanOfShard(shardKeyAt(grain, at)).to) keys.push(shardKeyAt(grain, at));
  return keys;
}

/** Days for which shards of each grain reach back; a history that begins later has none before. */
export const SHARD_REACH: Readonly<Record<Grain, number>> = { round: 8, hour: 9, day: 396 };

/**
 * The shards to write after a rollup: of each target, the day of the hour; when a day is over, its hours and its month, too.
 * The hour before is rolled up again if rounds came late, so that its day is written once more in the first hour of the next.
 * @param before the last hour that was written, `2026-11-26T05`; null if none was: then all that reach back so far
 * @param through the last hour that is rolled up
 */
export function changedShards(before: string | null, through: string): readonly ShardKey[] {
  const end = Date.parse(startOfHour(through)) + 3_600_000;
  const earliest = (grain: Grain) => end - SHARD_REACH[grain] * DAY;
  const since = before === null ? 0 : Date.parse(startOfHour(before));
  const keysOf = (grain: Grain, from: number, to: number) =>
    shardKeysBetween(grain, { from: Math.max(from, earliest(grain)), to });
  const rounds = before !== null && end <= since + 3_600_000 ? [] : keysOf('round', since, end);
  // Days that are over.
  const [first, last] = [since - (since % DAY), end - (end % DAY)];
  const days = first < last ? (['hour', 'day'] as const).flatMap((grain) => keysOf(grain, first, last)) : [];
  return [...rounds, ...days];
}
