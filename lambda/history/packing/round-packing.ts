/**
 * A round as one item: a map from target id to a short list that a person can read in the console. docs/table.md
 * describes it; a change of its meaning needs a new number in `packing`.
 */

import type { Outcome, Phase, TimedPhase } from '../../smtp/sample/sample.ts';
import { itemSize, splitThreshold, valueSize } from '../table/item-size.ts';
import { roundKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isFields, isListOf, isMapOf, isNumber, isRoundName, isText, isTextOrNull } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';
import { beganOf, freshOf, lagOf, originOf, underWayOf, unreachedOf } from './read-round-attributes.ts';
import type { RecordedSample, Round, UntimedRound, UntimedSample } from './recorded-round.ts';

export const packingVersion = 1;

/** Order of the timings; those that every session has come first, so that trailing gaps cost nothing. Kept in each item. */
const phaseOrder: readonly TimedPhase[] = [
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'ehlo2',
  'quit',
  'auth',
  'mail',
  'rcpt',
  'data',
];

/**
 * `198.51.100.24 3.2 12 31 12`: address, then the timings in the order of `phases`; `-` is none. `=20000` at the end is
 * the total, where it is not the sum of the timings.
 */
type Brief = string;
type Finding = readonly [
  Phase | null,
  code: string | null,
  reply: string | null,
  detail: string | null,
  readonly string[],
];
/** What few samples have. */
type More = Pick<RecordedSample, 'threshold' | 'facts' | 'served' | 'late'>;

/**
 * A sample that passed is its brief alone. Where something was found wrong it is a list of outcome, brief, phase, code,
 * reply, detail and transcript; a map at the end of a list holds what few samples have.
 */
export type PackedSample = Brief | readonly [Outcome, Brief, ...(Finding | []), ...([More] | [])];

export type PackedSamples = Readonly<Record<string, PackedSample>>;

/** The head, which holds the round together, and the parts that did not fit into it: write the parts first. */
export interface PackedRound {
  readonly head: Item;
  readonly parts: readonly Item[];
}

/** @param written tells this write from any other of the same round: a repeated invocation, a lost answer */
export function packRound(
  { vantage, round, began, samples, lag, unreached = 0, fresh, underWay, release, egress }: Round,
  ttl: number,
  written: string,
): PackedRound {
  const packed = [...samples].map(([target, sample]) => [target, packSample(sample)] as const);
  const [first = {}, ...rest] = chunks(packed, splitThreshold);
  const item = (sk: string, chunk: PackedSamples): Item => ({
    pk: roundKey.pk(vantage),
    sk,
    ttl,
    packing: packingVersion,
    written,
    phases: phaseOrder.join(' '),
    samples: chunk,
  });
  const parts = rest.map((chunk, index) => item(roundKey.part(round, index + 2, written), chunk));
  const head = {
    ...item(roundKey.sk(round), first),
    ...(began === undefined ? {} : { began }),
    ...(lag == null ? {} : { lag }),
    ...(unreached > 0 ? { unreached } : {}),
    ...(fresh === undefined ? {} : { fresh }),
    ...originOf({ release, egress }),
    // The version is the condition of the writes that add the samples.
    ...(underWay === undefined ? {} : { underWay, version: 1 }),
  };
  return { head: parts.length === 0 ? head : { ...head, parts: parts.map((part) => part.sk) }, parts };
}

/** The same as `unpackRound`, without the timings. */
export function unpackOutcomes(head: Item, partOf: (sk: string) => Item | undefined): UntimedRound {
  const samples = packedEntries(head, partOf).map(({ target, packed }) => [target, unpackOutcome(packed)] as const);
  const vantage = head.pk.slice(roundKey.pk('').length);
  return { vantage, round: head.sk, ...beganOf(head), samples: new Map(samples), ...underWayOf(head) };
}

/** Throws where a part is missing or a version is not known. */
export function unpackRound(head: Item, partOf: (sk: string) => Item | undefined): Round {
  const samples = packedEntries(head, partOf).map(({ target, packed, phases }) => {
    return [target, unpackSample(packed, phases)] as const;
  });
  const vantage = head.pk.slice(roundKey.pk('').length);
  const times = { ...beganOf(head), ...lagOf(head), ...freshOf(head) };
  const attributes = { ...times, ...unreachedOf(head), ...underWayOf(head), ...originOf(head) };
  return { vantage, round: head.sk, samples: new Map(samples), ...attributes };
}

