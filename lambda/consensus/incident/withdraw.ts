import { isOpen } from '../judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from '../judgement/judgement.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addTimelineLine, incidentExcerpt } from './evidence.ts';

/**
 * The target was taken out of the config: its open incident ends as withdrawn, and people who were told of it are told so.
 * The same judgement where there is nothing to end. Put back later, the target starts as one never judged.
 */
export function withdrawTarget(judgement: Judgement, now: number): Judgement {
  const { target, incident, verdict, owed, memory = EMPTY_MEMORY } = judgement;
  if (verdict === 'unknown' && !isOpen(incident)) return judgement;
  const at = isoSeconds(now);
  const closed = isOpen(incident)
    ? { ...addTimelineLine(incident, at, 'withdrawn: no longer in the config'), closed: at }
    : incident;
  const alert = {
    id: `${closed?.id ?? target}#${memory.alerts + 1}-recovered`,
    kind: 'recovered' as const,
    subject: target,
    at,
    was: verdict,
    is: 'unknown' as const,
    incident: closed && incidentExcerpt(closed),
    votes: [],
    reason: 'withdrawn: the target is no longer in the config',
  };
  const next = { target, verdict: 'unknown' as const, since: at, incident: closed, memory: EMPTY_MEMORY };
  return { ...next, owed: memory.told === 'up' ? owed : [...owed, alert] };
}
