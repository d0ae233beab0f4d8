/** A judgement while it is computed, and what it is computed from. */
import { isDeepStrictEqual } from 'node:util';
import { EMPTY_MEMORY, type Judgement, type Memory } from './judgement-state.ts';
import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Ballot, Decision } from './vote-and-verdict-definitions.ts';

/** A judgement that always has a memory. Each step of the judge returns the next draft. */
export interface JudgementDraft extends Judgement {
  readonly memory: Memory;
}

/** The input of every step. */
export interface JudgementInputs {
  readonly previous: JudgementDraft;
  readonly ballots: readonly Ballot[];
  /** The first deferred tries of each vantage, as in `Memory`. */
  readonly deferred: Readonly<Record<string, readonly string[]>>;
  /** The samples of each vantage, oldest first; empty if no sample has facts. */
  readonly observed: readonly (readonly Observation[])[];
  readonly decision: Decision;
  readonly policy: Policy;
  readonly now: number;
  /** `now` as ISO 8601 UTC with seconds. */
  readonly at: string;
  /** Name of the round that this pass may request. */
  readonly opinionRound: string;
}

/** The judgement without the attributes that the store adds. */
export function toDraft({ target, verdict, since, incident, owed, memory }: Judgement): JudgementDraft {
  return { target, verdict, since, incident, owed, memory: memory ?? EMPTY_MEMORY };
}

/** Whether the next judgement equals the previous one. */
export function isSameJudgement(previous: Judgement, next: Judgement): boolean {
  return isDeepStrictEqual(toDraft(previous), next);
}
