import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import { deploymentTime } from '../judgement/grace-time-after-added-to-config.ts';
import { type Incident, isOpen } from '../judgement/incident.ts';
import { probeInterval } from '../judgement/policy.ts';
import { isoSeconds, laterTime } from '../judgement/round-name.ts';
import { addEvidence, addTimelineLine, endChapter } from './evidence.ts';

/** Opens, updates or closes the incident by the verdict of the draft. */
export function nextIncident(draft: JudgementDraft, inputs: JudgementInputs): JudgementDraft {
  const { incident, verdict } = draft;
  if (verdict === 'up') return isOpen(incident) ? recover(draft, incident, inputs) : draft;
  if (isOpen(incident)) return { ...draft, incident: updateIncident(incident, inputs) };
  return leavesUp(inputs) || isUnknownFromStart(draft, inputs)
    ? { ...draft, incident: openIncident(draft, inputs) }
    : draft;
}

/** Closes the incident. While the target flaps, the incident stays open and its timeline records the recovery. */
function recover(draft: JudgementDraft, incident: Incident, inputs: JudgementInputs): JudgementDraft {
  if (!draft.memory.flapping) return closeIncident(draft, incident, inputs);
  const { previous, at, decision, ballots } = inputs;
  if (previous.verdict === 'up') return draft;
  return { ...draft, incident: addTimelineLine(endChapter(incident, ballots, at), at, `up: ${decision.reason}`) };
}

/** Whether an incident opens at once. A new target is `unknown` without one for some rounds. */
function leavesUp({ previous, decision }: JudgementInputs): boolean {
  return decision.verdict !== 'unknown' || previous.verdict !== 'unknown';
}

/** Whether a target never had another verdict than `unknown`, and has been in the config for long enough to have one. */
function isUnknownFromStart({ since, memory }: JudgementDraft, { now, policy }: JudgementInputs): boolean {
  return now - Date.parse(since) >= policy.silence * probeInterval(policy) + deploymentTime(memory);
}

function openIncident({ target, since, incident: last }: JudgementDraft, inputs: JudgementInputs): Incident {
  const opened = openingTime(inputs, since, last);
  const { verdict } = inputs.decision;
  const incident = { id: `${target}@${opened}`, target, opened, closed: null, verdict, witnesses: [], timeline: [] };
  return addVerdictLine(addEvidence(incident, inputs), inputs);
}

/** The verdict follows the failures that led to it. */
function addVerdictLine(incident: Incident, { decision, ballots, at }: JudgementInputs): Incident {
  const line = `${decision.verdict}: ${decision.reason}`;
  if (decision.verdict !== 'down') return addTimelineLine(incident, at, line);
  const [first = at] = ballots.flatMap(({ vote, since }) => (vote === 'down' && since !== null ? [since] : [])).sort();
  return addTimelineLine(incident, at, line, laterTime(first, incident.opened));
}

/** The first failure that led to the verdict, but not before the end of the last incident, so that ids are unique. */
function openingTime({ decision, ballots, at }: JudgementInputs, since: string, last: Incident | null): string {
  const first = ballots.flatMap(({ vote, since, warning }) => {
    if (decision.warning !== null) return warning?.code === decision.warning ? [warning.since] : [];
    return vote === 'down' && since !== null ? [since] : [];
  });
  const earliest = decision.verdict === 'unknown' ? since : (first.sort()[0] ?? at);
  return last?.closed != null && last.closed > earliest ? last.closed : earliest;
}

function updateIncident(incident: Incident, inputs: JudgementInputs): Incident {
  const { verdict } = inputs.decision;
  const isSame = incident.verdict === verdict && inputs.previous.verdict === verdict;
  const updated = addEvidence(incident, inputs);
  return isSame ? updated : addVerdictLine({ ...updated, verdict }, inputs);
}

/** Closes the incident, with its last bad verdict. It lasts one second or more, so that the next one may begin at its end. */
function closeIncident(
  draft: JudgementDraft,
  incident: Incident,
  { previous, at, decision, ballots }: JudgementInputs,
): JudgementDraft {
  const shortest = isoSeconds(Date.parse(incident.opened) + 1000);
  const line = `up: ${decision.reason}${previous.verdict === 'up' ? steadyText(draft, at) : ''}`;
  const ended = { ...endChapter(incident, ballots, at), closed: at > shortest ? at : shortest };
  return { ...draft, incident: addTimelineLine(ended, at, line) };
}

/** For an incident that flapped: the time since the verdict last changed. */
function steadyText({ since }: JudgementDraft, at: string): string {
  return `; steady for ${Math.round((Date.parse(at) - Date.parse(since)) / 60_000)} minutes`;
}
