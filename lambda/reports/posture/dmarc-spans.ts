/** How DMARC stood over a time span. */
import type { PostureState } from '../../consensus/posture/posture-state.ts';
import { clipSpans, lengthOfSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { spansWithout } from '../source/up-down-unwatched.ts';

/** `broken`: no record, or one that receivers do not use. `none`: a record whose policy asks for nothing. */
export type DmarcState = 'enforced' | 'none' | 'broken';

const STATES: readonly DmarcState[] = ['enforced', 'none', 'broken'];

interface WatchedStates {
  readonly states: readonly PostureState[];
  readonly watched: { readonly rest: readonly TimeSpan[] };
}

/**
 * Milliseconds in each state; together with `unwatched` they are the span. The record is the same for all who ask: the first
 * vantage that watches says how it is.
 */
export function dmarcSpans(
  vantages: readonly WatchedStates[],
  span: TimeSpan,
): Readonly<Record<DmarcState | 'unwatched', number>> {
  const times = { enforced: 0, none: 0, broken: 0, unwatched: 0 };
  let left: readonly TimeSpan[] = [span];
  for (const { states, watched } of vantages) {
    const spans = stateSpans(states, span.to);
    for (const state of STATES) {
      const known = mergeSpans(spans.filter((one) => one.state === state));
      const seen = clipSpans(known, span).flatMap((one) => clipSpans(watched.rest, one));
      const taken = seen.flatMap((one) => clipSpans(left, one));
      times[state] += lengthOfSpans(taken);
      left = spansWithout(left, mergeSpans(taken));
    }
  }
  return { ...times, unwatched: lengthOfSpans(left) };
}

/** What each item says, until the next one. */
function stateSpans(
  states: readonly PostureState[],
  until: number,
): readonly (TimeSpan & { readonly state: DmarcState })[] {
  return states.flatMap((state, nth) => {
    const next = states[nth + 1];
    const [from, to] = [secondOf(state.at), next === undefined ? until : secondOf(next.at)];
    const own = dmarcState(state);
    return own === null || from >= to ? [] : [{ from, to, state: own }];
  });
}

/** Null if nothing is known. */
function dmarcState({ findings }: PostureState): DmarcState | null {
  const own = findings.filter(({ area, gone, outcome }) => area === 'dmarc' && gone === null && outcome !== 'unable');
  if (own.length === 0) return null;
  if (own.some(({ outcome }) => outcome === 'fail')) return 'broken';
  return own.some(({ code }) => code === 'dmarc-policy-none') ? 'none' : 'enforced';
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000) * 1000;
}
