/** What differs between two sessions. */

import { PHASE_ORDER } from '../../lambda/smtp/sample/session-phases.ts';
import { factNames } from './session-facts.ts';
import type { Session } from './sessions.ts';

/** What of a session differs from the other: names of phases, of facts, and of its other parts. */
export interface SessionDifferences {
  readonly phases: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
  readonly parts: ReadonlySet<'outcome' | 'address' | 'reply' | 'total'>;
}

/** Times differ by more than this share of the longer one, and milliseconds: networks are never equal. */
const LEAST_SHARE = 0.25;
const LEAST_LENGTH = 10;

export function compareSessions(a: Session, b: Session): SessionDifferences {
  const phases = PHASE_ORDER.filter((phase) => isOtherTime(a.timings[phase], b.timings[phase]));
  const [left, right] = [a.seen?.facts ?? {}, b.seen?.facts ?? {}];
  const parts = [
    ['outcome', a.outcome !== b.outcome || a.seen?.code !== b.seen?.code],
    ['address', a.seen?.address !== b.seen?.address],
    ['reply', a.seen?.reply !== b.seen?.reply],
    ['total', isOtherTime(a.total, b.total)],
  ] as const;
  return {
    phases: new Set(phases),
    facts: new Set(factNames(left, right).filter((name) => left[name] !== right[name])),
    parts: new Set(parts.flatMap(([part, differs]) => (differs ? [part] : []))),
  };
}

function isOtherTime(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return Math.abs(a - b) > Math.max(LEAST_LENGTH, LEAST_SHARE * Math.max(a, b));
}

interface TranscriptLine {
  readonly text: string;
  /** Not in the other transcript, at this place. */
  readonly differs: boolean;
}

/** Lines longer than this table are compared by their place alone. */
const MOST_CELLS = 250_000;

/** The lines of `own`, each with whether a longest common sequence of both has it. */
export function markLines(own: readonly string[], other: readonly string[]): readonly TranscriptLine[] {
  if (own.length * other.length > MOST_CELLS) return own.map((text, nth) => ({ text, differs: other[nth] !== text }));
  const lengths = commonLengths(own, other);
  const width = other.length + 1;
  let place = 0;
  return own.map((text, nth) => {
    const here = (at: number) => lengths[nth * width + at] ?? 0;
    while (place < other.length && here(place + 1) === here(place) && other[place] !== text) place += 1;
    const isCommon = other[place] === text && here(place) === (lengths[(nth + 1) * width + place + 1] ?? 0) + 1;
    if (isCommon) place += 1;
    return { text, differs: !isCommon };
  });
}

/** At `a * (other.length + 1) + b`: the length of the longest common sequence of the lines from `a` on, and from `b` on. */
function commonLengths(own: readonly string[], other: readonly string[]): Uint16Array {
  const width = other.length + 1;
  const lengths = new Uint16Array((own.length + 1) * width);
  for (let a = own.length - 1; a >= 0; a -= 1) {
    for (let b = other.length - 1; b >= 0; b -= 1) {
      lengths[a * width + b] =
        own[a] === other[b]
          ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0);
    }
  }
  return lengths;
}
