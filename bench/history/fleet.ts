/** A fleet whose rounds look like real ones: near and far vantages, times that jitter, a failure now and then. Seeded. */
import { condenseFacts, factsOf } from '../../lambda/consensus/facts/server-facts.ts';
import { isFirstOfHour } from '../../lambda/history/choose-facts-to-record.ts';
import type { RecordedSample, Round } from '../../lambda/history/packing/recorded-round.ts';
import { type ServedFacts, servedFactsOfHost } from '../../lambda/history/packing/served-facts.ts';
import type { TimedPhase } from '../../lambda/smtp/sample/sample.ts';

/** Round-trip times in milliseconds, from the next city to the other side of the world. */
export const vantageTrips: Readonly<Record<string, number>> = {
  'us-east-1': 12,
  'eu-west-1': 85,
  'ap-southeast-1': 220,
  'us-west-2': 60,
  'sa-east-1': 120,
};

/** Round trips of each phase of a STARTTLS session, and what the server takes to think, in milliseconds. */
const session: Readonly<Partial<Record<TimedPhase, readonly [trips: number, thinking: number]>>> = {
  dns: [0, 2],
  connect: [1, 0],
  greeting: [1, 4],
  ehlo: [1, 1],
  starttls: [1, 1],
  tls: [1, 6],
  ehlo2: [1, 1],
  quit: [1, 1],
};

/** Seconds for which a round counts: 2.5 rounds of a minute. */
const FRESH = 150;

/** One sample in so many fails. */
const failsOneIn = 500;

export function roundOf(vantage: string, at: number, targets: number, random: () => number): Round {
  const trip = vantageTrips[vantage] ?? 50;
  const round = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const facts = isFirstOfHour(round, 60_000) ? factsOfTarget : () => ({});
  const samples = Array.from({ length: targets }, (_, n) => {
    return [`mx${n + 1}.example`, { ...sampleOf(n, trip, random), ...facts(n) }] as const;
  });
  return { vantage, round, samples: new Map(samples), release: '0.1.0', egress: '192.0.2.255', fresh: FRESH };
}

/** What Postfix offers, before TLS and in it. */
const offered = {
  '8BITMIME': [],
  CHUNKING: [],
  DSN: [],
  ENHANCEDSTATUSCODES: [],
  ETRN: [],
  PIPELINING: [],
  SIZE: ['10240000'],
  SMTPUTF8: [],
  VRFY: [],
};

/** As a probe records them, with a certificate for each target. */
function factsOfTarget(n: number): Pick<RecordedSample, 'facts' | 'served'> {
  const certificate = {
    fingerprint: n.toString(16).padStart(4, '0').repeat(16),
    validFrom: '2026-10-12T07:00:00.000Z',
    validTo: '2027-01-10T06:59:59.000Z',
    issuer: "C=US, O=Let's Encrypt, CN=R11",
  };
  const extensions = { beforeTls: { ...offered, STARTTLS: [] }, afterTls: offered };
  const facts = condenseFacts(factsOf({ tls: { version: 'TLSv1.3', certificate }, extensions }) ?? {});
  return { facts, served: servedBy(`mx${n + 1}.example`, n) };
}

/** A leaf and its intermediate, as most servers send them. */
function servedBy(host: string, n: number): ServedFacts {
  const digits = n.toString(16).padStart(4, '0');
  const pair = (start: string) => ({ sha256: (start + digits).repeat(8), sha512: (start + digits).repeat(16) });
  const served = ['aaaa', 'bbbb'].map((start) => ({
    certificate: pair(start),
    key: pair(start),
    validTo: '2027-01-10T06:59:59.000Z',
    linked: true,
  }));
  return servedFactsOfHost(
    {
      name: host,
      address: null,
      at: '',
      greeting: host,
      ehlo: host,
      starttls: 'offered',
      chain: { names: [host], moreNames: false, publiclyTrusted: true, certificates: served },
      unable: null,
    },
    [host],
  );
}

function sampleOf(n: number, trip: number, random: () => number): RecordedSample {
  const address = `198.51.${Math.floor(n / 250)}.${(n % 250) + 1}`;
  const timings: Partial<Record<TimedPhase, number>> = {};
  for (const [phase, [trips, thinking]] of Object.entries(session) as [TimedPhase, readonly [number, number]][]) {
    timings[phase] = trips * trip * jitter(random, 0.02) + thinking * jitter(random, 0.4);
  }
  const total = Object.values(timings).reduce((sum, time) => sum + time, 0) - (timings.quit ?? 0);
  const passed = { address, timings, total, phase: null, code: null, reply: null, detail: null, transcript: [] };
  return random() * failsOneIn < 1 ? failed(address, timings) : { outcome: 'pass', ...passed };
}

function failed(address: string, { dns = 0, connect = 0, greeting = 0 }: RecordedSample['timings']): RecordedSample {
  return {
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-temporary',
    reply: '421 4.3.2 service not available, closing transmission channel',
    detail: `the greeting was 421 after ${Math.round(greeting)} ms`,
    timings: { dns, connect, greeting },
    total: dns + connect + greeting,
    address,
    transcript: [
      'S: 421 4.3.2 service not available, closing transmission channel',
      'C: QUIT',
      '* closed by the server',
    ],
  };
}

/** Mostly a little more than the least there can be, sometimes much more, as on the Internet. */
function jitter(random: () => number, spread: number): number {
  return 1 - spread * Math.log(1 - random() * 0.999);
}

/** Mulberry32: the same run each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
