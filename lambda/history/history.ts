import type { Incident } from '../consensus/incident.ts';
import type { Judgement } from '../consensus/judgement.ts';
import type { Sample } from '../smtp/sample.ts';

/** Every sample of one vantage in one round. */
export interface Round {
  readonly vantage: string;
  /** ISO 8601 UTC with seconds, e.g. `2026-11-22T05:08:00Z`. */
  readonly round: string;
  readonly samples: ReadonlyMap<string, RecordedSample>;
}

/** A sample as the table keeps it: read back, facts that packing leaves out are missing. */
export type RecordedSample = Pick<
  Sample,
  'outcome' | 'phase' | 'code' | 'reply' | 'detail' | 'timings' | 'total' | 'address' | 'transcript'
>;

/** A judgement as stored. `version` grows by one with each write. */
export interface StoredJudgement extends Judgement {
  readonly version: number;
  /** Who is telling the owed alerts and until when (epoch ms) nobody else may: a crash lets it lapse. */
  readonly lease: { readonly by: string; readonly until: number } | null;
}

export interface History {
  /** Idempotent: the same vantage and round again is `already`, and nothing is written. */
  recordRound(round: Round): Promise<'written' | 'already'>;
  /** Rounds of a vantage from `since` (ISO UTC) on, oldest first. */
  rounds(vantage: string, since: string, until?: string): Promise<readonly Round[]>;
  judgements(): Promise<readonly StoredJudgement[]>;
  judgement(target: string): Promise<StoredJudgement | null>;
  /** Writes only if the stored version is still `expected` (0: there is none). False when somebody else was first. */
  writeJudgement(judgement: Judgement, expected: number, lease: StoredJudgement['lease']): Promise<boolean>;
  /** Incident with its evidence; the same incident again replaces it. */
  writeIncident(incident: Incident): Promise<void>;
  incidents(target: string, since?: string): Promise<readonly Incident[]>;
}
