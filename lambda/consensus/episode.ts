import { concluded, noted, witnessed } from './evidence.ts';
import { type Incident, isOpen } from './incident.ts';
import type { Case, Draft } from './judge.ts';
import { roundName } from './observation.ts';

/** Opens, updates or closes the incident as the verdict of the draft asks for. */
export function nextIncident(draft: Draft, facts: Case): Draft {
  const { incident, verdict } = draft;
  if (verdict === 'up') return isOpen(incident) && !draft.memory.flapping ? closed(draft, incident, facts) : draft;
  if (isOpen(incident)) return { ...draft, incident: updated(incident, facts) };
  return leavesUp(facts) ? { ...draft, incident: opened(draft, facts) } : draft;
}

/** A target that was never judged may stay `unknown` without an incident; any other way out of `up` is one. */
function leavesUp({ previous, decision }: Case): boolean {
  return decision.verdict !== 'unknown' || previous.verdict !== 'unknown';
}

function opened({ target, incident: last }: Draft, facts: Case): Incident {
  const opened = beginning(facts, last);
  const { verdict, reason } = facts.decision;
  const incident = { id: `${target}@${opened}`, target, opened, closed: null, verdict, witnesses: [], timeline: [] };
  return witnessed(noted(incident, facts.at, `${verdict}: ${reason}`), facts.ballots, facts.at);
}

/** The first failure behind the verdict, but not before the last incident ended: no two incidents share an id. */
function beginning({ decision, ballots, at }: Case, last: Incident | null): string {
  const first = ballots.flatMap(({ vote, since, warning }) => {
    if (decision.warning !== null) return warning?.code === decision.warning ? [warning.since] : [];
    return vote === 'down' && since !== null ? [since] : [];
  });
  const earliest = decision.verdict === 'unknown' ? at : (first.sort()[0] ?? at);
  return last?.closed != null && last.closed > earliest ? last.closed : earliest;
}

function updated(incident: Incident, { decision, ballots, at }: Case): Incident {
  const { verdict, reason } = decision;
  const turned = incident.verdict === verdict ? incident : noted({ ...incident, verdict }, at, `${verdict}: ${reason}`);
  return witnessed(turned, ballots, at);
}

/** It keeps its last bad verdict, and lasts a second at least: the next one may begin where it ends. */
function closed(draft: Draft, incident: Incident, { at, decision, ballots }: Case): Draft {
  const shortest = roundName(Date.parse(incident.opened) + 1000);
  const line = `${decision.verdict}: ${decision.reason}`;
  const ended = { ...concluded(incident, ballots), closed: at > shortest ? at : shortest };
  return { ...draft, incident: noted(ended, at, line) };
}
