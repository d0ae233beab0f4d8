import { isoSeconds } from '../consensus/judgement/round-name.ts';
import type { BusEvent, ProbePorts } from '../ports.ts';
import { createKnownSecrets } from '../smtp/redaction/known-secrets.ts';
import { redactSample } from '../smtp/redaction/redact-sample.ts';
import type { Outcome, Sample } from '../smtp/sample/sample.ts';
import { applyBlockedPort } from './blocked-port.ts';
import { processSlots, type SessionSlots } from './capacity/session-slots.ts';
import { applyControlResult, probeControl } from './control-target.ts';
import { acceptableLag, measureLag } from './event-loop-lag.ts';
import { type Assignment, assignmentOf, type ProbeEvent } from './probe-event.ts';
import { probeTargets, type TargetSample } from './probe-targets.ts';
import { recordOrRename } from './record-or-rename.ts';
import { type KnownFacts, prepareRecording } from './recording.ts';
import type { RoundReport } from './round-report.ts';

/**
 * Probes the targets of the round concurrently, as many as there are slots, and records the samples in one idempotent write,
 * with the time of each QUIT. A slow reply to QUIT delays the round by 2 s at most; it changes no outcome and no `total`. A
 * target for which there was no time is absent from the round. Returns after the last session is closed, so that no QUIT is
 * cut off when the container freezes.
 */
export async function probeRound(
  ports: ProbePorts,
  event: ProbeEvent,
  slots: SessionSlots = processSlots(),
): Promise<RoundReport> {
  const assignment = assignmentOf(ports, event);
  const began = ports.now();
  const quits: Promise<void>[] = [];
  const onQuit = (closed: Promise<void>) => void quits.push(closed);
  const known = secrets.count();
  const stopLag = measureLag();
  const [control, measured] = await Promise.all([
    probeControl(ports, { onQuit, secrets }),
    probeTargets(ports, assignment, { onQuit, waitForQuit: true, secrets }, slots),
  ]);
  const redacted = measured.map(({ target, sample }) => ({ target, sample: redactedSince(known, sample) }));
  const report = reportOf(ports, { ...assignment, began: isoSeconds(began) }, redacted, control, stopLag());
  await record(ports, report, began);
  if (needsJudge(report)) await ports.publishEvents([roundRecorded(report)]);
  await Promise.all(quits);
  return report;
}

/** Every password that this process has read: what one target was told must not be read of another. */
const secrets = createKnownSecrets();

/** A sample that was taken before the last password was read is redacted once more. */
function redactedSince(known: number, sample: Sample): Sample {
  return secrets.count() === known ? sample : redactSample(sample, secrets);
}

function reportOf(
  { vantage, blockedPort, config }: ProbePorts,
  { round, targets, began }: Assignment & Pick<RoundReport, 'began'>,
  measured: readonly TargetSample[],
  control: Sample | null,
  lag: number,
): RoundReport {
  const samples = applyControlResult(
    measured.map(({ target, sample }) => applyBlockedPort({ sample, port: target.port }, blockedPort)),
    control,
    config.control?.port ?? 0,
  );
  const byTarget = new Map(measured.map(({ target }, at) => [target.id, samples[at] as Sample]));
  return {
    vantage,
    round,
    began,
    // In the order of the config.
    samples: new Map(targets.flatMap(({ id }) => pairOf(id, byTarget.get(id)))),
    lag: lag > acceptableLag ? lag : null,
    unreached: targets.length - measured.length,
  };
}

function pairOf(id: string, sample: Sample | undefined): readonly (readonly [string, Sample])[] {
  return sample === undefined ? [] : [[id, sample]];
}

/** Facts that this process recorded, by vantage. */
const knownFacts = new Map<string, KnownFacts>();

/**
 * Facts count as recorded only after the write. If the write fails, or another invocation wrote the round, the next
 * round records them again.
 */
async function record({ history, config }: ProbePorts, report: RoundReport, began: number): Promise<void> {
  const { every } = config.policy;
  const { samples, known } = prepareRecording(report, every, knownFacts.get(report.vantage));
  const written = await recordOrRename(history, { ...report, samples }, began, every);
  if (written === 'written') knownFacts.set(report.vantage, known);
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

function roundRecorded({ vantage, round }: RoundReport): BusEvent {
  return { type: 'Round Recorded', detail: { vantage, round } };
}
