import type { Target } from '../config/config.ts';
import { freshSeconds } from '../consensus/judgement/policy.ts';
import type { UnderWay } from '../history/packing/recorded-sample.ts';
import type { BusEvent, ProbePorts } from '../ports.ts';
import { LIMITS } from '../smtp/bounds/limits.ts';
import type { ProbeOptions } from '../smtp/probe-endpoint.ts';
import { createKnownSecrets } from '../smtp/redaction/known-secrets.ts';
import { redactSample } from '../smtp/redaction/redact-sample.ts';
import type { Outcome, Sample } from '../smtp/sample/sample.ts';
import { optionsForPort } from './blocked-port.ts';
import { probeControl } from './control-target.ts';
import { acceptableLag, measureLag } from './event-loop-lag.ts';
import { judgeSamples, nextSamples, samplesWithin } from './judge-samples.ts';
import { assignmentOf, type ProbeEvent } from './probe-event.ts';
import { probeOne } from './probe-with-password.ts';
import { type KnownFacts, prepareRecording } from './recording.ts';
import type { RoundReport } from './round-report.ts';
import { startProbes } from './running-probes.ts';

/**
 * Probes every target of the round concurrently and records the samples in one idempotent write, with the time of each
 * QUIT. A slow reply to QUIT delays the round by 2 s at most; it changes no outcome and no `total`. Returns after the last
 * session is closed, so that no QUIT is cut off when the container freezes.
 *
 * After half a round it records what is known by then: samples that were recorded too late would not count as recent. The
 * samples of the other probes are added to the same round when they end. Until then no further round probes their targets.
 * @param onRecorded called with the round as it is first recorded
 */
export async function probeRound(
  ports: ProbePorts,
  event: ProbeEvent,
  onRecorded: (report: RoundReport) => void = () => {},
): Promise<RoundReport> {
  const { round, targets } = assignmentOf(ports, event);
  const slow = slowTargets.get(ports.vantage) ?? new Set();
  slowTargets.set(ports.vantage, slow);
  const free = targets.filter(({ id }) => !slow.has(id));
  if (free.length > 0 || targets.length === 0) return probeTargets({ ports, round, targets: free, slow, onRecorded });
  const nothing = roundReport(ports, round, new Map(), 0);
  onRecorded(nothing);
  return nothing;
}

/**
 * Targets whose probes had not ended when their round was recorded, by vantage. A server has one session of a vantage at a
 * time.
 */
const slowTargets = new Map<string, Set<string>>();

interface RoundWork {
  readonly ports: ProbePorts;
  readonly round: string;
  readonly targets: readonly Target[];
  readonly slow: Set<string>;
  readonly onRecorded: (report: RoundReport) => void;
}

async function probeTargets({ ports, round, targets, slow, onRecorded }: RoundWork): Promise<RoundReport> {
  const { every } = ports.config.policy;
  const began = performance.now();
  const quits: Promise<void>[] = [];
  const onQuit = (closed: Promise<void>) => void quits.push(closed);
  const options: ProbeOptions = { onQuit, waitForQuit: true, secrets };
  const known = secrets.count();
  const stopLag = measureLag();
  const control = probeControl(ports, { onQuit, secrets });
  const probes = startProbes(targets, (target) => {
    return probeOne(ports, target, optionsForPort(target, ports.blockedPort, options));
  });
  const judged = judgeSamples(ports, control, (sample) => redactedSince(known, sample));
  const first = await samplesWithin(every / 2, probes, judged);
  const left = targets.filter(({ id }) => !first.has(id));
  for (const { id } of left) slow.add(id);
  const report = roundReport(ports, round, first, stopLag());
  const all = new Map(first);
  try {
    const isOurs = await record(ports, report, underWayOf(left, every));
    await announce(ports, report);
    onRecorded(report);
    while (all.size < targets.length) {
      const samples = await nextSamples(probes, judged);
      for (const [id, sample] of samples) all.set(id, sample);
      if (isOurs) await addLate(ports, { ...report, samples }, (performance.now() - began - every) / 1000);
      await announce(ports, { ...report, samples });
      for (const id of samples.keys()) slow.delete(id);
    }
  } finally {
    for (const { id } of left) slow.delete(id);
  }
  await Promise.all([judged.waitForControl(), ...quits]);
  return { ...report, samples: all };
}

function roundReport(
  { vantage }: ProbePorts,
  round: string,
  samples: RoundReport['samples'],
  lag: number,
): RoundReport {
  return { vantage, round, samples, lag: lag > acceptableLag ? lag : null };
}

/** By how many seconds each probe may end after the end of its round. */
function underWayOf(targets: readonly Target[], every: number): UnderWay | undefined {
  if (targets.length === 0) return undefined;
  const seconds = ({ timeout }: Target) => Math.max(0, Math.ceil((timeout + LIMITS.quit - every) / 1000));
  return Object.fromEntries(targets.map((target) => [target.id, seconds(target)]));
}

/** Every password that this process has read: what one target was told must not be read of another. */
const secrets = createKnownSecrets();

/** A sample that was taken before the last password was read is redacted once more. */
function redactedSince(known: number, sample: Sample): Sample {
  return secrets.count() === known ? sample : redactSample(sample, secrets);
}

/** Facts that this process recorded, by vantage. */
const knownFacts = new Map<string, KnownFacts>();

/**
 * Facts count as recorded only after the write. If the write fails, or another invocation wrote the round, the next
 * round records them. Returns whether this invocation wrote the round.
 */
async function record(
  { history, config }: ProbePorts,
  report: RoundReport,
  underWay: UnderWay | undefined,
): Promise<boolean> {
  const { samples, known } = prepareRecording(report, config.policy.every, knownFacts.get(report.vantage));
  const more = underWay === undefined ? {} : { underWay };
  const written = await history.recordRound({ ...report, samples, fresh: freshSeconds(config.policy), ...more });
  if (written === 'written') knownFacts.set(report.vantage, known);
  return written === 'written';
}

/** @param seconds from the end of the round until the probes ended; negative if they ended before */
async function addLate({ history, config }: ProbePorts, report: RoundReport, seconds: number): Promise<void> {
  const { samples, known } = prepareRecording(report, config.policy.every, knownFacts.get(report.vantage));
  const late = Math.max(0, Math.ceil(seconds));
  const marked = [...samples].map(([target, sample]) => [target, late === 0 ? sample : { ...sample, late }] as const);
  if (await history.addToRound(report.vantage, report.round, new Map(marked))) knownFacts.set(report.vantage, known);
}

/**
 * Outcomes of the last round that this process recorded, by vantage. On AWS a container has one vantage, and may be
 * replaced.
 */
const lastOutcomes = new Map<string, ReadonlyMap<string, Outcome>>();

/** Whether the judge should run at once: a target does not pass, or did not pass in the round before. */
function needsJudge({ vantage, samples }: RoundReport): boolean {
  const before = lastOutcomes.get(vantage);
  const outcomes = new Map([...samples].map(([target, { outcome }]) => [target, outcome]));
  lastOutcomes.set(vantage, new Map([...(before ?? []), ...outcomes]));
  return [...outcomes].some(([target, outcome]) => outcome !== 'pass' || (before?.get(target) ?? 'pass') !== 'pass');
}

async function announce(ports: ProbePorts, report: RoundReport): Promise<void> {
  if (needsJudge(report)) await ports.publishEvents([roundRecorded(report)]);
}

function roundRecorded({ vantage, round }: RoundReport): BusEvent {
  return { type: 'Round Recorded', detail: { vantage, round } };
}
