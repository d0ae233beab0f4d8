import { logLine } from './aws/log.ts';
import { awsPorts } from './aws.ts';
import type { Target } from './config/config.ts';
import { ehloNameOf } from './ehlo-name.ts';
import type { BusEvent, Ports } from './ports.ts';
import { roundName } from './round.ts';
import type { Endpoint } from './smtp/endpoint.ts';
import { probe } from './smtp/probe.ts';
import type { Outcome, Sample } from './smtp/sample.ts';

/** A round that is due, by EventBridge Scheduler; `scheduled` is the time it was due, not the time it came. */
export interface RoundDue {
  readonly scheduled: string;
}

/** The judge asks for a second opinion on some targets, now, by EventBridge. */
export interface OpinionWanted {
  readonly 'detail-type': 'Second Opinion Wanted';
  readonly detail: { readonly round: string; readonly targets: readonly string[] };
}

/** A round that is due, through the queue that delays it for its vantage's place in the stagger. */
export interface RoundsQueued {
  readonly Records: readonly { readonly body: string }[];
}

export type ProbeEvent = RoundDue | OpinionWanted | RoundsQueued;

export async function handler(event: ProbeEvent): Promise<void> {
  const ports = await awsPorts();
  const { fail, unable, ...summary } = summaryOf(await probeRound(ports, event));
  const facts = { level: 'info', message: 'round recorded', ...summary };
  logLine(ports.config.name, ports.now(), facts, { failed: fail, unable });
}

/** What a vantage saw in one round. */
export interface RoundReport {
  readonly vantage: string;
  readonly round: string;
  readonly samples: ReadonlyMap<string, Sample>;
}

/** Probes every target of the round at once and records what was seen as one idempotent write. */
export async function probeRound(ports: Ports, event: ProbeEvent): Promise<RoundReport> {
  const { round, targets } = assignmentOf(ports, event);
  const seen = await Promise.all(targets.map(async (target) => [target.id, await probeTarget(ports, target)] as const));
  const report = { vantage: ports.vantage, round, samples: new Map(seen) };
  await ports.history.recordRound(report);
  if (isNews(report)) await ports.announce([recorded(report)]);
  return report;
}

interface Assignment {
  readonly round: string;
  readonly targets: readonly Target[];
}

function assignmentOf({ config }: Ports, event: ProbeEvent): Assignment {
  if ('detail-type' in event) {
    const wanted = new Set(event.detail.targets);
    return { round: event.detail.round, targets: config.targets.filter(({ id }) => wanted.has(id)) };
  }
  const due: RoundDue = 'Records' in event ? JSON.parse(event.Records[0]?.body ?? '') : event;
  return { round: roundName(Date.parse(due.scheduled), config.policy.every), targets: config.targets };
}

async function probeTarget(ports: Ports, target: Target): Promise<Sample> {
  return probe(await endpointOf(ports, target));
}

/** One endpoint of the target, with its password in it: it must not be logged. */
async function endpointOf({ config, vantage, secret }: Ports, target: Target): Promise<Endpoint> {
  const { id: _id, host, domain: _domain, family, auth, ...settings } = target;
  return {
    ...settings,
    host: host ?? '',
    ehloName: ehloNameOf(config.ehloName, vantage),
    ...(family === 'each' ? {} : { family }),
    ...(auth ? { auth: { ...auth, password: await secret(auth.password) } } : {}),
  };
}

/** Outcomes of the last round that this process recorded, by vantage: on AWS a container has one, and may forget it. */
const lastOutcomes = new Map<string, ReadonlyMap<string, Outcome>>();

/** Whether the judge should look at once: something does not pass, or did not in the round before. */
function isNews({ vantage, samples }: RoundReport): boolean {
  const before = lastOutcomes.get(vantage);
  const outcomes = new Map([...samples].map(([target, { outcome }]) => [target, outcome]));
  lastOutcomes.set(vantage, new Map([...(before ?? []), ...outcomes]));
  return [...outcomes].some(([target, outcome]) => outcome !== 'pass' || (before?.get(target) ?? 'pass') !== 'pass');
}

function recorded({ vantage, round }: RoundReport): BusEvent {
  return { type: 'Round Recorded', detail: { vantage, round } };
}

/** One line for the log: counts, and what failed, by code. No text from the wire, no secrets. */
function summaryOf({ vantage, round, samples }: RoundReport) {
  const counts: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, unable: 0 };
  for (const { outcome } of samples.values()) counts[outcome] += 1;
  const codes = [...samples].flatMap(([target, { code }]) => (code === null ? [] : [[target, code] as const]));
  return { vantage, round, ...counts, codes: Object.fromEntries(codes) };
}
