import { isOpen } from '../judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement, type Memory } from '../judgement/judgement-state.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addTimelineLine, incidentExcerpt } from './evidence.ts';

/**
 * Ends the judgement of a target that is no longer in the config. An open incident is closed as withdrawn, with an alert if
 * it was reported. Returns the same judgement if there is nothing to end. If the target is added again, it starts as new.
 */
export function withdrawTarget(judgement: Judgement, now: number): Judgement {
  const { target, incident, verdict, owed, memory = EMPTY_MEMORY } = judgement;
  if (memory.presence === 'gone') return judgement;
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
  const gone: Memory = { ...EMPTY_MEMORY, presence: 'gone' };
  const isWithoutVerdict = verdict === 'unknown' && !isOpen(incident);
  const since = isWithoutVerdict ? judgement.since : at;
  const next = { target, verdict: 'unknown' as const, since, incident: closed, memory: gone };
  return { ...next, owed: memory.told === 'up' ? owed : [...owed, alert] };
}
