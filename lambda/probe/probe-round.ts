import type { Config, Target } from '../config/config.ts';
import { freshSeconds } from '../consensus/judgement/policy.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { originOf } from '../history/packing/read-round-attributes.ts';
import type { UnderWay } from '../history/packing/recorded-round.ts';
import type { BusEvent, ProbePorts } from '../ports.ts';
import { LIMITS } from '../smtp/bounds/limits.ts';
import { createKnownSecrets } from '../smtp/redaction/mask-known-passwords.ts';
import { redactSample } from '../smtp/redaction/redact-sample.ts';
import type { Outcome, Sample } from '../smtp/sample/sample.ts';
import { type KnownFacts, prepareRecording } from './add-changed-facts-and-threshold.ts';
import { processSlots, type SessionSlots } from './capacity/session-slots.ts';
import { acceptableLag, measureLag } from './event-loop-lag.ts';
import { assignmentOf, type ProbeEvent } from './probe-event.ts';
import { startTargets } from './probe-targets.ts';
import { probeControl } from './reachability/control-target.ts';
import { judgeSamples, samplesWithin } from './reachability/correct-by-control.ts';
import { recordOrRename } from './record-or-rename.ts';
import type { RoundReport } from './round-report.ts';

export interface RoundOptions {
  /** Called with the round as it is first recorded. */
  readonly onRecorded?: (report: RoundReport) => void;
  /** Called after that with the samples of probes that ended later, and were added to the round. */
  readonly onLate?: (report: RoundReport) => void;
  /** Limits the sessions under way; those of the process by default. */
  readonly slots?: SessionSlots;
}

/**
 * Probes the targets of the round concurrently, as many as there are slots, and records the samples in one idempotent write,
 * with the time of each QUIT. A slow reply to QUIT delays the round by 2 s at most; it changes no outcome and no `total`. A
 * target for which there was no time is absent from the round. Returns after the last session is closed, so that no QUIT is
 * cut off when the container freezes.
 *
 * After half a round it records what is known by then: samples that were recorded too late would not count as recent. The
 * samples of the other probes are added to the same round when they end. Until then no further round probes their targets.
 */
export async function probeRound(
  ports: ProbePorts,
  event: ProbeEvent,
  { onRecorded = () => {}, onLate = () => {}, slots = processSlots() }: RoundOptions = {},
): Promise<RoundReport> {
  const { round, targets } = assignmentOf(ports, event);
  const slow = slowTargets.get(ports.vantage) ?? new Map();
  slowTargets.set(ports.vantage, slow);
  const free = targets.filter(({ id }) => !slow.has(id));
  const began = ports.now();
  turns += 1;
  if (free.length > 0 || targets.length === 0)
    return probeFree({ ports, round, began, turn: turns, targets: free, slow, onRecorded, onLate, slots });
  const nothing = roundReport({ ports, round, began }, new Map(), 0, 0);
  onRecorded(nothing);
  return nothing;
}

/** By target, how many of its probes are under way. A scheduled round and a second opinion may probe it at once. */
type UnderWayCounts = Map<string, number>;

/**
 * Targets whose probes had not ended when their round was recorded, by vantage, until they end. A server has one session of
 * a vantage at a time.
 */
const slowTargets = new Map<string, UnderWayCounts>();

/**
 * Rounds that this process began. Rounds overlap, and one that began earlier may be written later: what is kept in memory
 * from one round to the next is of the round that began last.
 */
let turns = 0;

interface RoundWork {
  readonly ports: ProbePorts;
  readonly round: string;
  /** Epoch milliseconds. */
  readonly began: number;
  readonly turn: number;
  readonly targets: readonly Target[];
  readonly slow: UnderWayCounts;
  readonly onRecorded: (report: RoundReport) => void;
  readonly onLate: (report: RoundReport) => void;
  readonly slots: SessionSlots;
}

async function probeFree(work: RoundWork): Promise<RoundReport> {
  const { ports, round, targets, slow, onRecorded, onLate, slots } = work;
  const { every } = ports.config.policy;
  const started = performance.now();
  const quits: Promise<void>[] = [];
  const onQuit = (closed: Promise<void>) => void quits.push(closed);
  const known = secrets.count();
  const stopLag = measureLag();
  const control = probeControl(ports, { onQuit, secrets });
  const probes = startTargets(ports, { round, targets }, { onQuit, waitForQuit: true, secrets }, slots);
  const judged = judgeSamples(ports, control, (sample) => redactedSince(known, sample));
  const first = await samplesWithin(every / 2, probes, judged);
  const unreached = new Set(probes.unreached());
  const left = targets.filter(({ id }) => !first.has(id) && !unreached.has(id));
  // Also if the round cannot be written: what counts is that the session has ended.
  for (const { id } of left) {
    slow.set(id, (slow.get(id) ?? 0) + 1);
    void probes.waitFor(id).then(() => endOf(id, slow));
  }
  const report = roundReport(work, first, unreached.size, stopLag());
  const all = new Map(first);
  const isOurs = await record(work, report, underWayOf(left, every));
  await announce(work, report);
  onRecorded(report);
  while (probes.underWay().length > 0 || judged.waits()) {
    const samples = await samplesWithin(every / 4, probes, judged);
    if (samples.size === 0) continue;
    for (const [id, sample] of samples) all.set(id, sample);
    const late = { ...report, samples, unreached: probes.unreached().length };
    if (isOurs) await addLate(work, late, (performance.now() - started - every) / 1000);
    await announce(work, late);
    onLate(late);
  }
  await Promise.all([judged.waitForControl(), ...quits]);
  return { ...report, samples: inOrder(targets, all), unreached: targets.length - all.size };
}

