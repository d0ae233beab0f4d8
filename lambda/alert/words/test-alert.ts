import type { Alert } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';

/** The alert that shows who gets alerts. It reports nothing, and is never stored. */
export function testAlert(id: string, now: number): Alert {
  const at = isoSeconds(now);
  const reason = 'sent by hand, to see who gets alerts. Nothing is wrong';
  return {
    id: `test@${at}#${id}`,
    kind: 'test',
    subject: 'test',
    at,
    was: 'up',
    is: 'up',
    incident: null,
    votes: [],
    reason,
  };
}
