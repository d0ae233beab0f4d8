/** One trip, as the table keeps it: one item from the claim to the end, and then the history. */
import type { TripSignature } from '../../trip/hops/sending-side.ts';
import type { TripHop } from '../../trip/hops/trip-hop.ts';
import type { TripArrival, TripSending } from '../../trip/verdict/trip-state.ts';
import type { TripVerdict } from '../../trip/verdict/trip-verdict.ts';
import { tripKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isNumber, isText } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface TripRecord {
  /** Identifier of the round trip in the config. */
  readonly trip: string;
  /** Identifier of the message. */
  readonly id: string;
  /** When it was claimed, epoch milliseconds. It is the time of the token. */
  readonly at: number;
  readonly vantage: string;
  /** It was sent at once after a failed one. */
  readonly isSecond: boolean;
  /** Null: it was claimed, and nothing is known of its sending. The message is sent at most once. */
  readonly sending: TripSending | null;
  /** Milliseconds of the SMTP session. */
  readonly session: number | null;
  /** When the mailbox was last read whole since, epoch milliseconds. */
  readonly read: number | null;
  /** Phase in which reading failed last. */
  readonly readFailure: string | null;
  readonly arrivals: readonly TripArrival[];
  /** Messages of the mailbox that are its arrivals, by folder and identifier: a run that ended early does not count one twice. */
  readonly known: readonly string[];
  /** Null as long as the trip is under way. */
  readonly verdict: TripVerdict | null;
  /** Grows by one with each write. */
  readonly version: number;
}

/** Seconds: 13 months. */
const KEPT = 400 * 86_400;
/** What an item has room for. */
const MOST = { hops: 20, alterations: 10, arrivals: 5, characters: 200 } as const;

export function tripItem({ trip, at, arrivals, isSecond, ...rest }: TripRecord): Item {
  return {
    pk: tripKey.pk(trip),
    sk: tripKey.sk(at),
    ttl: Math.floor(at / 1000) + KEPT,
    ...rest,
    ...(isSecond ? { isSecond } : {}),
    arrivals: arrivals.slice(0, MOST.arrivals).map((arrival) => ({
      ...arrival,
      hops: arrival.hops.slice(0, MOST.hops).map(packHop),
      alterations: arrival.alterations.slice(0, MOST.alterations),
    })),
  };
}

/** @throws where it is none */
export function tripOf({ pk, sk, ttl: _ttl, ...item }: Item): TripRecord {
  const { id, vantage, sending, session, read, readFailure, arrivals, known, verdict, version } = item;
  const at = Date.parse(sk);
  must(!Number.isNaN(at), 'the key');
  must(isText(id) && isText(vantage) && isCount(version), 'the trip');
  must(
    [session, read].every((time) => time === null || isNumber(time)),
    'a time',
  );
  must(readFailure === null || isText(readFailure), 'the phase');
  must(sending === null || (isFields(sending) && isText(sending.outcome) && isNumber(sending.at)), 'the sending');
  must(isListOf(arrivals, isPackedArrival) && isListOf(known, isText), 'an arrival');
  must(
    verdict === null || (isFields(verdict) && isText(verdict.outcome) && Array.isArray(verdict.findings)),
    'the verdict',
  );
  const trip = pk.slice(tripKey.pk('').length);
  const unpacked = arrivals.map((arrival) => ({ ...arrival, hops: arrival.hops.map(unpackHop) }));
  return {
    ...item,
    isSecond: item.isSecond === true,
    trip,
    at,
    arrivals: unpacked,
  } as unknown as TripRecord;
}

type PackedHop = readonly (string | number | null)[];

interface PackedArrival extends Omit<TripArrival, 'hops'> {
  readonly hops: readonly PackedHop[];
}

function isPackedArrival(value: unknown): value is PackedArrival {
  return (
    isFields(value) &&
    isNumber(value.seen) &&
    isListOf(value.hops, Array.isArray) &&
    Array.isArray(value.alterations) &&
    isSendingSide(value)
  );
}

/** The release before had none of it. */
function isSendingSide({ sendingAddress, signatures }: Readonly<Record<string, unknown>>): boolean {
  const isKnown = signatures === undefined || isListOf(signatures, isSignature);
  return isKnown && (sendingAddress === undefined || isText(sendingAddress));
}

function isSignature(value: unknown): value is TripSignature {
  return isFields(value) && isText(value.domain) && isText(value.selector);
}

/** Bits of the last element. */
const FLAGS = ['tls', 'acceptedByUs', 'clocksDisagree', 'plaintext'] as const;

/** A list instead of a map: the names of keys would be most of the item. */
function packHop(hop: TripHop): PackedHop {
  const { host, from, fromAddress, protocol, id, at, delay } = hop;
  const flags = FLAGS.reduce((bits, flag, nth) => bits + (hop[flag] ? 2 ** nth : 0), 0);
  const texts = [host, from, fromAddress, protocol, id].map((text) => text?.slice(0, MOST.characters) ?? null);
  return [...texts, at, delay, flags];
}

function unpackHop([
  host = null,
  from = null,
  fromAddress = null,
  protocol = null,
  id = null,
  at = null,
  delay = null,
  bits = 0,
]: PackedHop): TripHop {
  const flags = FLAGS.map((flag, nth) => [flag, (Number(bits) & (2 ** nth)) !== 0] as const);
  return { host, from, fromAddress, protocol, id, at, delay, ...Object.fromEntries(flags) } as unknown as TripHop;
}
