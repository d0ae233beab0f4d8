/** When one vantage saw each finding, from the items that it stored. */
import { findingIdentity, type PostureState, type TrackedFinding } from '../../consensus/posture/posture-state.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';

export interface SeenFinding extends Pick<TrackedFinding, 'area' | 'code' | 'subject' | 'outcome'> {
  readonly spans: readonly TimeSpan[];
}

interface OpenSpan {
  readonly finding: TrackedFinding;
  readonly isConfirmed: boolean;
}

/**
 * By identity. A finding that only one run saw is not counted. While a vantage cannot tell, its last word counts for `lasting`.
 * @param states of one vantage, oldest first
 * @param until the time up to which the last state is known to hold, epoch milliseconds
 */
export function findingSpans(
  states: readonly PostureState[],
  until: number,
  lasting: (finding: TrackedFinding) => number,
): ReadonlyMap<string, SeenFinding> {
  const seen = new Map<string, SeenFinding>();
  let open = new Map<string, OpenSpan>();
  const close = ({ finding, isConfirmed }: OpenSpan, end: number) => {
    const { area, code, subject, outcome, since, unknown } = finding;
    const limit = unknown === null ? end : Math.min(end, Date.parse(unknown) + lasting(finding));
    const span = { from: Date.parse(since), to: limit };
    const identity = findingIdentity(finding);
    const before = seen.get(identity)?.spans ?? [];
    if (isConfirmed && span.to > span.from)
      seen.set(identity, { area, code, subject, outcome, spans: [...before, span] });
  };
  for (const state of states) {
    const present = new Map<string, OpenSpan>();
    for (const finding of state.findings) {
      const identity = findingIdentity(finding);
      const isConfirmed = finding.confirmed || open.get(identity)?.isConfirmed === true;
      if (finding.gone === null) present.set(identity, { finding, isConfirmed });
      else close({ finding, isConfirmed }, Date.parse(finding.gone));
    }
    for (const [identity, span] of open) {
      const isStillThere = state.findings.some((finding) => findingIdentity(finding) === identity);
      if (!isStillThere) close(span, Date.parse(state.areas[span.finding.area] ?? state.at));
    }
    open = present;
  }
  for (const span of open.values()) close(span, until);
  return seen;
}
