import { isOpen } from '../judgement/incident.ts';
import type { Judgement } from '../judgement/judgement-state.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addTimelineLine } from './evidence.ts';

/** Acknowledges the open incident: its updates are no longer sent, only its end. Returns the same judgement if none is open. */
export function acknowledgeIncident(judgement: Judgement, by: string, now: number): Judgement {
  const { incident } = judgement;
  if (!isOpen(incident) || incident.acknowledged !== undefined) return judgement;
  const at = isoSeconds(now);
  return {
    ...judgement,
    incident: { ...addTimelineLine(incident, at, `acknowledged by ${by}`), acknowledged: { at, by } },
  };
}
