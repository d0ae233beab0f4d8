import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import { type Incident, isOpen } from '../judgement/incident.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addTimelineLine, addWitnesses, withLastFailures } from './evidence.ts';

/** Opens, updates or closes the incident as the verdict of the draft asks for. */
export function nextIncident(draft: JudgementDraft, facts: JudgementInputs): JudgementDraft {
  const { incident, verdict } = draft;
  if (verdict === 'up') return isOpen(incident) ? recovered(draft, incident, facts) : draft;
  if (isOpen(incident)) return { ...draft, incident: updated(incident, facts) };
  return leavesUp(facts) ? { ...draft, incident: opened(draft, facts) } : draft;
}

/** While it flaps it stays open over each recovery, which is noted all the same. */
function recovered(draft: JudgementDraft, incident: Incident, facts: JudgementInputs): JudgementDraft {
  if (!draft.memory.flapping) return closed(draft, incident, facts);
  const { previous, at, decision } = facts;
  if (previous.verdict === 'up') return draft;
  return { ...draft, incident: addTimelineLine(incident, at, `up: ${decision.reason}`) };
}

/** A target that was never judged may stay `unknown` without an incident; any other way out of `up` is one. */
function leavesUp({ previous, decision }: JudgementInputs): boolean {
  return decision.verdict !== 'unknown' || previous.verdict !== 'unknown';
}

function opened({ target, incident: last }: JudgementDraft, facts: JudgementInputs): Incident {
  const opened = beginning(facts, last);
  const { verdict, reason } = facts.decision;
  const incident = { id: `${target}@${opened}`, target, opened, closed: null, verdict, witnesses: [], timeline: [] };
  return addWitnesses(addTimelineLine(incident, facts.at, `${verdict}: ${reason}`), facts.ballots, facts.at);
}

/** The first failure behind the verdict, but not before the last incident ended: no two incidents share an id. */
function beginning({ decision, ballots, at }: JudgementInputs, last: Incident | null): string {
  const first = ballots.flatMap(({ vote, since, warning }) => {
    if (decision.warning !== null) return warning?.code === decision.warning ? [warning.since] : [];
    return vote === 'down' && since !== null ? [since] : [];
  });
  const earliest = decision.verdict === 'unknown' ? at : (first.sort()[0] ?? at);
  return last?.closed != null && last.closed > earliest ? last.closed : earliest;
}

function updated(incident: Incident, { previous, decision, ballots, at }: JudgementInputs): Incident {
  const { verdict, reason } = decision;
  const isSame = incident.verdict === verdict && previous.verdict === verdict;
  const turned = isSame ? incident : addTimelineLine({ ...incident, verdict }, at, `${verdict}: ${reason}`);
  return addWitnesses(turned, ballots, at);
}

/** It keeps its last bad verdict, and lasts a second at least: the next one may begin where it ends. */
function closed(
  draft: JudgementDraft,
  incident: Incident,
  { previous, at, decision, ballots }: JudgementInputs,
): JudgementDraft {
  const shortest = isoSeconds(Date.parse(incident.opened) + 1000);
  const line = `up: ${decision.reason}${previous.verdict === 'up' ? steadiness(draft, at) : ''}`;
  const ended = { ...withLastFailures(incident, ballots), closed: at > shortest ? at : shortest };
  return { ...draft, incident: addTimelineLine(ended, at, line) };
}

/** It flapped, and was over before. */
function steadiness({ since }: JudgementDraft, at: string): string {
  return `; steady for ${Math.round((Date.parse(at) - Date.parse(since)) / 60_000)} minutes`;
}
