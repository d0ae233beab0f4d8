/** What a trip came to. Pure: the time is passed in. */

import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
import { truncate } from '../../smtp/bounds/truncate.ts';
import type { Outcome } from '../../smtp/sample/sample.ts';
import { alters } from '../alterations/alteration-codes.ts';
import { type LongestStay, longestStay } from '../hops/longest-stay.ts';
import { TRIP_CODES, type TripCode } from './trip-codes.ts';
import { TRIP_METHODS, type TripArrival, type TripMethod, type TripSending, type TripState } from './trip-state.ts';

export interface TripFinding {
  readonly code: TripCode;
  readonly outcome: Outcome;
  /** Fit to be shown. */
  readonly detail: string;
}

export interface TripVerdict {
  /** Null as long as the trip is under way. A trip that is given up changes it when the message arrives after all. */
  readonly outcome: Outcome | null;
  /** Worst first; empty as long as the trip is under way. */
  readonly findings: readonly TripFinding[];
  /** Milliseconds from acceptance to the mailbox; null if it did not arrive. */
  readonly total: number | null;
  /** Where the time went; null if the clocks of the hosts do not tell. */
  readonly longest: LongestStay | null;
}

/** Received fields count in seconds, milliseconds. */
const RESOLUTION = 1_000;

const UNDER_WAY: TripVerdict = { outcome: null, findings: [], total: null, longest: null };

export function tripVerdict(state: TripState, now: number): TripVerdict {
  const { sending } = state;
  if (sending.outcome !== 'accepted') return verdictOf([sendingFinding(sending)]);
  const copies = distinctCopies(state);
  const [first] = copies;
  if (first === undefined) return missingVerdict(state, sending, now);
  const [total, delivered] = [first.seen - sending.at, deliveryTime(first, sending.at)];
  return {
    ...verdictOf([
      ...timeFindings(state, delivered - sending.at),
      ...copies.flatMap((one) => arrivalFindings(state, one)),
      ...duplicates(copies),
    ]),
    total,
    // That the mailbox was read later is no stay of the message.
    longest: longestStay(sending.at, first.hops, delivered),
  };
}

/**
 * A mailbox may show one copy in several folders, as Gmail does, or a filter may copy it: its hosts took it once. The copy is where
 * it is expected, if it is there at all.
 */
function distinctCopies({ arrivals, expect }: TripState): readonly TripArrival[] {
  const copies = new Map<string, TripArrival>();
  for (const [nth, arrival] of arrivals.entries()) {
    const key = arrival.hops.map(({ host, id, at }) => `${host} ${id} ${at}`).join('\n') || `arrival ${nth}`;
    const known = copies.get(key);
    if (known === undefined || (known.folder !== expect.folder && arrival.folder === expect.folder)) {
      copies.set(key, known === undefined ? arrival : { ...arrival, seen: known.seen, absent: known.absent });
    }
  }
  return [...copies.values()];
}

function verdictOf(found: readonly TripFinding[]): TripVerdict {
  const findings = found.length === 0 ? [finding('arrived', '')] : distinct(found).toSorted(byRank);
  return { outcome: findings[0]?.outcome ?? null, findings, total: null, longest: null };
}

const ORDER = Object.keys(TRIP_CODES);

function byRank(a: TripFinding, b: TripFinding): number {
  return ORDER.indexOf(a.code) - ORDER.indexOf(b.code);
}

/** Copies of a message have the same findings. */
function distinct(found: readonly TripFinding[]): readonly TripFinding[] {
  return found.filter((one, nth) => found.findIndex((other) => other.code === one.code) === nth);
}

function finding(code: TripCode, detail: string): TripFinding {
  return { code, outcome: TRIP_CODES[code].outcome, detail: truncate(escapeForDisplay(detail), 300) };
}

function sendingFinding(sending: Exclude<TripSending, { outcome: 'accepted' }>): TripFinding {
  const code = sending.outcome === 'unable' ? 'not-sent' : 'not-accepted';
  return finding(code, sending.reply === '' ? `phase ${sending.phase}` : `phase ${sending.phase}: ${sending.reply}`);
}

/** Only a mailbox that was read after the message was due shows that the message is missing. */
function missingVerdict(state: TripState, { at }: { readonly at: number }, now: number): TripVerdict {
  const due = at + state.limits.fail;
  if (now < due) return UNDER_WAY;
  if (state.read !== null && state.read >= due) {
    return verdictOf([finding('not-arrived', `not in the mailbox after ${seconds(state.read - at)}`)]);
  }
  if (state.readFailure === null) return UNDER_WAY;
  return verdictOf([finding('receiver-unreachable', `phase ${state.readFailure} of the mailbox`)]);
}

/**
 * When the message came into the mailbox. It is seen later where the mailbox is read rarely, or could not be read. The last host
 * knows, if its clock fits what was seen, and the time of acceptance. A clock that does not fit says nothing: then the time is the
 * earliest at which the message can have come, so that a message is late only if that is sure.
 */
function deliveryTime({ hops, absent, seen }: TripArrival, accepted: number): number {
  const stamp = hops.at(-1)?.at ?? null;
  if (stamp === null) return seen;
  const earliest = Math.max(accepted, absent ?? 0);
  return stamp <= seen && stamp >= earliest - RESOLUTION ? stamp : earliest;
}

function timeFindings({ limits }: TripState, total: number): readonly TripFinding[] {
  if (total > limits.fail) return [finding('late', `${seconds(total)}, limit ${seconds(limits.fail)}`)];
  if (total > limits.warn) return [finding('slow', `${seconds(total)}, limit ${seconds(limits.warn)}`)];
  return [];
}

function arrivalFindings(state: TripState, arrival: TripArrival): readonly TripFinding[] {
  return [
    ...folderFindings(state, arrival),
    ...TRIP_METHODS.flatMap((method) => methodFindings(state, arrival, method)),
    ...plaintextFindings(state, arrival),
    ...alterationFindings(state, arrival),
  ];
}

function folderFindings({ expect }: TripState, { folder }: TripArrival): readonly TripFinding[] {
  if (expect.folder === undefined || folder === expect.folder) return [];
  return [finding(folder === 'junk' ? 'junked' : 'misfiled', `in ${folder}, expected in ${expect.folder}`)];
}

function methodFindings({ expect }: TripState, { results }: TripArrival, method: TripMethod): readonly TripFinding[] {
  const [expected, result] = [expect[method], results[method]];
  if (expected === undefined || result === expected) return [];
  if (result === undefined) return [finding('authentication-unknown', `no result of ${method}`)];
  return [finding('authentication-failed', `${method}=${result}, expected ${expected}`)];
}

function plaintextFindings({ expect }: TripState, { hops }: TripArrival): readonly TripFinding[] {
  const hop = hops.find(({ plaintext }) => plaintext);
  if (expect.tls !== true || hop === undefined) return [];
  return [finding('plaintext-hop', `from ${hop.from ?? hop.fromAddress} to ${hop.host ?? 'an unnamed host'}`)];
}

function alterationFindings({ expect }: TripState, { alterations }: TripArrival): readonly TripFinding[] {
  const altering = alterations.filter(alters);
  if (expect.unchanged !== true || altering.length === 0) return [];
  return [finding('altered', altering.map(({ code }) => code).join(', '))];
}

function duplicates({ length }: readonly TripArrival[]): readonly TripFinding[] {
  return length > 1 ? [finding('duplicated', `${length} times`)] : [];
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
