/**
 * What Prometheus scrapes. Where blackbox_exporter has a metric of the same meaning, it is there under that name, so that rules
 * for it go on working.
 */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { LastSample, Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import type { Outcome } from '../../lambda/smtp/sample/sample.ts';
import { beginOfRound } from '../pages/words.ts';
import { type Gauge, type Labels, prometheusText } from './prometheus-text.ts';

const VERDICTS: readonly Verdict[] = ['up', 'degraded', 'down', 'unknown'];
const OUTCOMES: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

export function metricsText(snapshot: Snapshot): string {
  return prometheusText([
    ...targetGauges(snapshot),
    ...sampleGauges(snapshot),
    ...vantageGauges(snapshot),
    ...alertGauges(snapshot),
    ...domainGauges(snapshot),
  ]);
}

function targetGauges({ targets, at }: Snapshot): readonly Gauge[] {
  return [
    gauge(
      'smtp_quorum_verdict',
      'Whether the quorum says this of the target: 1 or 0.',
      targets.flatMap(({ id, verdict }) => oneOf(VERDICTS, verdict, 'verdict', { target: id })),
    ),
    gauge(
      'smtp_quorum_uptime_ratio',
      'Share of the watched time of 90 days in which the target was not down.',
      targets.flatMap(({ id, uptime }) => (uptime === null ? [] : [[{ target: id }, uptime / 100] as const])),
    ),
    gauge(
      'smtp_quorum_alerts_muted',
      'Whether a window, a mute or a target before it holds the alerts of the target: 1 or 0.',
      targets.map(({ id, held }) => [{ target: id }, Number(held !== null)] as const),
    ),
    gauge('smtp_quorum_snapshot_timestamp_seconds', 'When these figures were written.', [[{}, Date.parse(at) / 1000]]),
  ];
}

function sampleGauges({ targets }: Snapshot): readonly Gauge[] {
  const samples = targets.flatMap((target) => target.last.map((sample) => ({ target, sample })));
  const each = (of: (sample: LastSample) => number | null) => valuesOf(samples, of);
  return [
    gauge(
      'smtp_quorum_outcome',
      'Whether the last session had this outcome: 1 or 0.',
      samples.flatMap(({ target, sample: { vantage, outcome } }) =>
        oneOf(OUTCOMES, outcome, 'outcome', { target: target.id, vantage }),
      ),
    ),
    gauge(
      'smtp_quorum_sample_timestamp_seconds',
      'Name of the round of the last session.',
      each(({ round }) => epochSeconds(round)),
    ),
    gauge(
      'smtp_quorum_phase_duration_seconds',
      'Duration of a phase of the last session.',
      samples.flatMap(phaseValues),
    ),
    gauge('smtp_quorum_failure_info', 'The failure or warning of the last session.', samples.flatMap(failureValues)),
    gauge(
      'probe_success',
      'Whether the last session passed or warned: 1 or 0. A session that could not be held has none.',
      each(({ outcome }) => (outcome === 'unable' ? null : Number(outcome !== 'fail'))),
    ),
    gauge(
      'probe_duration_seconds',
      'Duration of the last session.',
      each(({ total }) => total / 1000),
    ),
    gauge(
      'probe_dns_lookup_time_seconds',
      'Duration of the resolution of the name in the last session.',
      each(({ timings: { dns } }) => (dns === undefined ? null : dns / 1000)),
    ),
    gauge(
      'probe_ssl_earliest_cert_expiry',
      'Expiry of the first certificate that expires, in seconds of the Unix epoch.',
      each(({ certificateExpires }) => (certificateExpires === null ? null : Date.parse(certificateExpires) / 1000)),
    ),
  ];
}

function vantageGauges({ vantages }: Snapshot): readonly Gauge[] {
  return [
    gauge(
      'smtp_quorum_last_round_timestamp_seconds',
      'Name of the last round of a vantage.',
      vantages.flatMap(({ vantage, lastRound }) =>
        lastRound === null ? [] : [[{ vantage }, epochSeconds(lastRound)] as const],
      ),
    ),
    gauge(
      'smtp_quorum_vantage_blind',
      'Whether the vantage does not vote: 1 or 0.',
      vantages.map(({ vantage, blind }) => [{ vantage }, Number(blind)] as const),
    ),
    gauge(
      'smtp_quorum_vantage_info',
      'The version that a vantage runs, and the address that mail servers see.',
      vantages.flatMap(({ vantage, release, egress }) =>
        release === null ? [] : [[{ vantage, version: release, egress: egress ?? '' }, 1] as const],
      ),
    ),
  ];
}

function alertGauges({ incidents }: Snapshot): readonly Gauge[] {
  const open = incidents.filter(({ closed }) => closed === null);
  const acknowledged = open.filter((incident) => incident.acknowledged !== null);
  return [
    gauge('smtp_quorum_incidents_open', 'Open incidents.', [[{}, open.length]]),
    gauge('smtp_quorum_incidents_acknowledged', 'Open incidents that somebody handles.', [[{}, acknowledged.length]]),
  ];
}

/** Numbers that are there at zero, too, and what they count by name. */
function domainGauges({ findings, troubles }: Snapshot): readonly Gauge[] {
  const found = (['listed', 'posture'] as const).map(
    (kind) => [{ kind }, findings.filter((one) => one.kind === kind).length] as const,
  );
  const troubled = (['trip', 'bounces'] as const).map(
    (kind) => [{ kind }, troubles.filter((one) => one.kind === kind).length] as const,
  );
  return [
    gauge('smtp_quorum_posture_findings', 'Findings of posture that are open.', found),
    gauge(
      'smtp_quorum_posture_finding_info',
      'A finding of posture that is open.',
      findings.map(({ domain, kind, code, subject }) => [{ domain, kind, code, subject }, 1] as const),
    ),
    gauge('smtp_quorum_troubles', 'Round trips, and senders of bounces, of which something is wrong.', troubled),
    gauge(
      'smtp_quorum_trouble_info',
      'A round trip or a sender of which something is wrong.',
      troubles.map(({ kind, subject }) => [{ kind, subject }, 1] as const),
    ),
  ];
}

function gauge(name: string, help: string, values: Gauge['values']): Gauge {
  return { name, help, values };
}

/** A series for each of the words: 1 for the one that holds. */
function oneOf<Word extends string>(words: readonly Word[], holds: Word, label: string, labels: Labels) {
  return words.map((word) => [{ ...labels, [label]: word }, Number(word === holds)] as const);
}

interface TargetSample {
  readonly target: TargetSnapshot;
  readonly sample: LastSample;
}

function valuesOf(samples: readonly TargetSample[], of: (sample: LastSample) => number | null): Gauge['values'] {
  return samples.flatMap(({ target, sample }) => {
    const value = of(sample);
    return value === null ? [] : [[{ target: target.id, vantage: sample.vantage }, value] as const];
  });
}

function phaseValues({ target, sample }: TargetSample): Gauge['values'] {
  return Object.entries(sample.timings).map(([phase, duration]) => [
    { target: target.id, vantage: sample.vantage, phase },
    duration / 1000,
  ]);
}

function failureValues({ target, sample: { vantage, outcome, phase, code } }: TargetSample): Gauge['values'] {
  return outcome === 'pass' || code === null
    ? []
    : [[{ target: target.id, vantage, outcome, phase: phase ?? '', code }, 1] as const];
}

function epochSeconds(round: string): number {
  return Date.parse(beginOfRound(round)) / 1000;
}
