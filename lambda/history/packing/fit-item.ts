/** Evidence is bounded: an alert that is owed must never be lost because its transcripts make an item too large. */
import type { Alert, Incident } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement.ts';
import { splitThreshold, valueSize } from '../table/item-size.ts';

/** Lines kept of each transcript, as few as it takes; then none. */
const allowances = [Number.POSITIVE_INFINITY, 60, 20, 5, 0];

export function fitJudgement<J extends Judgement>(judgement: J): J {
  const fitting = bounded(judgement, (allowance) => ({
    ...judgement,
    incident: shortened(judgement.incident, allowance),
    owed: judgement.owed.map((alert): Alert => ({ ...alert, incident: shortened(alert.incident, allowance) })),
  }));
  return valueSize(fitting) <= splitThreshold ? fitting : forgetful(fitting);
}

/** A server that makes up facts without end costs their comparison, not the verdict: they are learned again in silence. */
function forgetful<J extends Judgement>(judgement: J): J {
  const { memory } = judgement;
  return memory === undefined ? judgement : { ...judgement, memory: { ...memory, facts: {}, seen: [] } };
}

export function fitIncident(incident: Incident): Incident {
  return bounded(incident, (allowance) => shortened(incident, allowance));
}

function bounded<T extends object>(whole: T, shorten: (allowance: number) => T): T {
  if (valueSize(whole) <= splitThreshold) return whole;
  const shorter = allowances.map(shorten);
  return shorter.find((candidate) => valueSize(candidate) <= splitThreshold) ?? shorter.at(-1) ?? whole;
}

/** The end of a transcript is where it failed. */
function shortened<I extends Incident | null>(incident: I, allowance: number): I {
  if (incident === null) return incident;
  const witnesses = incident.witnesses.map((witness) => {
    const dropped = witness.transcript.length - allowance;
    if (dropped <= 0) return witness;
    const kept = allowance === 0 ? [] : witness.transcript.slice(-allowance);
    return { ...witness, transcript: [`* ${dropped} lines left out`, ...kept] };
  });
  return { ...incident, witnesses };
}
