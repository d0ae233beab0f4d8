/**
 * What the page of a target shows of its history, in parts that are files: JSON in columns, as the table packs them. Times are
 * ISO 8601 UTC.
 */
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { Dictionary } from '../../history/packing/column-packing.ts';
import type { TimedPhase } from '../../smtp/sample/sample.ts';

/** A page does not read a shard of another version. */
export const SHARD_VERSION = 1;

/** `name`: without what servers said, addresses, and what was seen of certificates. */
export type ShardDetail = 'full' | 'name';

/** What a shard has a row for. */
export type Grain = 'round' | 'hour' | 'day';

/** The whole time that a shard is about, whether it is over or not, and what happened in it. */
export interface ShardFrame {
  readonly version: typeof SHARD_VERSION;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly incidents: readonly ShardIncident[];
  readonly windows: readonly ShardWindow[];
}

export interface ShardIncident {
  readonly id: string;
  readonly from: string;
  /** Null while it is open. */
  readonly to: string | null;
  readonly verdict: Verdict;
}

export interface ShardWindow {
  readonly kind: 'window' | 'mute';
  readonly from: string;
  readonly to: string;
  /** Null where it is hidden. */
  readonly why: string | null;
}

/** The rounds of a day, or the most recent ones. */
export interface RoundShard extends ShardFrame {
  readonly grain: 'round';
  /** In their order. */
  readonly hours: readonly ShardHour[];
  /** Rounds that had no place: the oldest ones. */
  readonly omitted: number;
}

export interface ShardHour {
  /** `2026-11-26T05`. */
  readonly hour: string;
  readonly vantages: Readonly<Record<string, RoundColumns>>;
}

/** Rounds in columns; docs/table.md explains them under `An hour`. */
export interface RoundColumns {
  readonly rounds: string;
  readonly outcomes: string;
  /** Omitted if the timings of each round, without `quit`, add up to its total. */
  readonly totals?: string;
  readonly timings: Readonly<Partial<Record<TimedPhase, string>>>;
  /** Omitted where it is hidden. */
  readonly sessions?: SessionColumns;
}

/** Phase, code, reply and detail of a session that did not pass. */
export type ShardFinding = readonly [
  phase: string | null,
  code: string | null,
  reply: string | null,
  detail: string | null,
];

export interface SessionColumns {
  readonly addresses: Dictionary<string>;
  readonly findings?: Dictionary<ShardFinding>;
  /** Of sessions that did not pass; omitted where none is kept. */
  readonly transcripts?: Dictionary<readonly string[]>;
  /** Facts that differ from those of the session before, or that are the first in this shard. */
  readonly facts?: readonly (readonly [row: number, facts: Readonly<Record<string, string>>])[];
}

/** Hours or days in columns. */
export interface SummaryShard extends ShardFrame {
  readonly grain: 'hour' | 'day';
  /** `2026-11-26T05` or `2026-11-26`, in their order. */
  readonly spans: readonly string[];
  readonly vantages: Readonly<Record<string, SummaryColumns>>;
  /** Sessions of all vantages that passed or warned; hours and days from sketches, exact to 2 %. */
  readonly all: PercentileColumns;
}

/** Milliseconds of sessions that passed or warned, as the table packs numbers. */
export interface PercentileColumns {
  readonly p50: string;
  readonly p95: string;
}

export interface SummaryColumns extends PercentileColumns {
  /** Numbers of sessions by outcome. An outcome without any is omitted. */
  readonly counts: Readonly<Partial<Record<'pass' | 'warn' | 'fail' | 'unable', readonly number[]>>>;
  /** Medians. */
  readonly phases: Readonly<Partial<Record<TimedPhase, string>>>;
}

export type HistoryShard = RoundShard | SummaryShard;
