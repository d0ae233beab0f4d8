/** The next state of one finding: whether it is reported now, or its end is. */
import type { IgnoredPosture } from './posture-policy.ts';
import type { JudgedFinding } from './posture-verdict.ts';
import type { PostureDecision, PostureVote, VotedFinding } from './posture-vote.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A finding that is reported so often in a day flaps. */
const FLAPS = 3;
/** Milliseconds without a change after which the end of a finding that flaps is reported, or the finding counts as lasting. */
const STEADY = 6 * HOUR;

/** `told`: it is reported in this pass. `over`: its end is. */
export interface JudgedStep {
  readonly finding: JudgedFinding;
  readonly news: 'told' | 'over' | null;
  readonly votes: readonly PostureVote[];
  /** It was ignored until now. */
  readonly ignored?: { readonly until: string; readonly reason: string };
}

interface FindingQuestion {
  readonly finding: VotedFinding & Pick<JudgedFinding, 'kind' | 'detail'>;
  readonly before: JudgedFinding | null;
  readonly decision: PostureDecision;
  readonly ignored: IgnoredPosture | null;
  readonly now: number;
  /** `now` as ISO 8601 UTC. */
  readonly at: string;
}

/** Null if nothing needs to be remembered of it. */
export function judgeFinding(question: FindingQuestion): JudgedStep | null {
  const { before, decision, ignored } = question;
  const present = seenNow(question);
  const isForgotten = !present.isPresent && before?.state !== 'told' && present.tellings.length === 0;
  if (isForgotten) return null;
  const step = (finding: JudgedFinding, news: JudgedStep['news'] = null) => ({ finding, news, votes: decision.votes });
  if (ignored !== null)
    return step({ ...present, state: 'ignored', ignored: { until: ignored.until, reason: ignored.reason } });
  if (before?.state === 'told') return endOf(present, decision, step);
  if (!present.isPresent) return step({ ...present, state: 'over' });
  // It is no longer ignored, and no vantage can say that it is there: it is reported when one does.
  if (decision.presence === 'open' && before?.ignored !== undefined)
    return step({ ...present, state: 'ignored', ignored: before.ignored });
  const told = step(toldNow(present, question), 'told');
  return before?.ignored === undefined ? told : { ...told, ignored: before.ignored };
}

/** What is known of its presence. While nothing is decided, it is as it was. */
function seenNow({ finding, before, decision, now, at }: FindingQuestion): JudgedFinding {
  const { presence, votes } = decision;
  const isPresent = presence === 'open' ? (before?.isPresent ?? false) : presence === 'present';
  const turned = before?.isPresent === isPresent ? before.turned : at;
  const tellings = (before?.tellings ?? []).filter((time) => now - Date.parse(time) < DAY);
  const flapping = before?.flapping === true && now - Date.parse(turned) < STEADY;
  const { kind, area, code, subject, detail } = finding;
  const known = { since: firstSeen(votes) ?? at, state: 'over' as const, ...before };
  const { ignored: _, ...rest } = { ...known, kind, area, code, subject, detail };
  return { ...rest, isPresent, turned, tellings, flapping };
}

/** It is over if the vantages agree now that it is absent, and it does not flap. */
function endOf(
  present: JudgedFinding,
  { presence }: PostureDecision,
  step: (finding: JudgedFinding, news?: 'over') => JudgedStep,
): JudgedStep {
  if (presence !== 'absent' || present.flapping) return step({ ...present, state: 'told' });
  return step({ ...present, state: 'over' }, 'over');
}

function toldNow(present: JudgedFinding, { decision, at }: FindingQuestion): JudgedFinding {
  const tellings = [...present.tellings, at];
  const since = firstSeen(decision.votes) ?? present.since;
  return { ...present, state: 'told', since, tellings, flapping: tellings.length >= FLAPS };
}

function firstSeen(votes: readonly PostureVote[]): string | null {
  return votes.flatMap(({ seen }) => (seen === null ? [] : [seen.since])).sort()[0] ?? null;
}