function endOf(id: string, slow: UnderWayCounts): void {
  const left = (slow.get(id) ?? 0) - 1;
  if (left > 0) slow.set(id, left);
  else slow.delete(id);
}

/** In the order of the config. */
function inOrder(targets: readonly Target[], samples: RoundReport['samples']): RoundReport['samples'] {
  return new Map(
    targets.flatMap(({ id }) => {
      const sample = samples.get(id);
      return sample === undefined ? [] : [[id, sample] as const];
    }),
  );
}

function roundReport(
  { ports: { vantage }, round, began }: Pick<RoundWork, 'ports' | 'round' | 'began'>,
  samples: RoundReport['samples'],
  unreached: number,
  lag: number,
): RoundReport {
  return { vantage, round, began: isoSeconds(began), samples, unreached, lag: lag > acceptableLag ? lag : null };
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
 * round records them. Returns whether this invocation wrote the round under its name.
 */
async function record(work: RoundWork, report: RoundReport, underWay: UnderWay | undefined): Promise<boolean> {
  const { history, config } = work.ports;
  const { policy } = config;
  const { samples, keepFacts } = recordingOf(work, report);
  const more = { ...originOf(work.ports), ...(underWay === undefined ? {} : { underWay }) };
  const round = { ...report, samples, fresh: freshSeconds(policy), ...more };
  const written = (await recordOrRename(history, round, work.began, policy.every)) === 'written';
  if (written) keepFacts();
  return written;
}

/** @param seconds from the end of the round until the probes ended; negative if they ended before */
async function addLate(work: RoundWork, report: RoundReport, seconds: number): Promise<void> {
  const { vantage, round, unreached } = report;
  const { samples, keepFacts } = recordingOf(work, report);
  const late = Math.max(0, Math.ceil(seconds));
  const marked = [...samples].map(([target, sample]) => [target, late === 0 ? sample : { ...sample, late }] as const);
  if (await work.ports.history.addToRound(vantage, round, new Map(marked), unreached)) keepFacts();
}

/** The samples to write, and what is remembered of them after the write. */
function recordingOf({ ports: { config }, turn }: RoundWork, report: RoundReport) {
  const { vantage } = report;
  const { samples, knownAfterWrite } = prepareRecording(
    { ...report, turn, targets: mailHosts(config) },
    config.policy.every,
    knownFacts.get(vantage),
  );
  return { samples, keepFacts: () => void knownFacts.set(vantage, knownAfterWrite(knownFacts.get(vantage))) };
}

interface LastOutcome {
  readonly outcome: Outcome;
  /** Of its round. */
  readonly turn: number;
}

/**
 * The outcome of each target in the last round of this process that has it, by vantage. On AWS a container has one vantage,
 * and may be replaced.
 */
const lastOutcomes = new Map<string, Map<string, LastOutcome>>();

/** Whether the judge should run at once: a target does not pass, or did not pass in the round before. */
function needsJudge({ vantage, samples }: RoundReport, turn: number): boolean {
  const last = lastOutcomes.get(vantage) ?? new Map<string, LastOutcome>();
  lastOutcomes.set(vantage, last);
  const wanted = [...samples].filter(
    ([target, { outcome }]) => outcome !== 'pass' || (last.get(target)?.outcome ?? 'pass') !== 'pass',
  );
  for (const [target, { outcome }] of samples)
    if (turn >= (last.get(target)?.turn ?? turn)) last.set(target, { outcome, turn });
  return wanted.length > 0;
}

async function announce({ ports, turn }: RoundWork, report: RoundReport): Promise<void> {
  if (needsJudge(report, turn)) await ports.publishEvents([roundRecorded(report)]);
}

function roundRecorded({ vantage, round }: RoundReport): BusEvent {
  return { type: 'Round Recorded', detail: { vantage, round } };
}

/** What sessions are served is recorded for posture alone: its first round of an hour costs 8 % more writes. */
function mailHosts({ posture = [], targets }: Config): Config['targets'] {
  return posture.length === 0 ? [] : targets;
}
