/** One SMTP session with one endpoint, from its name to its verdict. */

import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { assess } from './assessment.ts';
import { type Conversation, converse, open } from './conversation.ts';
import type { Endpoint } from './endpoint.ts';
import { finding } from './failures.ts';
import { LIMITS, type Limits } from './limits.ts';
import {
  addressesOf,
  literalAddress,
  type NameResolver,
  resolvedWithin,
  systemResolver,
  type Unresolved,
} from './resolution.ts';
import type { Finding, Sample, TimedPhase } from './sample.ts';
import { sampleOf } from './sampling.ts';
import { softwareOf } from './software.ts';
import { assertSpeakable } from './speakable.ts';
import { secureContextFor } from './tls.ts';
import { linesOf } from './transcript.ts';

export interface ProbeOptions {
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Ends the probe with the code `aborted`, which is `unable`. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  readonly resolver?: NameResolver;
  /**
   * Given the promise of the end of the session: its QUIT is sent with the verdict, and answered after it. Whoever
   * freezes or exits after the last verdict waits for these first (2 s at most).
   */
  readonly farewell?: (over: Promise<void>) => void;
  /** Waits for the reply to QUIT, for the sake of its time in `timings`; outcome and `total` are those before it. */
  readonly seeOff?: boolean;
}

/** Resolves by the deadline, whatever the server does. Rejects only for what is ours: a `ca` that is no certificate, a line end in a name. */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Sample> {
  // One signal stops a whole round: as many listeners as probes are no leak.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const venture = begin(endpoint, options);
  const addresses = literalAddress(endpoint.host, endpoint.family ?? 'any') ?? (await resolve(venture));
  if ('finding' in addresses) return sampleFrom(venture, null, [addresses.finding]);
  return reach(venture, addresses);
}

/** A probe under way. */
interface Venture {
  readonly endpoint: Endpoint;
  readonly options: ProbeOptions;
  readonly limits: Limits;
  readonly now: () => number;
  readonly started: number;
  readonly deadline: number;
  readonly timings: Partial<Record<TimedPhase, number>>;
  others: readonly string[];
  address: string | null;
}

function begin(endpoint: Endpoint, options: ProbeOptions): Venture {
  // Made now, for their errors are ours.
  assertSpeakable(endpoint);
  if (endpoint.security !== 'none') secureContextFor(endpoint);
  const limits = limitsOf(endpoint, options);
  const now = options.now ?? monotonic;
  const started = now();
  return {
    endpoint,
    options,
    limits,
    now,
    started,
    deadline: started + limits.deadline,
    timings: {},
    others: [],
    address: null,
  };
}

function limitsOf({ timeout }: Endpoint, { limits }: ProbeOptions): Limits {
  if (limits === undefined && timeout === undefined) return LIMITS;
  return { ...LIMITS, ...limits, ...(timeout === undefined ? {} : { deadline: timeout }) };
}

function monotonic(): number {
  return performance.now();
}

async function resolve(venture: Venture): Promise<readonly string[] | Unresolved> {
  const { endpoint, options, limits, now, started } = venture;
  const asked = addressesOf(endpoint.host, endpoint.family ?? 'any', options.resolver ?? systemResolver());
  const within = Math.min(limits.dns, limits.deadline);
  const addresses = await resolvedWithin(asked, endpoint.host, within, options.signal);
  venture.timings.dns = now() - started;
  return addresses;
}

/** Tries the addresses in turn, as senders do (RFC 5321 5.1), and holds the session with the first that answers. */
async function reach(venture: Venture, addresses: readonly string[]): Promise<Sample> {
  const { endpoint, options, limits, now, deadline } = venture;
  const dead: Finding[] = [];
  for (const address of addresses.slice(0, limits.addresses)) {
    const since = now();
    const left = Math.min(limits.connect, deadline - since);
    if (left <= 0) break;
    const socket = await open(address, endpoint.port, left, options.signal);
    venture.timings.connect = now() - since;
    venture.address = address;
    venture.others = addresses.filter((other) => other !== address).slice(0, limits.otherAddresses);
    if (!('code' in socket)) return talk(venture, socket, dead.filter(isTheirs).map(asDeadAddress));
    dead.push(socket);
    if (socket.code === 'aborted') break;
  }
  return sampleFrom(venture, null, [dead.find(isTheirs) ?? dead[0] ?? outOfTime(endpoint)]);
}

/** An address that this vantage has no way to says nothing about the server. */
function isTheirs({ outcome }: Finding): boolean {
  return outcome !== 'unable';
}

function asDeadAddress({ detail }: Finding): Finding {
  return finding('address-down', { detail });
}

function outOfTime({ host }: Endpoint): Finding {
  return finding('connect-timeout', { detail: `${host}: no time left to connect` });
}

async function talk(venture: Venture, socket: Socket, dead: readonly Finding[]): Promise<Sample> {
  const { endpoint, limits, now, deadline, options } = venture;
  const conversation = await converse(socket, { endpoint, limits, now, deadline, signal: options.signal });
  const verdictAt = now();
  options.farewell?.(conversation.over);
  if (options.seeOff) await conversation.over;
  return sampleFrom(venture, conversation, dead, verdictAt);
}

function sampleFrom(
  venture: Venture,
  conversation: Conversation | null,
  before: readonly Finding[],
  verdictAt = venture.now(),
): Sample {
  const total = verdictAt - venture.started;
  const progress = conversation?.session.progress;
  return sampleOf({
    findings: progress === undefined ? before : [...before, ...progress.findings, ...assess(progress, total)],
    timings: { ...venture.timings, ...progress?.timings },
    total,
    address: venture.address,
    otherAddresses: venture.others,
    greeting: progress?.greeting ?? null,
    software: progress === undefined ? null : softwareOf(progress),
    tls: conversation?.tls() ?? null,
    extensions: { beforeTls: progress?.beforeTls ?? null, afterTls: progress?.afterTls ?? null },
    transcript:
      conversation === null ? opening(venture) : linesOf(conversation.session.transcript, ...opening(venture)),
  });
}

function opening({ endpoint, address, timings }: Venture): readonly string[] {
  if (address === null) return [];
  return [`* ${timings.dns === undefined ? '' : `${endpoint.host} is `}${address}, port ${endpoint.port}`];
}
