import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import { type Incident, isOpen } from '../judgement/incident.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addTimelineLine, addWitnesses, withLastFailures } from './evidence.ts';

/** Opens, updates or closes the incident as the verdict of the draft asks for. */
export function nextIncident(draft: JudgementDraft, inputs: JudgementInputs): JudgementDraft {
  const { incident, verdict } = draft;
  if (verdict === 'up') return isOpen(incident) ? recover(draft, incident, inputs) : draft;
  if (isOpen(incident)) return { ...draft, incident: updateIncident(incident, inputs) };
  return leavesUp(inputs) ? { ...draft, incident: openIncident(draft, inputs) } : draft;
}

/** While it flaps it stays open over each recovery, which is noted all the same. */
function recover(draft: JudgementDraft, incident: Incident, inputs: JudgementInputs): JudgementDraft {
  if (!draft.memory.flapping) return closeIncident(draft, incident, inputs);
  const { previous, at, decision } = inputs;
  if (previous.verdict === 'up') return draft;
  return { ...draft, incident: addTimelineLine(incident, at, `up: ${decision.reason}`) };
}

/** A target that was never judged may stay `unknown` without an incident; any other way out of `up` is one. */
function leavesUp({ previous, decision }: JudgementInputs): boolean {
  return decision.verdict !== 'unknown' || previous.verdict !== 'unknown';
}

function openIncident({ target, incident: last }: JudgementDraft, inputs: JudgementInputs): Incident {
  const opened = openingTime(inputs, last);
  const { verdict, reason } = inputs.decision;
  const incident = { id: `${target}@${opened}`, target, opened, closed: null, verdict, witnesses: [], timeline: [] };
  return addWitnesses(addTimelineLine(incident, inputs.at, `${verdict}: ${reason}`), inputs.ballots, inputs.at);
}

/** The first failure behind the verdict, but not before the last incident ended: no two incidents share an id. */
function openingTime({ decision, ballots, at }: JudgementInputs, last: Incident | null): string {
  const first = ballots.flatMap(({ vote, since, warning }) => {
    if (decision.warning !== null) return warning?.code === decision.warning ? [warning.since] : [];
    return vote === 'down' && since !== null ? [since] : [];
  });
  const earliest = decision.verdict === 'unknown' ? at : (first.sort()[0] ?? at);
  return last?.closed != null && last.closed > earliest ? last.closed : earliest;
}

function updateIncident(incident: Incident, { previous, decision, ballots, at }: JudgementInputs): Incident {
  const { verdict, reason } = decision;
  const isSame = incident.verdict === verdict && previous.verdict === verdict;
  const changed = isSame ? incident : addTimelineLine({ ...incident, verdict }, at, `${verdict}: ${reason}`);
  return addWitnesses(changed, ballots, at);
}

/** It keeps its last bad verdict, and lasts a second at least: the next one may begin where it ends. */
function closeIncident(
  draft: JudgementDraft,
  incident: Incident,
  { previous, at, decision, ballots }: JudgementInputs,
): JudgementDraft {
  const shortest = isoSeconds(Date.parse(incident.opened) + 1000);
  const line = `up: ${decision.reason}${previous.verdict === 'up' ? steadyText(draft, at) : ''}`;
  const ended = { ...withLastFailures(incident, ballots), closed: at > shortest ? at : shortest };
  return { ...draft, incident: addTimelineLine(ended, at, line) };
}

/** It flapped, and was over before. */
function steadyText({ since }: JudgementDraft, at: string): string {
  return `; steady for ${Math.round((Date.parse(at) - Date.parse(since)) / 60_000)} minutes`;
}
