import { isOpen } from '../judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from '../judgement/judgement.ts';
import { roundName } from '../judgement/observation.ts';
import { addTimelineLine, incidentExcerpt } from './evidence.ts';

/** Somebody looks after the open incident: its updates are told no more, its end is. The same judgement where none is open. */
export function acknowledgeIncident(judgement: Judgement, by: string, now: number): Judgement {
  const { incident } = judgement;
  if (!isOpen(incident) || incident.acknowledged !== undefined) return judgement;
  const at = roundName(now);
  return {
    ...judgement,
    incident: { ...addTimelineLine(incident, at, `acknowledged by ${by}`), acknowledged: { at, by } },
  };
}

/**
 * The target was taken out of the config: its open incident ends as withdrawn, and people who were told of it are told so.
 * The same judgement where there is nothing to end. Put back later, the target starts as one never judged.
 */
export function withdrawTarget(judgement: Judgement, now: number): Judgement {
  const { target, incident, verdict, owed, memory = EMPTY_MEMORY } = judgement;
  if (verdict === 'unknown' && !isOpen(incident)) return judgement;
  const at = roundName(now);
  const ended = isOpen(incident)
    ? { ...addTimelineLine(incident, at, 'withdrawn: no longer in the config'), closed: at }
    : incident;
  const farewell = {
    id: `${ended?.id ?? target}#${memory.alerts + 1}-recovered`,
    kind: 'recovered' as const,
    subject: target,
    at,
    was: verdict,
    is: 'unknown' as const,
    incident: ended && incidentExcerpt(ended),
    votes: [],
    reason: 'withdrawn: the target is no longer in the config',
  };
  const next = { target, verdict: 'unknown' as const, since: at, incident: ended, memory: EMPTY_MEMORY };
  return { ...next, owed: memory.told === 'up' ? owed : [...owed, farewell] };
}