/** A sample as it is stored, with what it takes to read it: many of these fit in memory where samples would not. */
export interface PackedEntry {
  readonly target: string;
  readonly packed: PackedSample;
  readonly phases: readonly TimedPhase[];
}

/** Everything in a round; throws where a part is missing, a version is not known, or anything has a wrong type. */
export function packedEntries(head: Item, partOf: (sk: string) => Item | undefined): readonly PackedEntry[] {
  const named = head.parts ?? [];
  must(isRoundName(head.sk), 'the name of the round');
  must(isListOf(named, isText), 'parts');
  const parts = named.map((sk) => {
    const part = partOf(sk);
    if (part === undefined) throw new Error(`round ${head.pk} ${head.sk}: its part ${sk} is missing`);
    return part;
  });
  return [head, ...parts].flatMap(entriesOf);
}

/** Refuses what a later version of this project wrote, rather than read it wrongly. */
export function assertPackingVersion(item: Item): void {
  if (item.packing === packingVersion) return;
  const found = `packing ${JSON.stringify(item.packing ?? null)}`;
  throw new Error(
    `item ${item.pk} ${item.sk} has ${found}, but this version reads ${packingVersion}: update smtp-quorum`,
  );
}

function entriesOf(item: Item): readonly PackedEntry[] {
  assertPackingVersion(item);
  const { samples, phases: named = '' } = item;
  must(isText(named), 'phases');
  must(isFields(samples), 'samples');
  const phases = named.split(' ') as TimedPhase[];
  return Object.entries(samples).map(([target, packed]) => {
    if (!isPacked(packed)) throw new Error(`the sample of ${target} has an unknown format`);
    return { target, packed, phases };
  });
}

const outcomes: ReadonlySet<unknown> = new Set<Outcome>(['pass', 'warn', 'fail', 'unable']);

function isPacked(value: unknown): value is PackedSample {
  if (isText(value)) return true;
  if (!Array.isArray(value)) return false;
  const [outcome, brief, ...rest] = value;
  const more = rest.length > 0 && isFields(rest.at(-1)) ? rest.pop() : {};
  return outcomes.has(outcome) && isText(brief) && isMore(more) && isFinding(rest);
}

function isFinding([phase = null, code = null, reply = null, detail = null, transcript = []]: readonly unknown[]) {
  return [phase, code, reply, detail].every(isTextOrNull) && isListOf(transcript, isText);
}

export function isMore(value: unknown): value is More {
  if (!isFields(value)) return false;
  const { threshold, facts, served, late } = value;
  return (
    (threshold === undefined || isText(threshold)) &&
    (facts === undefined || isMapOf(facts, isText)) &&
    (served === undefined || isMapOf(served, isText)) &&
    (late === undefined || isNumber(late))
  );
}

export function packSample(sample: RecordedSample): PackedSample {
  const { outcome, phase, code, reply, detail, transcript, threshold, facts, served, late } = sample;
  const finding: Finding | [] = outcome === 'pass' ? [] : [phase, code, reply, detail, transcript];
  const more: More = {
    ...(threshold === undefined ? {} : { threshold }),
    ...(facts === undefined ? {} : { facts }),
    ...(served === undefined ? {} : { served }),
    ...(late === undefined ? {} : { late }),
  };
  if (Object.keys(more).length > 0) return [outcome, briefOf(sample), ...finding, more];
  return outcome === 'pass' ? briefOf(sample) : [outcome, briefOf(sample), ...finding];
}

export function unpackSample(packed: PackedSample, phases: readonly TimedPhase[] = phaseOrder): RecordedSample {
  const brief = typeof packed === 'string' ? packed : packed[1];
  return { ...unpackOutcome(packed), ...readBrief(brief, phases) };
}

/** A sample without its timings, whose reading takes longer than all the rest: a judge reads thousands a minute. */
export function unpackOutcome(packed: PackedSample): UntimedSample {
  const [outcome, brief, ...rest] = typeof packed === 'string' ? (['pass', packed] as const) : packed;
  const { finding, more } = apart(rest);
  const [phase = null, code = null, reply = null, detail = null, transcript = []] = finding;
  return { outcome, phase, code, reply, detail, address: addressOf(brief), transcript, ...more };
}

