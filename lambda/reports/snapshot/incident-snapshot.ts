import type { Incident, Witness } from '../../consensus/judgement/incident.ts';
import type { IncidentSnapshot, WitnessSnapshot } from './snapshot.ts';

export function incidentSnapshot(incident: Incident): IncidentSnapshot {
  const { id, target, opened, closed, verdict, acknowledged = null, timeline, witnesses } = incident;
  const lines = timeline.map(({ at, what }) => ({ at, what }));
  return {
    id,
    target,
    opened,
    closed,
    verdict,
    acknowledged,
    timeline: lines,
    witnesses: witnesses.map(witnessSnapshot),
  };
}

function witnessSnapshot(witness: Witness): WitnessSnapshot {
  const { vantage, firstFailure, lastFailure, phase, code, reply, detail = null, transcript } = witness;
  return { vantage, from: firstFailure, to: lastFailure, phase, code, reply, detail, transcript };
}
