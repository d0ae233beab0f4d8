/** The verdict of a stored trip, and what it says to people. */
import type { RoundTrip } from '../config/round-trip.ts';
import type { EndedTrip, TripNews } from '../consensus/trips/round-trip-verdict.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import type { TripHop } from '../trip/hops/trip-hop.ts';
import { queueIdOf } from '../trip/hops/trip-hops.ts';
import { TRIP_CODES } from '../trip/verdict/trip-codes.ts';
import type { TripSending } from '../trip/verdict/trip-state.ts';
import { type TripVerdict, tripVerdict } from '../trip/verdict/trip-verdict.ts';

/** Milliseconds after which an invocation that has claimed a trip and not reported has ended. */
export const CLAIM_LASTS = 300_000;

/** The record with its verdict, if it has one now. A trip of which nothing is known but its claim may have been sent. */
export function withVerdict(record: TripRecord, trip: RoundTrip, now: number): TripRecord {
  const sending = record.sending ?? presumedSending(record, now);
  if (sending === null) return record;
  const { read, readFailure, arrivals } = record;
  const state = { limits: trip.within, expect: trip.expect, sending, read, readFailure, arrivals };
  const verdict = tripVerdict(state, now);
  return verdict.outcome === null ? record : { ...record, verdict };
}

function presumedSending({ at, arrivals }: TripRecord, now: number): TripSending | null {
  if (arrivals.length > 0) return { outcome: 'accepted', at, reply: '' };
  const reply = 'the run that claimed the trip ended before the reply of the server was known';
  return now - at < CLAIM_LASTS ? null : { outcome: 'unable', at, phase: 'data', reply };
}

export function endedTrip(record: TripRecord, verdict: TripVerdict): EndedTrip {
  const { id, at, vantage } = record;
  const told = verdict.findings.filter(({ outcome }) => outcome !== 'pass');
  const evidence = evidenceLines(record, verdict);
  const findings = told.map(({ code, detail }, nth): TripNews => {
    const { meaning, hint } = TRIP_CODES[code];
    const stay = nth === 0 ? stayText(verdict) : '';
    return { code, detail: `${detail}${stay}`, meaning, hint, evidence: nth === 0 ? evidence : [] };
  });
  return { id, at, vantage, outcome: verdict.outcome ?? 'unable', findings };
}

/** Where the time went. */
function stayText({ longest }: TripVerdict): string {
  if (longest === null) return '';
  const seconds = `${Math.round(longest.least / 100) / 10} s`;
  if (longest.host === null) return `; at least ${seconds} before ${longest.next ?? 'the mailbox had it'}`;
  return `; at least ${seconds} at ${longest.host}${longest.next === null ? '' : `, before ${longest.next}`}`;
}

function evidenceLines({ sending, arrivals }: TripRecord, { total }: TripVerdict): readonly string[] {
  const [first] = arrivals;
  const queueId = sending?.outcome === 'accepted' ? queueIdOf(sending.reply) : null;
  return [
    ...(queueId === null ? [] : [`queue identifier ${queueId}`]),
    ...(first?.hops ?? []).map(hopLine),
    ...(first === undefined || total === null
      ? []
      : [`seen in ${first.folder} ${total / 1000} s after it was accepted`]),
    ...(first?.alterations ?? []).map(({ code, detail }) => `${code}: ${detail}`),
  ];
}

export function hopLine({ host, protocol, delay, tls, clocksDisagree }: TripHop): string {
  const after = delay === null ? 'time unknown' : `${delay < 0 ? '' : '+'}${delay / 1000} s`;
  return `${after} ${host ?? 'an unnamed host'} (${protocol ?? 'unknown protocol'}${tls ? '' : ', no TLS'})${clocksDisagree ? ', clocks disagree' : ''}`;
}