function addressOf(brief: Brief): string | null {
  const end = brief.indexOf(' ');
  const address = end === -1 ? brief : brief.slice(0, end);
  return address === '-' ? null : address;
}

function apart(rest: readonly unknown[]): { finding: Partial<Finding>; more: More } {
  const last = rest.at(-1);
  const hasMore = typeof last === 'object' && last !== null && !Array.isArray(last);
  const finding = (hasMore ? rest.slice(0, -1) : rest) as unknown as Partial<Finding>;
  return { finding, more: hasMore ? (last as More) : {} };
}

function briefOf({ total, address, timings }: RecordedSample): Brief {
  const times = phaseOrder.map((phase) => {
    const time = timings[phase];
    return time === undefined ? '-' : String(roundMilliseconds(time));
  });
  const reached = times.findLastIndex((time) => time !== '-') + 1;
  const unlike = totalUnlessSum(total, timings);
  return [address ?? '-', ...times.slice(0, reached), ...(unlike === null ? [] : [`=${unlike}`])].join(' ');
}

function readBrief(brief: Brief, phases: readonly TimedPhase[]): Pick<RecordedSample, 'total' | 'timings'> {
  const [, ...rest] = brief.split(' ');
  const total = rest.at(-1)?.startsWith('=') ? Number(rest.pop()?.slice(1)) : null;
  const timings = readTimings(rest, phases);
  return { total: total ?? sumOfTimings(timings), timings };
}

/** The verdict is known before QUIT is answered. */
export function sumOfTimings(timings: RecordedSample['timings']): number {
  let tenths = 0;
  for (const [phase, time] of Object.entries(timings))
    if (phase !== 'quit') tenths += Math.round(roundMilliseconds(time) * 10);
  return roundMilliseconds(tenths / 10);
}

/** The total where it must be kept: null where the sum of the timings tells it, but for what rounding takes. */
export function totalUnlessSum(total: number, timings: RecordedSample['timings']): number | null {
  const sum = sumOfTimings(timings);
  return Math.abs(total - sum) <= Math.max(3, sum / 100) ? null : roundMilliseconds(total);
}

function readTimings(written: readonly string[], phases: readonly TimedPhase[]): RecordedSample['timings'] {
  const times = new Map<TimedPhase, number>();
  for (const [index, time] of written.entries()) {
    const phase = phases[index];
    if (phase !== undefined && time !== '-') times.set(phase, Number(time));
  }
  return timingsInOrder(times);
}

/** Implicit TLS comes before the greeting, STARTTLS's after it. */
const startOfSession = {
  starttls: ['dns', 'connect', 'greeting', 'ehlo', 'starttls', 'tls'],
  tls: ['dns', 'connect', 'tls', 'greeting', 'ehlo', 'starttls'],
} as const;
const restOfSession = ['ehlo2', 'auth', 'mail', 'rcpt', 'data', 'quit'] as const;
const sessionOrders = {
  starttls: [...startOfSession.starttls, ...restOfSession],
  tls: [...startOfSession.tls, ...restOfSession],
} as const;

/** Every phase that takes time, as a session with STARTTLS has them. */
export const sessionOrder: readonly TimedPhase[] = sessionOrders.starttls;

/** As the session had them. */
export function timingsInOrder(times: ReadonlyMap<TimedPhase, number>): RecordedSample['timings'] {
  const timings: Partial<Record<TimedPhase, number>> = {};
  for (const phase of sessionOrders[times.has('starttls') ? 'starttls' : 'tls']) {
    const time = times.get(phase);
    if (time !== undefined) timings[phase] = time;
  }
  return timings;
}

/** Tenths below 10 ms, whole milliseconds above: more is noise, and is paid for each minute. */
export function roundMilliseconds(milliseconds: number): number {
  return milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds);
}

/** In order, as many as fit below `limit` bytes; a single larger sample stands alone. */
function chunks(packed: readonly (readonly [string, PackedSample])[], limit: number): PackedSamples[] {
  const all: [string, PackedSample][][] = [[]];
  let bytes = itemSize({ samples: {} });
  for (const [target, sample] of packed) {
    const size = Buffer.byteLength(target) + 1 + valueSize(sample);
    if (bytes + size > limit && all.at(-1)?.length !== 0) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push([target, sample]);
    bytes += size;
  }
  return all.map((chunk) => Object.fromEntries(chunk));
}
