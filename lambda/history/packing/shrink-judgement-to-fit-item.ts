/**
 * Bounds the evidence of a judgement or an incident, so that a pending alert is never lost because its transcripts make
 * an item too large. Every judgement fits into one item: a verdict that is too large could not be written, and would never change.
 */
import { foldAlerts } from '../../consensus/incident/fold-alerts-into-digest.ts';
import type { Alert, Incident } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement-state.ts';
import { splitThreshold, valueSize } from '../table/item-size.ts';

/** Lines kept of each transcript. The first limit that makes the item fit is used. */
const lineLimits = [Number.POSITIVE_INFINITY, 60, 20, 5, 0];

/** Pending alerts of a judgement, and octets of all of them. They are pending for a moment, unless writes fail. */
const outboxLimits = { alerts: 20, octets: 120 * 1024 } as const;
/** Octets that one alert may take when the oldest are folded: room for a digest. */
const digestRoom = 40 * 1024;

export function fitJudgement<J extends Judgement>(whole: J): J {
  const judgement = { ...whole, owed: boundAlerts(whole.owed) };
  const fitted = shortenToFit(judgement, (limit) => ({
    ...judgement,
    incident: shortenTranscripts(judgement.incident, limit),
    owed: shortenAlerts(judgement.owed, limit),
  }));
  return [dropFacts, dropEvidence, dropMemory].reduce(
    (next, drop) => (valueSize(next) <= splitThreshold ? next : drop(next)),
    fitted,
  );
}

/** Folds the oldest pending alerts into one digest if there are too many. Returns the same list if there are not. */
export function boundAlerts(owed: readonly Alert[]): readonly Alert[] {
  if (owed.length <= outboxLimits.alerts && valueSize(owed) <= outboxLimits.octets) return owed;
  const short = lineLimits.map((limit) => shortenAlerts(owed, limit));
  const fitting = short.find((alerts) => valueSize(alerts) <= outboxLimits.octets) ?? short.at(-1) ?? owed;
  if (fitting.length <= outboxLimits.alerts && valueSize(fitting) <= outboxLimits.octets) return fitting;
  let kept = fitting.slice(1 - outboxLimits.alerts);
  while (kept.length > 0 && valueSize(kept) > outboxLimits.octets - digestRoom) kept = kept.slice(1);
  return [foldAlerts(fitting.slice(0, fitting.length - kept.length)), ...kept];
}

function shortenAlerts(alerts: readonly Alert[], limit: number): readonly Alert[] {
  return alerts.map((alert) => shortenAlert(alert, limit));
}

/** @param limit lines kept of each transcript */
export function shortenAlert(alert: Alert, limit: number): Alert {
  return { ...alert, incident: shortenTranscripts(alert.incident, limit) };
}

/**
 * A server that invents facts without limit costs the comparison of facts, not the verdict. The next judge learns the
 * facts again without an alert.
 */
function dropFacts<J extends Judgement>(judgement: J): J {
  const { memory } = judgement;
  return memory === undefined ? judgement : { ...judgement, memory: { ...memory, facts: {}, seen: [] } };
}

/** A reply or a reason may be large without any transcript. The verdict and the id of the incident remain. */
function dropEvidence<J extends Judgement>(judgement: J): J {
  const { incident } = judgement;
  return incident === null ? judgement : { ...judgement, incident: { ...incident, witnesses: [], timeline: [] } };
}

function dropMemory<J extends Judgement>(judgement: J): J {
  const { memory } = judgement;
  if (memory === undefined) return judgement;
  return { ...judgement, memory: { ...memory, mentioned: memory.mentioned.slice(-20), failing: {}, asked: {} } };
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
