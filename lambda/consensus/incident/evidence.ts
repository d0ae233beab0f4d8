/** Witnesses and timeline of an incident. */

import type { JudgementInputs } from '../judgement/draft.ts';
import type { Alert, Incident, Witness } from '../judgement/incident.ts';
import type { Chapter } from '../judgement/incident-chapter.ts';
import type { Observation } from '../judgement/observation.ts';
import { laterTime } from '../judgement/round-name.ts';
import type { Ballot } from '../judgement/vote-and-verdict-definitions.ts';
import { chapterOf, nextChapter } from './chapters.ts';
import { leadingWitness } from './leading-witness.ts';
import { continuesFailure } from './same-failure-as-before.ts';
import { type Sighting, sightingsOf, warningOf } from './sightings.ts';

/** How many timeline lines are kept. With these limits an incident stays far below the 400 KB of one item. */
const TIMELINE = { first: 10, last: 29 } as const;

/**
 * Adds what the vantages see to the incident. If the failure that the verdict is about changes, a chapter begins, with
 * witnesses of its own. Returns the same incident if nothing is new.
 */
export function addEvidence(incident: Incident, inputs: JudgementInputs): Incident {
  const before = chapterOf(incident);
  const subject = { ...inputs, decision: { ...inputs.decision, warning: warningOf(before, inputs) } };
  const sightings = sightingsOf(subject).map((sighting) => notBefore(sighting, incident));
  const chapter = nextChapter(before, incident.opened, sightings, subject);
  const known = new Map(incident.witnesses.map((witness) => [witness.vantage, witness]));
  const begun = chapter === before ? incident : beginChapter(incident, chapter, inputs);
  const seen = sightings.reduce((current, sighting) => addWitness(current, sighting), begun);
  const news = sightings.filter(({ seen }) => !hasSameFailure(known.get(seen.vantage), seen));
  return news.reduce((current, sighting) => addFailureLine(current, sighting, inputs), seen);
}

/** An incident begins at the end of the one before at the earliest, and a chapter after a recovery begins at that. */
function notBefore(sighting: Sighting, { opened, chapter }: Incident): Sighting {
  return { ...sighting, first: laterTime(sighting.first, chapter?.to ?? opened) };
}

function beginChapter(incident: Incident, chapter: Chapter | null, { ballots }: JudgementInputs): Incident {
  if (chapter === null) return incident;
  const { phase, code, warning, from } = chapter;
  const earlier = ballots.map((ballot) => ({
    ...ballot,
    problems: ballot.problems.filter(({ second }) => second < from),
  }));
  const last = withLastFailures(incident, earlier).witnesses.map(({ vantage, lastFailure }) => [vantage, lastFailure]);
  const isFirst = incident.first === undefined && warning === null && code !== null;
  return {
    ...incident,
    witnesses: [],
    chapter: { ...chapter, ...(last.length === 0 ? {} : { lastFailuresBefore: Object.fromEntries(last) }) },
    ...(isFirst ? { first: { phase, code } } : {}),
  };
}

/** Ends the present chapter at a recovery. An incident that version 0.1 opened has none until its failure changes. */
export function endChapter(incident: Incident, ballots: readonly Ballot[], at: string): Incident {
  const { chapter, ...rest } = incident;
  if (chapter === undefined) return withLastFailures(incident, ballots);
  return chapter.to === null
    ? { ...withLastFailures(rest, ballots), chapter: { ...chapter, to: laterTime(at, chapter.from) } }
    : incident;
}

/** Updates the last failure of each witness. This is done at the end of the chapter, not every minute. */
export function withLastFailures(incident: Incident, ballots: readonly Ballot[]): Incident {
  const problems = new Map(ballots.map(({ vantage, problems }) => [vantage, problems]));
  const witnesses = incident.witnesses.map((witness) => {
    const last = problems.get(witness.vantage)?.findLast((seen) => hasSameFailure(witness, seen))?.second ?? '';
    return last > witness.lastFailure ? { ...witness, lastFailure: last } : witness;
  });
  return { ...incident, witnesses };
}

function hasSameFailure(witness: Witness | undefined, { outcome, phase, code }: Observation): boolean {
  if (witness === undefined || !continuesFailure(witness, { phase, code })) return false;
  return (witness.outcome ?? outcome) === outcome;
}

