/** The chapters of an incident: each change of the failure that the verdict is about begins one. */

import type { JudgementInputs } from '../judgement/draft.ts';
import type { ChapterEvidence, Incident } from '../judgement/incident.ts';
import type { Chapter } from '../judgement/incident-chapter.ts';
import { laterTime } from '../judgement/round-name.ts';
import { leadingWitness } from './leading-witness.ts';
import { continuesFailure } from './same-failure-as-before.ts';
import type { Sighting } from './sightings.ts';

type Failure = Pick<Chapter, 'phase' | 'code'>;

/** The chapter of an incident; null if it has no evidence. What version 0.1 wrote is one chapter. */
export function chapterOf(incident: Incident): Chapter | null {
  const { chapter, opened, closed } = incident;
  if (chapter !== undefined) return { ...chapter, to: chapter.to ?? closed };
  const leading = leadingWitness(incident);
  if (leading === null) return null;
  return { number: 1, from: opened, to: closed, phase: leading.phase, code: leading.code, warning: null };
}

/** The chapter after these sightings: the same object if the failure is the same, or is not known. */
export function nextChapter(
  before: Chapter | null,
  opened: string,
  sightings: readonly Sighting[],
  { decision, at }: Pick<JudgementInputs, 'decision' | 'at'>,
): Chapter | null {
  const failure = decision.verdict === 'unknown' ? NO_FAILURE : leadingFailure(sightings, before);
  if (failure === null || (before !== null && isSameChapter(before, failure, decision.warning))) return before;
  const earliest = before?.to ?? before?.from ?? opened;
  const firsts = sightings.filter(({ seen }) => isSameFailure(seen, failure)).map(({ first }) => first);
  const from = firsts.sort()[0] ?? at;
  return {
    number: (before?.number ?? 0) + 1,
    from: laterTime(from, earliest),
    to: null,
    ...failure,
    warning: decision.warning,
  };
}

const NO_FAILURE: Failure = { phase: null, code: null };

function isSameChapter(before: Chapter, failure: Failure, warning: string | null): boolean {
  return before.to === null && before.warning === warning && continuesFailure(before, failure);
}

function isSameFailure(one: Failure, other: Failure): boolean {
  return one.phase === other.phase && one.code === other.code;
}

/** The failure that most voters have in common. If several are equally frequent, that of the present chapter, or the first. */
function leadingFailure(sightings: readonly Sighting[], present: Failure | null): Failure | null {
  const voting = sightings.filter(({ votes }) => votes);
  const failures = (voting.length > 0 || present !== null ? voting : sightings).map(({ seen }) => seen);
  const countOf = (one: Failure) => failures.filter((other) => isSameFailure(one, other)).length;
  const most = Math.max(...failures.map(countOf));
  const leading = failures.filter((one) => countOf(one) === most);
  const { phase, code } = leading.find((one) => present !== null && isSameFailure(one, present)) ?? leading[0] ?? {};
  return phase === undefined || code === undefined ? null : { phase, code };
}

/** The chapter that ended between two states of an incident, with its evidence; null if none did. */
export function endedChapter(previous: Incident | null, next: Incident | null): ChapterEvidence | null {
  const chapter = previous === null ? null : chapterOf(previous);
  if (previous === null || chapter === null || previous.id !== next?.id) return null;
  const present = next.chapter;
  if (present === undefined || present.number === chapter.number) return null;
  const { number, from, to, phase, code, warning } = chapter;
  const witnesses = previous.witnesses.map((witness) => {
    const last = present.lastFailuresBefore?.[witness.vantage] ?? '';
    return last > witness.lastFailure ? { ...witness, lastFailure: last } : witness;
  });
  const evidence = { number, from, phase, code, warning, witnesses };
  return to === null ? { ...evidence, to: present.from, endsWithNext: true } : { ...evidence, to };
}
