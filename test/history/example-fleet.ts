/**
 * Records ten days of a small fleet: three vantages, five targets, a round every five minutes of the last hours. Judge,
 * rollup and history are the real ones; the samples are written here.
 */

import type { Sender } from '../../lambda/alert/channels/sender.ts';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../lambda/config/config.ts';
import { acknowledgeIncident } from '../../lambda/consensus/incident/acknowledge.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { freshSeconds, type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { judge } from '../../lambda/judge/judge.ts';
import type { BusEvent, JudgePorts } from '../../lambda/ports.ts';
import { type KnownFacts, prepareRecording } from '../../lambda/probe/add-changed-facts-and-threshold.ts';
import { rollUp } from '../../lambda/rollup/roll-up.ts';
import type { Sample, TlsFacts } from '../../lambda/smtp/sample/sample.ts';
import { healthy, refused } from './samples.ts';

export const fleetVantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;
export const fleetTargets = ['mx1', 'mx2', 'submission', 'inbound', 'relay'] as const;
/** In the config on the first day alone. */
export const removedVantage = 'sa-east-1';
/** The end of the recording. Rounds of its last seven days are kept. */
export const fleetEnd = Date.parse('2026-11-22T01:12:00Z');

type Vantage = (typeof fleetVantages)[number] | typeof removedVantage;
type Target = (typeof fleetTargets)[number];

const minute = 60_000;
const every = 5 * minute;

export const fleetPolicy: Policy = {
  vantages: fleetVantages,
  every,
  ...policyDefaults(fleetVantages.length),
  stagger: false,
  patience: 3,
  flaps: 3,
};

function digests(octet: string) {
  return { sha256: octet.repeat(32), sha512: octet.repeat(64) };
}

/** Targets whose rounds have what they serve. */
const servedTargets = fleetTargets.map((id) => ({ id, host: 'mx1.example.com', domain: null, port: 25 }));

const certificate: TlsFacts['certificate'] = {
  subject: 'CN=mx1.example.com',
  issuer: 'CN=Example CA',
  names: ['mx1.example.com'],
  validFrom: '2026-09-01T00:00:00Z',
  validTo: '2026-12-05T00:00:00Z',
  daysLeft: 14,
  keyType: 'EC',
  keyBits: 256,
  signature: 'ecdsa-with-SHA256',
  fingerprint: '3f2a9c0d1e4b5a67'.repeat(4),
  chain: ['CN=mx1.example.com', 'CN=Example CA'],
  served: [{ certificate: digests('a1'), key: digests('b2'), validTo: '2026-12-05T00:00:00.000Z', linked: true }],
  publiclyTrusted: true,
};
const keywords = { PIPELINING: [], SIZE: ['10240000'], '8BITMIME': [] };
const none = { findings: [], otherAddresses: [], greeting: null, software: null, tls: null };