function addWitness(incident: Incident, sighting: Sighting): Incident {
  const { witnesses } = incident;
  const before = witnesses.find(({ vantage }) => vantage === sighting.seen.vantage);
  if (before === undefined) return { ...incident, witnesses: [...witnesses, witnessOf(sighting)] };
  const after = updateWitness(before, sighting);
  if (after === before) return incident;
  return { ...incident, witnesses: witnesses.map((witness) => (witness === before ? after : witness)) };
}

function witnessOf({ seen, first }: Sighting): Witness {
  const { vantage, second, phase, code, reply, detail = null, transcript = [] } = seen;
  const outcome = seen.outcome === 'warn' ? 'warn' : 'fail';
  const lastFailure = laterTime(second, first);
  return { vantage, firstFailure: first, lastFailure, phase, code, reply, detail, outcome, transcript };
}

/**
 * Returns the same witness unless the failure changed or the transcript is longer, so that an incident is not written every
 * minute. Reply and transcript are always of one session.
 */
function updateWitness(witness: Witness, sighting: Sighting): Witness {
  const { seen } = sighting;
  if (!hasSameFailure(witness, seen)) return witnessOf(sighting);
  if (seen.code !== witness.code || (seen.transcript ?? []).length <= witness.transcript.length) return witness;
  return { ...witnessOf(sighting), firstFailure: witness.firstFailure };
}

/** A line at the time of the first failure: a timeline has the cause before its effect. */
function addFailureLine(incident: Incident, { seen, first }: Sighting, { at }: JudgementInputs): Incident {
  const time = first > at ? at : first;
  const { timeline } = incident;
  const place = timeline.findLastIndex((line) => line.at <= time || omittedLines(line) !== null) + 1;
  const line = { at: time, what: failureText(seen) };
  return bounded({ ...incident, timeline: [...timeline.slice(0, place), line, ...timeline.slice(place)] });
}

function failureText({ vantage, outcome, phase, code }: Observation): string {
  return `${vantage} ${outcome === 'fail' ? 'failed' : 'warned'} at ${phase ?? 'an unnamed phase'}: ${code ?? 'no code'}`;
}

/**
 * The incident with one more line on its timeline.
 * @param since of the verdict `down`, the first failure that led to it
 */
export function addTimelineLine(incident: Incident, at: string, what: string, since?: string): Incident {
  const line = { at, what, ...(since === undefined ? {} : { since }) };
  return bounded({ ...incident, timeline: [...incident.timeline, line] });
}

function bounded(incident: Incident): Incident {
  const { timeline } = incident;
  return timeline.length > TIMELINE.first + 1 + TIMELINE.last ? { ...incident, timeline: shorten(timeline) } : incident;
}

type Timeline = Incident['timeline'];

/** Replaces the middle of a timeline by one line with the count of omitted lines and the time of the last of them. */
function shorten(timeline: Timeline): Timeline {
  const dropped = timeline.slice(TIMELINE.first, -TIMELINE.last);
  const count = dropped.reduce((sum, line) => sum + (omittedLines(line) ?? 1), 0);
  const between = { at: dropped.at(-1)?.at ?? '', what: `… ${count} changes left out` };
  return [...timeline.slice(0, TIMELINE.first), between, ...timeline.slice(-TIMELINE.last)];
}

/** How many omitted changes a timeline line stands for; null if it is a change itself. */
export function omittedLines({ what }: Timeline[number]): number | null {
  const count = /^… (\d+) changes left out$/.exec(what)?.[1];
  return count === undefined ? null : Number(count);
}

/** The incident for an alert, with the transcript of the leading witness only, so that many pending alerts fit into one item. */
export function incidentExcerpt(incident: Incident, votes: Alert['votes'] = []): Incident {
  const leading = leadingWitness(incident, votes);
  const witnesses = incident.witnesses.map((witness) =>
    witness === leading ? witness : { ...witness, transcript: [] },
  );
  if (incident.chapter === undefined) return { ...incident, witnesses };
  const { lastFailuresBefore: _, ...chapter } = incident.chapter;
  return { ...incident, chapter, witnesses };
}
