/**
 * Bounds the evidence of a judgement or an incident, so that a pending alert is never lost because its transcripts make
 * an item too large.
 */
import type { Alert, Incident } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement.ts';
import { splitThreshold, valueSize } from '../table/item-size.ts';

/** Lines kept of each transcript. The first limit that makes the item fit is used. */
const lineLimits = [Number.POSITIVE_INFINITY, 60, 20, 5, 0];

export function fitJudgement<J extends Judgement>(judgement: J): J {
  const fitted = shortenToFit(judgement, (limit) => ({
    ...judgement,
    incident: shortenTranscripts(judgement.incident, limit),
    owed: judgement.owed.map((alert): Alert => ({ ...alert, incident: shortenTranscripts(alert.incident, limit) })),
  }));
  return valueSize(fitted) <= splitThreshold ? fitted : dropFacts(fitted);
}

/**
 * A server that invents facts without limit costs the comparison of facts, not the verdict. The next judge learns the
 * facts again without an alert.
 */
function dropFacts<J extends Judgement>(judgement: J): J {
  const { memory } = judgement;
  return memory === undefined ? judgement : { ...judgement, memory: { ...memory, facts: {}, seen: [] } };
}

/** Also for a chapter of an incident. */
export function fitIncident<Evidence extends Pick<Incident, 'witnesses'>>(incident: Evidence): Evidence {
  return shortenToFit(incident, (limit) => shortenTranscripts(incident, limit));
}

function shortenToFit<T extends object>(whole: T, shorten: (limit: number) => T): T {
  if (valueSize(whole) <= splitThreshold) return whole;
  const shorter = lineLimits.map(shorten);
  return shorter.find((candidate) => valueSize(candidate) <= splitThreshold) ?? shorter.at(-1) ?? whole;
}

/** Keeps the end of each transcript: that is where the session failed. */
function shortenTranscripts<I extends Pick<Incident, 'witnesses'> | null>(incident: I, limit: number): I {
  if (incident === null) return incident;
  const witnesses = incident.witnesses.map((witness) => {
    const dropped = witness.transcript.length - limit;
    if (dropped <= 0) return witness;
    const kept = limit === 0 ? [] : witness.transcript.slice(-limit);
    return { ...witness, transcript: [`* ${dropped} lines left out`, ...kept] };
  });
  return { ...incident, witnesses };
}