const pass: Sample = {
  ...none,
  ...healthy,
  greeting: 'mx1.example.com ESMTP',
  hello: 'mx1.example.com',
  tls: { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', keyExchange: 'X25519', certificate },
  extensions: { beforeTls: { ...keywords, STARTTLS: [] }, afterTls: { ...keywords, AUTH: ['PLAIN'] } },
};
const renewed: Sample = {
  ...pass,
  tls: {
    ...(pass.tls as TlsFacts),
    certificate: { ...certificate, validTo: '2027-02-20T00:00:00Z', fingerprint: '77aa'.repeat(16) },
  },
};
const expiring: Sample = {
  ...pass,
  outcome: 'warn',
  phase: 'certificate',
  code: 'certificate-expiring',
  detail: 'the certificate ends in 14 days',
  transcript: ['S: 220 smtp.example.com ESMTP', 'C: EHLO probe.example.com', 'S: 250 smtp.example.com'],
};
const unknownSession = { ...none, extensions: { beforeTls: null, afterTls: null } };
const greetingRefused: Sample = { ...unknownSession, ...refused };
const timedOut: Sample = {
  ...unknownSession,
  outcome: 'fail',
  phase: 'connect',
  code: 'connect-timeout',
  reply: null,
  detail: 'no answer from 192.0.2.25 within 10 s',
  timings: { dns: 2 },
  total: 10_002,
  address: '192.0.2.25',
  transcript: ['* no answer from 192.0.2.25 port 25'],
};
const blocked: Sample = { ...timedOut, outcome: 'unable', code: 'control-unreachable' };

/** A session with AUTH, MAIL, RCPT and DATA. */
function withMail(sample: Sample): Sample {
  return { ...sample, timings: { ...sample.timings, auth: 21, mail: 11, rcpt: 14, data: 40 }, total: 197 };
}

/** A domain with one MX host. */
function ofDomain(sample: Sample): Sample {
  return { ...sample, parts: [{ name: 'mx1.example.com', sample }] };
}

/** A period in which samples differ: first and last round, both included, as `HH:MM` from 21:00 on. */
interface Period {
  readonly from: string;
  readonly to: string;
  readonly target?: Target;
  readonly vantage?: Vantage;
  /** Null if there is no round. */
  readonly sample: Sample | null;
}

/** The first that matches applies. All other samples pass. */
const periods: readonly Period[] = [
  { from: '05:00', to: '05:00', vantage: 'ap-southeast-1', sample: null },
  { from: '23:15', to: '23:30', vantage: 'eu-west-1', sample: blocked },
  { from: '23:40', to: '00:00', vantage: 'eu-west-1', sample: null },
  { from: '23:40', to: '00:00', vantage: 'ap-southeast-1', sample: null },
  { from: '22:05', to: '22:15', target: 'mx1', sample: greetingRefused },
  { from: '22:20', to: '22:40', target: 'mx1', sample: timedOut },
  { from: '00:05', to: '00:30', target: 'mx2', vantage: 'ap-southeast-1', sample: greetingRefused },
  { from: '23:00', to: '01:10', target: 'mx2', sample: renewed },
  { from: '00:55', to: '01:10', target: 'submission', sample: greetingRefused },
  { from: '21:30', to: '00:50', target: 'submission', sample: expiring },
  { from: '21:05', to: '21:10', target: 'relay', sample: timedOut },
  { from: '21:25', to: '21:30', target: 'relay', sample: timedOut },
  { from: '21:45', to: '21:50', target: 'relay', sample: timedOut },
  { from: '22:05', to: '22:10', target: 'relay', sample: timedOut },
];

/** From then on no alert can be delivered. */
const topicDeleted = '00:40';
const acknowledgedAt = '22:30';
const laggedAt = '23:20';
/** The first round of its hour, so that the hour has the delay. */
const begunLateAt = '22:00';

/** Sorts the hours after midnight last. */
const order = (clock: string) => (clock < '12:00' ? `1 ${clock}` : `0 ${clock}`);
const clockOf = (round: string) => round.slice(11, 16);
const isWithin = (clock: string, { from, to }: Period) => order(from) <= order(clock) && order(clock) <= order(to);

function sampleOf(vantage: Vantage, target: Target, round: string): Sample | null {
  const period = periods.find(
    (each) =>
      isWithin(clockOf(round), each) && (each.target ?? target) === target && (each.vantage ?? vantage) === vantage,
  );
  const sample = period === undefined ? pass : period.sample;
  if (sample?.outcome !== 'pass') return sample;
  return target === 'inbound' ? ofDomain(sample) : target === 'relay' ? withMail(sample) : sample;
}

export interface FleetOutput {
  readonly alerts: readonly Alert[];
  readonly events: readonly BusEvent[];
}

/** Records the fleet in a table. @param tableAt opens the table with a clock in epoch milliseconds */
export async function recordFleet(tableAt: (now: () => number) => Table): Promise<FleetOutput> {
  let now = Date.parse('2026-11-13T05:00:00Z');
  let ids = 0;
  const alerts: Alert[] = [];
  const events: BusEvent[] = [];
  const newId = () => (ids++).toString(16).padStart(8, '0');
  const table = tableAt(() => now);
  const history = openHistory(table, { now: () => now, newId });
  const deliveries = openDeliveries(table, { now: () => now, newId });
  const portsOf = (policy: Policy): JudgePorts => ({
    config: {
      name: 'smtp-quorum',
      policy,
      notify: [],
      targets: fleetTargets.map((id) => ({ id })),
    } as unknown as Config,
    vantage: 'us-east-1',
    history,
    publishEvents: async (published) => void events.push(...published),
    channels: awsChannels({ notify: [] }),
    deliveries,
    secret: async () => '',
    log: () => {},
    now: () => now,
  });
  const known = new Map<Vantage, KnownFacts>();
  const probe = async (vantage: Vantage, round: string, targets: readonly string[] = fleetTargets) => {
    const samples = fleetTargets
      .filter((target) => targets.includes(target))
      .flatMap((target) => {
        const sample = sampleOf(vantage, target, round);
        return sample === null ? [] : [[target, sample] as const];
      });
    if (samples.length === 0) return;
    const recording = prepareRecording(
      { round, samples: new Map(samples), targets: servedTargets },
      every,
      known.get(vantage),
    );
    known.set(vantage, recording.knownAfterWrite(known.get(vantage)));
    const lag = clockOf(round) === laggedAt && vantage === 'us-east-1' ? 120 : null;
    const fresh = freshSeconds(fleetPolicy);
    const began = isoSeconds(now + (clockOf(round) === begunLateAt && vantage === 'ap-southeast-1' ? 2000 : 0));
    await history.recordRound({ vantage, round, began, samples: recording.samples, lag, fresh });
  };
  const answerOpinions = async (from: number) => {
    for (const event of events.slice(from)) {
      if (event.type !== 'Second Opinion Wanted') continue;
      for (const vantage of event.detail.vantages)
        await probe(vantage as Vantage, event.detail.round, event.detail.targets);
    }
  };
  const send: Sender = async ({ alert }) => {
    const isDeleted = order(clockOf(isoSeconds(now))) > order(topicDeleted);
    if (isDeleted) return { taken: false, words: 'the topic was deleted', retryAfter: null };
    alerts.push(alert);
    return { taken: true };
  };
  const deliver = async (ports: JudgePorts) => {
    const shift = { latestWait: 0, latestSend: Number.POSITIVE_INFINITY, signal: new AbortController().signal };
    const others = { senderOf: () => send, random: () => 0.5, sleep: async () => {} };
    await deliverChannel({ ...ports, ...others }, 'topic', shift);
  };
  const tick = async (ports: JudgePorts, at: number) => {
    for (const vantage of ports.config.policy.vantages) await probe(vantage as Vantage, isoSeconds(at));
    now = at + 20_000;
    const before = events.length;
    await judge(ports, true);
    await deliver(ports);
    await answerOpinions(before);
    now = at + minute;
    await judge(ports, false);
    await deliver(ports);
    if (clockOf(isoSeconds(at)) === acknowledgedAt) await acknowledgeBy(history, 'mx1', 'ops@example.com', now);
  };
  const first = portsOf({ ...fleetPolicy, vantages: [...fleetVantages, removedVantage] });
  await tick(first, now);
  now += 70 * minute;
  await rollUp(first, null);
  const ports = portsOf(fleetPolicy);
  for (let at = Date.parse('2026-11-21T21:00:00Z'); at < fleetEnd; at += every) {
    now = at;
    await tick(ports, at);
    now = at + 2 * minute;
    if (at % 3_600_000 === 0) await rollUp(ports, null);
  }
  return { alerts, events };
}

async function acknowledgeBy(history: History, target: string, by: string, now: number): Promise<void> {
  const stored = await history.judgement(target);
  if (stored === null) throw new Error(`no judgement of ${target}`);
  const { version, lease, ...before } = stored;
  if (!(await history.writeJudgement(acknowledgeIncident(before, by, now), version, lease)))
    throw new Error('not written');
}

/** Records a round that is too large for one item. */
export async function recordWideRound(table: Table): Promise<void> {
  const history = openHistory(table, { now: () => fleetEnd, newId: () => 'a1b2c3d4' });
  const transcript = Array.from({ length: 60 }, (_, line) => `S: 250-${'x'.repeat(110)}${line}`);
  const targets = Array.from({ length: 60 }, (_, place) => `wide${place}`);
  const origin = { release: '0.1.0', egress: '192.0.2.25' };
  const samples = new Map(targets.map((target) => [target, { ...refused, transcript }]));
  await history.recordRound({ vantage: 'us-east-1', round: '2026-11-22T01:00:00Z', samples, unreached: 3, ...origin });
}
