/** One trip as JSON. docs/roundtrip-schema.ts has its schema. */
import type { RoundTrip } from '../../../lambda/config/round-trip.ts';
import { queueIdOf } from '../../../lambda/trip/hops/trip-hops.ts';
import type { OneTrip } from '../../../lambda/trip-run/one-trip.ts';

export function tripDocument(trip: RoundTrip, at: number, one: OneTrip): object {
  const { sample, sending, arrivals, readFailure, verdict, transcript } = one;
  const { send, receive } = trip;
  const [first] = arrivals;
  const isAccepted = sending.outcome === 'accepted';
  return {
    version: 1,
    at: new Date(at).toISOString(),
    trip: trip.id,
    outcome: verdict.outcome,
    findings: verdict.findings,
    total: verdict.total,
    longest: verdict.longest,
    send: {
      ...{ host: send.server.host, port: send.server.port, outcome: sending.outcome },
      phase: isAccepted ? null : sending.phase,
      reply: sending.reply,
      queueId: isAccepted ? queueIdOf(sending.reply) : null,
      accepted: isAccepted ? new Date(sending.at).toISOString() : null,
      ...{ session: sample.total, timings: sample.timings, transcript: sample.transcript },
    },
    receive: {
      ...{ protocol: receive.protocol, host: receive.host, port: receive.port },
      ...{ folder: first?.folder ?? null, copies: arrivals.length, failure: readFailure, transcript },
    },
    hops: first?.hops ?? [],
    results: first?.results ?? {},
    alterations: first?.alterations ?? [],
  };
}
