/** Witnesses and timeline of an incident. */
import type { Incident, Witness } from '../judgement/incident.ts';
import { type Observation, secondOf } from '../judgement/observation.ts';
import type { Ballot } from '../judgement/verdict.ts';

/** How many timeline lines are kept. With these limits an incident stays far below the 400 KB of one item. */
const TIMELINE = { first: 10, last: 29 } as const;

/** Adds the failures in the ballots to the witnesses, and new ones to the timeline. */
export function addWitnesses(incident: Incident, ballots: readonly Ballot[], at: string): Incident {
  return ballots.reduce((current, { newest, vote, since, warning }) => {
    const isFailure = newest?.outcome === 'fail' || (newest?.outcome === 'warn' && incident.verdict === 'degraded');
    const first = since ?? warning?.since ?? (newest === null ? at : secondOf(newest));
    return isFailure && vote !== 'abstain' ? addWitness(current, newest, first, at) : current;
  }, incident);
}

/** Updates the last failure of each witness. This is done at the close of the incident, not every minute. */
export function withLastFailures(incident: Incident, ballots: readonly Ballot[]): Incident {
  const last = new Map(ballots.map(({ vantage, lastFailure }) => [vantage, lastFailure]));
  const witnesses = incident.witnesses.map((witness) => {
    const lastFailure = last.get(witness.vantage) ?? witness.lastFailure;
    return lastFailure > witness.lastFailure ? { ...witness, lastFailure } : witness;
  });
  return { ...incident, witnesses };
}

function addWitness(incident: Incident, seen: Observation, first: string, at: string): Incident {
  const before = incident.witnesses.find(({ vantage }) => vantage === seen.vantage);
  if (before === undefined)
    return addTimelineLine(
      { ...incident, witnesses: [...incident.witnesses, witnessOf(seen, first)] },
      at,
      failureText(seen),
    );
  const after = updateWitness(before, seen);
  if (after === before) return incident;
  const witnesses = incident.witnesses.map((witness) => (witness === before ? after : witness));
  const changed = after.phase !== before.phase || after.code !== before.code;
  return changed ? addTimelineLine({ ...incident, witnesses }, at, failureText(seen)) : { ...incident, witnesses };
}

function witnessOf(seen: Observation, first: string): Witness {
  const { vantage, phase, code, reply, transcript = [] } = seen;
  return { vantage, firstFailure: first, lastFailure: secondOf(seen), phase, code, reply, transcript };
}

/**
 * Causes that a probe sees once an hour only, because the question leaves a line in the log of the server. The code of the
 * rounds in between is the value.
 */
const OCCASIONAL_CAUSES: Readonly<Record<string, string>> = {
  'tls-on-plain-port': 'silence',
  'not-smtp-http': 'silence',
};

/** Returns the same witness unless the failure changed or the transcript is longer, so that an incident is not written every minute. */
function updateWitness(witness: Witness, seen: Observation): Witness {
  const { phase, code, reply, transcript = [] } = seen;
  const longer = transcript.length > witness.transcript.length;
  const isSame = witness.phase === phase && witness.code === code;
  if (isUnasked(witness, seen) || (isSame && !longer)) return witness;
  const lastFailure = secondOf(seen);
  return { ...witness, lastFailure, phase, code, reply, transcript: longer ? transcript : witness.transcript };
}

/** The witness has a cause that the next failure did not ask for. */
function isUnasked(witness: Witness, { phase, code }: Observation): boolean {
  return witness.code !== null && witness.phase === phase && OCCASIONAL_CAUSES[witness.code] === code;
}

function failureText({ vantage, outcome, phase, code }: Observation): string {
  return `${vantage} ${outcome === 'fail' ? 'failed' : 'warned'} at ${phase ?? 'an unnamed phase'}: ${code ?? 'no code'}`;
}

/** The incident with one more line on its timeline. */
export function addTimelineLine(incident: Incident, at: string, what: string): Incident {
  const timeline = [...incident.timeline, { at, what }];
  const bounded = timeline.length > TIMELINE.first + 1 + TIMELINE.last ? shorten(timeline) : timeline;
  return { ...incident, timeline: bounded };
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

/** The incident for an alert, with the longest transcript only, so that many pending alerts fit into one item. */
export function incidentExcerpt(incident: Incident): Incident {
  const longest = Math.max(...incident.witnesses.map(({ transcript }) => transcript.length));
  const kept = incident.witnesses.findIndex(({ transcript }) => transcript.length === longest);
  const witnesses = incident.witnesses.map((witness, i) => (i === kept ? witness : { ...witness, transcript: [] }));
  return { ...incident, witnesses };
}
