import { logLine } from '../aws/log.ts';
import { awsPorts } from '../aws/ports.ts';
import type { Target } from '../config/config.ts';
import { ehloNameOf } from '../config/ehlo-name.ts';
import { roundName } from '../consensus/judgement/round-name.ts';
import type { BusEvent, PortsWithoutAlerts } from '../ports.ts';
import { finding } from '../smtp/failures/failures.ts';
import type { ProbeOptions } from '../smtp/probe.ts';
import { unreachedSample } from '../smtp/sample/combine-samples.ts';
import type { Outcome, Sample } from '../smtp/sample/sample.ts';
import { probeTarget } from '../smtp/target.ts';
import { excuseBlockedPort, excuseUnreached, probeControl } from './control-target.ts';
import { type Diagnosis, type DiagnosisRequest, diagnose } from './diagnosis.ts';
import { acceptableLag, measureLag } from './event-loop-lag.ts';
import { type KnownFacts, prepareRecording } from './recording.ts';

/** A round that is due, by EventBridge Scheduler; `scheduled` is the time it was due, not the time it came. */
export interface RoundDue {
  readonly scheduled: string;
}

/** The judge asks for a second opinion on some targets, now, by EventBridge. */
export interface SecondOpinionEvent {
  readonly 'detail-type': 'Second Opinion Wanted';
  readonly detail: { readonly round: string; readonly targets: readonly string[] };
}

/** A round that is due, through the queue that delays it for its vantage's place in the stagger. */
export interface QueuedRound {
  readonly Records: readonly { readonly body: string }[];
}

export type ProbeEvent = RoundDue | SecondOpinionEvent | QueuedRound;

/** Answers doctor's question, or probes a round. */
export async function handler(event: ProbeEvent | DiagnosisRequest): Promise<Diagnosis | undefined> {
  const ports = await awsPorts();
  if ('diagnose' in event) return diagnose(ports, event);
  const { fail, unable, ...summary } = summaryOf(await probeRound(ports, event));
  const facts = { level: 'info', message: 'round recorded', ...summary };
  logLine(ports.config.name, ports.now(), facts, { failed: fail, unable });
  return undefined;
}

/** What a vantage saw in one round. */
export interface RoundReport {
  readonly vantage: string;
  readonly round: string;
  readonly samples: ReadonlyMap<string, Sample>;
  /** How long the event loop kept replies waiting at worst, milliseconds; null where timings can be trusted. */
  readonly lag: number | null;
}

/**
 * Probes every target of the round at once and records what was seen as one idempotent write, with the time of each QUIT:
 * a reply to QUIT that is slow holds the round, 2 s at most, but no outcome and no `total`. Returns once the last session
 * is closed, so that no QUIT is cut off when the container freezes.
 */
export async function probeRound(ports: PortsWithoutAlerts, event: ProbeEvent): Promise<RoundReport> {
  const { round, targets } = assignmentOf(ports, event);
  const farewells: Promise<void>[] = [];
  const farewell = (over: Promise<void>) => void farewells.push(over);
  const options: ProbeOptions = { farewell, seeOff: true };
  const lagged = measureLag();
  const [control, ...seen] = await Promise.all([
    probeControl(ports, { farewell }),
    ...targets.map((target) => probeOne(ports, target, knocking(target, ports.blockedPort, options))),
  ]);
  const lag = lagged();
  const samples = excuseUnreached(
    seen.map((sample, index) => excuseBlockedPort({ sample, port: targets[index]?.port ?? 0 }, ports.blockedPort)),
    control,
    ports.config.control?.port ?? 0,
  );
  const report = {
    vantage: ports.vantage,
    round,
    samples: new Map(targets.map(({ id }, at) => [id, samples[at] as Sample])),
    lag: lag > acceptableLag ? lag : null,
  };
  await record(ports, report);
  if (isNews(report)) await ports.announce([recorded(report)]);
  await Promise.all(farewells);
  return report;
}

/**
 * Nobody answers at a port that the network drops, and a function is billed for waiting: it is only knocked at, long enough
 * for an answer from the other side of the world, should the port be open after all.
 */
function knocking({ port }: Target, blockedPort: number | undefined, options: ProbeOptions): ProbeOptions {
  return port === blockedPort ? { ...options, limits: { connect: 1_000 } } : options;
}

/** Facts that this process recorded, by vantage. */
const knownFacts = new Map<string, KnownFacts>();

/** Facts are known as recorded only once they are: after a write that failed, or was another's, the next round brings them. */
async function record({ history, config }: PortsWithoutAlerts, report: RoundReport): Promise<void> {
  const { samples, known } = prepareRecording(report, config.policy.every, knownFacts.get(report.vantage));
  const written = await history.recordRound({ ...report, samples });
  if (written === 'written') knownFacts.set(report.vantage, known);
}

interface Assignment {
  readonly round: string;
  readonly targets: readonly Target[];
}

function assignmentOf({ config }: PortsWithoutAlerts, event: ProbeEvent): Assignment {
  if ('detail-type' in event) {
    const wanted = new Set(event.detail.targets);
    return { round: event.detail.round, targets: config.targets.filter(({ id }) => wanted.has(id)) };
  }
  const due: RoundDue = 'Records' in event ? JSON.parse(event.Records[0]?.body ?? '') : event;
  return { round: roundName(Date.parse(due.scheduled), config.policy.every), targets: config.targets };
}

/** What one target's settings bring about must not cost the others their round. */
async function probeOne(ports: PortsWithoutAlerts, target: Target, options: ProbeOptions): Promise<Sample> {
  try {
    return await probeWithPassword(ports, target, options);
  } catch (error) {
    return unreachedSample([finding('probe-error', { detail: String(error) })], 0);
  }
}

/** The password is in memory for this one session: what holds it must not be logged. */
async function probeWithPassword(ports: PortsWithoutAlerts, target: Target, options: ProbeOptions): Promise<Sample> {
  const { id: _id, auth, ...settings } = target;
  const ehloName = ehloNameOf(ports.config.ehloName, ports.vantage);
  if (!auth) return probeTarget({ ...settings, ehloName }, options);
  const password = await ports.secret(auth.password).catch((error: unknown) => ({ error }));
  if (typeof password !== 'string') return unreadable(password.error);
  return probeTarget({ ...settings, ehloName, auth: { ...auth, password } }, options);
}

function unreadable(error: unknown): Sample {
  return unreachedSample([finding('secret-unreadable', { detail: String(error) })], 0);
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
function summaryOf({ vantage, round, samples, lag }: RoundReport) {
  const counts: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, unable: 0 };
  for (const { outcome } of samples.values()) counts[outcome] += 1;
  const codes = [...samples].flatMap(([target, { code }]) => (code === null ? [] : [[target, code] as const]));
  return { vantage, round, lag, ...counts, codes: Object.fromEntries(codes) };
}
