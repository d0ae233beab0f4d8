/** Samples and rounds as the table keeps them. */
import type { Sample } from '../../smtp/sample/sample.ts';

/** Every sample of one vantage in one round. */
export interface Round {
  readonly vantage: string;
  /** ISO 8601 UTC: `2026-11-22T05:08:00Z` if scheduled, `2026-11-22T05:08:31.042817263Z` if not. */
  readonly round: string;
  readonly samples: ReadonlyMap<string, RecordedSample>;
  /** The second at which the probes began, ISO 8601 UTC. Absent if an older version recorded the round. */
  readonly began?: string;
  /** Milliseconds by which the probe may have delayed these timings. Absent if the timings can be trusted. */
  readonly lag?: number | null;
  /** Targets that are absent, because there was no time for them. Absent if there are none. */
  readonly unreached?: number;
  /** Seconds after its name for which the round counts as recent. Absent if an older version recorded the round. */
  readonly fresh?: number;
  /** Probes that had not ended when the round was recorded. Absent if there were none. */
  readonly underWay?: UnderWay;
  /** The release whose probe recorded the round, `0.1.0`. Absent if an older version recorded it. */
  readonly release?: string;
  /** The address that mail servers see; `lambda` if it is one of Lambda, which changes. Absent if it is not known. */
  readonly egress?: string;
}

/** Targets whose probes are under way, and by how many seconds they may end after the end of their round. */
export type UnderWay = Readonly<Record<string, number>>;

/** A sample as the table keeps it. Read back, it lacks the facts that packing leaves out. */
export type RecordedSample = Pick<
  Sample,
  'outcome' | 'phase' | 'code' | 'reply' | 'detail' | 'timings' | 'total' | 'address' | 'transcript'
> & {
  /** The threshold that a warning crossed, `14 days`. */
  readonly threshold?: string;
  /**
   * Facts that are reported when they change, by name, condensed. `factsToRecord` decides which are kept: each costs
   * bytes.
   */
  readonly facts?: Readonly<Record<string, string>>;
  /** What sessions saw of mail hosts, for the posture of their domains; see `served-facts.ts`. Recorded as facts are. */
  readonly served?: Readonly<Record<string, string>>;
  /** Seconds after the end of its round at which the probe ended. Absent if it ended within the round. */
  readonly late?: number;
};

/** What the judge needs of a recorded sample: everything but its timings. */
export type UntimedSample = Omit<RecordedSample, 'timings' | 'total'>;

export interface UntimedRound {
  readonly vantage: string;
  readonly round: string;
  readonly began?: string;
  readonly underWay?: UnderWay;
  readonly samples: ReadonlyMap<string, UntimedSample>;
}

/** A sample with the vantage and the round it was taken in. */
export interface VantageSample {
  readonly vantage: string;
  /** Name of the round. */
  readonly round: string;
  readonly sample: RecordedSample;
  /**
   * Of the whole round: milliseconds by which the probe may have delayed its timings. Absent if the timings can be
   * trusted.
   */
  readonly lag?: number;
  /** Of the whole round. */
  readonly release?: string;
  readonly egress?: string;
}

/** A sample of one vantage, before it is combined with those of others. */
export type RoundSample = Omit<VantageSample, 'vantage'> & Pick<Round, 'began' | 'fresh'>;
