/** What Prometheus itself says of the metrics, the dashboard and the rules: `promtool`, of Debian's package `prometheus`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { metricsText } from '../../web/documents/metrics.ts';
import { snapshotOf } from '../web/documents/hostile.ts';
import { HOSTILE, hostileSnapshot, snapshotWith, targetSnapshot } from '../web/snapshot.ts';

const isThere = spawnSync('promtool', ['--version']).status === 0;
if (!isThere) console.warn('promtool is not there (Debian: apt-get install prometheus): its checks are skipped.');

const root = path.resolve(import.meta.dirname, '../..');

/** What it wrote, and its exit code. */
function promtool(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe.skipIf(!isThere)('promtool', () => {
  test.each([
    ['a healthy target', snapshotWith()],
    ['two targets of which one fails', snapshotWith({ targets: [targetSnapshot(), ...hostileSnapshot().targets] })],
    ['a fresh monitor', snapshotWith({ targets: [], vantages: [], incidents: [] })],
    ['hostile texts', snapshotOf(HOSTILE)],
    ['texts that are lone surrogates', snapshotOf('\ud800"\\\n')],
  ])('has nothing to say of the metrics of %s', (_, snapshot) => {
    expect(promtool(['check', 'metrics'], metricsText(snapshot))).toEqual({ status: 0, said: '' });
  });

  test('sees what is wrong with metrics', () => {
    const { status, said } = promtool(
      ['check', 'metrics'],
      '# TYPE smtp_quorum_milliseconds gauge\nsmtp_quorum_milliseconds 1\n',
    );
    expect([status, said]).toEqual([3, expect.stringContaining('no help text')]);
  });

  test('accepts the example rules', () => {
    const { status, said } = promtool(['check', 'rules', path.join(root, 'docs/prometheus-rules.yml')]);
    expect([status, said]).toEqual([0, expect.stringContaining('SUCCESS: 8 rules found')]);
  });

  test('accepts each expression of the dashboard', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-rules-'));
    try {
      const { panels } = JSON.parse(readFileSync(path.join(root, 'docs/grafana-dashboard.json'), 'utf8'));
      const asked: string[] = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
        targets.map(({ expr }) => expr),
      );
      const rules = asked.map((expr, nth) => ({ record: `dashboard:${nth}`, expr: expr.replace(/\$\w+/g, '.*') }));
      const file = path.join(folder, 'rules.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      const { status, said } = promtool(['check', 'rules', file]);
      expect([status, said]).toEqual([0, expect.stringContaining(`SUCCESS: ${asked.length} rules found`)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the rules fire, and only when they should', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-rules-'));
    try {
      const file = path.join(folder, 'test.yml');
      writeFileSync(file, JSON.stringify(RULE_TEST));
      const { status, said } = promtool(['test', 'rules', file]);
      expect([status, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** mx1 is down, and so is mx2, whose alerts a window holds; rounds are recorded. */
const RULE_TEST = {
  rule_files: [path.join(root, 'docs/prometheus-rules.yml')],
  evaluation_interval: '1m',
  tests: [
    {
      interval: '1m',
      input_series: [
        { series: 'smtp_quorum_last_round_timestamp_seconds{vantage="eu-west-1"}', values: '0+60x20' },
        { series: 'smtp_quorum_verdict{target="mx1",verdict="down"}', values: '1x20' },
        { series: 'smtp_quorum_verdict{target="mx2",verdict="down"}', values: '1x20' },
        { series: 'smtp_quorum_alerts_muted{target="mx1"}', values: '0x20' },
        { series: 'smtp_quorum_alerts_muted{target="mx2"}', values: '1x20' },
        { series: 'probe_success{target="mx1",vantage="eu-west-1"}', values: '0x20' },
      ],
      alert_rule_test: [
        {
          eval_time: '10m',
          alertname: 'MailServerDown',
          exp_alerts: [
            {
              exp_labels: { severity: 'critical', target: 'mx1', verdict: 'down' },
              exp_annotations: { summary: 'mx1 is down' },
            },
          ],
        },
        {
          eval_time: '10m',
          alertname: 'ProbeFailed',
          exp_alerts: [
            {
              exp_labels: { severity: 'warning', target: 'mx1', vantage: 'eu-west-1' },
              exp_annotations: { summary: 'mx1 fails from eu-west-1' },
            },
          ],
        },
        { eval_time: '10m', alertname: 'MailMonitorSilent', exp_alerts: [] },
      ],
    },
    silenceTest('-240x4 60x4 360x4 660x4 960x4 1260x4', []),
    silenceTest('-240x4 60x4 360x20', [
      {
        exp_labels: { severity: 'critical' },
        exp_annotations: { summary: 'No round of smtp-quorum was recorded for ten minutes' },
      },
    ]),
  ],
};

/** On AWS /metrics is written every five minutes, with a round that may have begun minutes before. */
function silenceTest(values: string, exp_alerts: readonly object[]) {
  const series = 'smtp_quorum_last_round_timestamp_seconds{vantage="eu-west-1"}';
  const times = exp_alerts.length === 0 ? Array.from({ length: 28 }, (_, minute) => `${minute}m`) : ['22m'];
  return {
    interval: '1m',
    input_series: [{ series, values }],
    alert_rule_test: times.map((eval_time) => ({ eval_time, alertname: 'MailMonitorSilent', exp_alerts })),
  };
}
