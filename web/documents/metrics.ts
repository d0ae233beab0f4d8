/**
 * The text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Gauges without times:
 * Prometheus then sees when they stop. Where blackbox_exporter has a metric of the same meaning, it is there under that name,
 * too.
 */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { LastSample, Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [Labels, number])[];
}

const VERDICTS: readonly Verdict[] = ['up', 'degraded', 'down', 'unknown'];

export function metricsText(snapshot: Snapshot): string {
  return metricsOf(snapshot)
    .filter(({ values }) => values.length > 0)
    .map(({ name, help, values }) => {
      const lines = values.map(([labels, value]) => `${name}${labelText(labels)} ${Number(value.toFixed(6))}`);
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`;
    })
    .join('');
}

function metricsOf(snapshot: Snapshot): readonly Metric[] {
  const { targets, vantages, at, incidents } = snapshot;
  const samples = targets.flatMap((target) => target.last.map((sample) => ({ target, sample })));
  const each = (of: (sample: LastSample) => number | null) => valuesOf(samples, of);
  return [
    gauge('smtp_quorum_verdict', 'Whether the quorum says this of the target: 1 or 0.', targets.flatMap(verdictValues)),
    gauge(
      'smtp_quorum_uptime_ratio',
      'Share of the watched time of 90 days in which the target was not down.',
      ratioValues(targets),
    ),
    gauge('smtp_quorum_incidents_open', 'Open incidents.', [
      [{}, incidents.filter(({ closed }) => closed === null).length],
    ]),
    gauge('smtp_quorum_snapshot_timestamp_seconds', 'When these figures were written.', [[{}, Date.parse(at) / 1000]]),
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
      'smtp_quorum_phase_duration_seconds',
      'Duration of a phase of the last session.',
      samples.flatMap(phaseValues),
    ),
    gauge('smtp_quorum_failure_info', 'The failure of the last session.', samples.flatMap(failureValues)),
    gauge(
      'probe_success',
      'Whether the last session passed or warned: 1 or 0.',
      each(({ outcome }) => (outcome === 'unable' ? null : Number(outcome !== 'fail'))),
    ),
    gauge(
      'probe_duration_seconds',
      'Duration of the last session.',
      each(({ total }) => total / 1000),
    ),
    gauge(
      'probe_ssl_earliest_cert_expiry',
      'Expiry of the certificate.',
      each(({ certificateExpires }) => (certificateExpires === null ? null : Date.parse(certificateExpires) / 1000)),
    ),
  ];
}

function gauge(name: string, help: string, values: Metric['values']): Metric {
  return { name, help, values };
}

interface TargetSample {
  readonly target: TargetSnapshot;
  readonly sample: LastSample;
}

function valuesOf(samples: readonly TargetSample[], of: (sample: LastSample) => number | null): Metric['values'] {
  return samples.flatMap(({ target, sample }) => {
    const value = of(sample);
    return value === null || !Number.isFinite(value)
      ? []
      : [[{ target: target.id, vantage: sample.vantage }, value] as const];
  });
}

function verdictValues({ id, verdict }: TargetSnapshot): Metric['values'] {
  return VERDICTS.map((one) => [{ target: id, verdict: one }, Number(one === verdict)] as const);
}

function ratioValues(targets: readonly TargetSnapshot[]): Metric['values'] {
  return targets.flatMap(({ id, uptime }) => (uptime === null ? [] : [[{ target: id }, uptime / 100] as const]));
}

function phaseValues({ target, sample }: TargetSample): Metric['values'] {
  return Object.entries(sample.timings).map(([phase, duration]) => [
    { target: target.id, vantage: sample.vantage, phase },
    duration / 1000,
  ]);
}

function failureValues({ target, sample: { vantage, outcome, phase, code } }: TargetSample): Metric['values'] {
  return outcome === 'pass' || code === null
    ? []
    : [[{ target: target.id, vantage, outcome, phase: phase ?? '', code }, 1] as const];
}

/** A round may have a name with nanoseconds. */
function epochSeconds(round: string): number {
  return Date.parse(`${round.slice(0, 19)}Z`) / 1000;
}

function labelText(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
