/** What a vantage says of a finding. */
import type { PostureArea } from '../../posture/codes/code.ts';
import { isLeftOpen } from './cover-by-unable.ts';
import { cadenceOf, POSTURE_FRESHNESS } from './posture-policy.ts';
import { findingIdentity, type PostureState, type TrackedFinding } from './posture-state.ts';

/** A vantage, its newest item of a domain, and when it last checked each area of any domain. */
export interface PostureWitness {
  readonly vantage: string;
  readonly state: PostureState | null;
  readonly areas: Readonly<Partial<Record<PostureArea, string>>>;
}

/** `unsure`: it is to be asked again before anything is decided. `abstain`: it cannot be asked. */
export interface PostureVote {
  readonly vantage: string;
  readonly vote: 'present' | 'absent' | 'unsure' | 'abstain';
  /** The reason, as shown in alerts. */
  readonly why: string;
  /** What it sees, if it does. */
  readonly seen: TrackedFinding | null;
}

/** What is voted on. */
export interface VotedFinding {
  readonly area: PostureArea;
  readonly code: string;
  readonly subject: string;
}

/**
 * The last vote of a vantage whose last runs were `unable` counts for a time, and then it abstains, so that `unable` does not
 * raise a finding or end it. A vantage without a run is waited for as long.
 * @param known since when the domain is judged, ISO 8601 UTC
 * @param now epoch milliseconds
 */
export function castPostureVote(
  { vantage, state, areas }: PostureWitness,
  finding: VotedFinding,
  known: string,
  now: number,
): PostureVote {
  const say = (vote: PostureVote['vote'], why: string, seen: TrackedFinding | null = null): PostureVote => {
    return { vantage, vote, why, seen };
  };
  const isFresh = (time: string) => now - Date.parse(time) <= POSTURE_FRESHNESS[cadenceOf(finding.area)];
  const looked = latest(state?.areas[finding.area], areas[finding.area]);
  if (state === null || state.areas[finding.area] === undefined || looked === null) {
    return isFresh(known) ? say('unsure', 'no run yet') : say('abstain', 'no run');
  }
  if (!isFresh(looked)) return say('abstain', `no run since ${looked}`);
  const seen = state.findings.find((one) => findingIdentity(one) === findingIdentity(finding)) ?? null;
  const doubt = seen === null ? doubtOf(finding, state) : seen.unknown;
  if (doubt !== null && !isFresh(doubt)) return say('abstain', `could not tell since ${doubt}`);
  if (seen === null) return say('absent', 'not there');
  if (seen.gone !== null) return say('unsure', 'not there in one run', seen);
  return seen.confirmed ? say('present', `there since ${seen.since}`, seen) : say('unsure', 'there in one run', seen);
}

/** Since when the vantage cannot tell whether a finding that it does not have is there; null if it can. */
function doubtOf(finding: VotedFinding, { domain, findings }: PostureState): string | null {
  const doubts = findings.filter((one) => one.outcome === 'unable' && isLeftOpen(finding, domain, [one]));
  return doubts.map(({ since }) => since).sort()[0] ?? null;
}

function latest(one: string | undefined, other: string | undefined): string | null {
  return [one ?? '', other ?? ''].sort()[1] || null;
}

/** What the vantages decide together; `open`: nothing is decided, and all stays as it is. */
export interface PostureDecision {
  readonly presence: 'present' | 'absent' | 'open';
  readonly votes: readonly PostureVote[];
}

/** All vantages that do not abstain must agree. */
export function decidePresence(votes: readonly PostureVote[]): PostureDecision {
  const cast = new Set(votes.map(({ vote }) => vote).filter((vote) => vote !== 'abstain'));
  const [only] = cast;
  return { presence: cast.size === 1 && (only === 'present' || only === 'absent') ? only : 'open', votes };
}
