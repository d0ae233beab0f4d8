import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { metricsText } from '../../../web/documents/metrics.ts';
import { targetSnapshot } from '../snapshot.ts';
import { snapshotOf } from './hostile.ts';
import { askedBy, seriesIn } from './metric-series.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource: object;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: object; readonly overrides: readonly object[] };
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(path.join(root, 'docs/grafana-dashboard.json'), 'utf8'));
const panels: readonly Panel[] = dashboard.panels;
const expressions = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr, refId }) => [`${title} ${refId}`, expr] as const),
);

/** All metrics: nothing is healthy. */
function allSeries() {
  const base = snapshotOf('x');
  const failing = base.targets.map((target) => ({
    ...target,
    last: targetSnapshot().last.map((sample) => ({
      ...sample,
      outcome: 'fail' as const,
      phase: 'greeting',
      code: 'x',
    })),
  }));
  return seriesIn(metricsText({ ...base, targets: failing }));
}

const series = allSeries();

describe('the dashboard of Grafana', () => {
  test.each(expressions)('%s asks for metrics and labels that exist', (_, expression) => {
    const asked = askedBy(expression);
    expect(asked.length).toBeGreaterThan(0);
    for (const { metric, labels } of asked) {
      expect(series.has(metric), metric).toBe(true);
      expect([...(series.get(metric) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
  });

  test('asks for every metric, but for outcomes, which probe_success has, and when the page and each session was made', () => {
    const asked = new Set(expressions.flatMap(([, expression]) => askedBy(expression).map(({ metric }) => metric)));
    const unasked = [...series.keys()].filter((name) => !asked.has(name));
    expect(unasked.sort()).toEqual([
      'smtp_quorum_outcome',
      'smtp_quorum_sample_timestamp_seconds',
      'smtp_quorum_snapshot_timestamp_seconds',
    ]);
  });

  test('its legends and variables name labels that exist', () => {
    const known = new Set([...series.values()].flatMap((labels) => [...labels]));
    const text = JSON.stringify(dashboard);
    const named = [...text.matchAll(/\{\{(\w+)\}\}/g), ...text.matchAll(/label_values\(\w+, (\w+)\)/g)].map(
      ([, name]) => name,
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !known.has(name ?? ''))).toEqual([]);
    const variables = dashboard.templating.list.map(({ name }: { name: string }) => name);
    expect(variables).toEqual(['datasource', 'target', 'vantage']);
    const used = [...text.matchAll(/\$\{?(\w+)\}?/g)].map(([, name]) => name).filter((name) => name !== '__all');
    expect(used.filter((name) => !variables.includes(name))).toEqual([]);
  });

  test('has the keys that an import of Grafana expects', () => {
    expect(dashboard).toMatchObject({
      uid: expect.stringMatching(/^[\w-]{1,40}$/),
      title: expect.any(String),
      schemaVersion: 39,
      version: expect.any(Number),
      tags: expect.any(Array),
      time: { from: 'now-6h', to: 'now' },
      timezone: 'browser',
      annotations: { list: [] },
      templating: { list: expect.any(Array) },
    });
    expect(dashboard.id).toBeUndefined();
    const kinds = ['bargauge', 'stat', 'state-timeline', 'table', 'timeseries'];
    for (const panel of panels) {
      expect(kinds).toContain(panel.type);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
      expect(panel.datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(panel.fieldConfig).toMatchObject({ defaults: { unit: expect.any(String) }, overrides: [] });
      expect(new Set(panel.targets.map(({ refId }) => refId)).size).toBe(panel.targets.length);
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test('no panel is outside of the grid or above another', () => {
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, nth) => `${x + (nth % w)} ${y + Math.floor(nth / w)}`);
    });
    expect(new Set(places).size).toBe(places.length);
  });
});

test('the example rules ask for metrics and labels that exist', () => {
  const rules = readFileSync(path.join(root, 'docs/prometheus-rules.yml'), 'utf8');
  const asked = [...rules.matchAll(/^ +expr: (.*)$/gm)].flatMap(([, expression = '']) => askedBy(expression));
  expect(asked.map(({ metric }) => metric)).toEqual(
    expect.arrayContaining(['probe_success', 'probe_duration_seconds', 'probe_ssl_earliest_cert_expiry']),
  );
  for (const { metric, labels } of asked) {
    expect(series.has(metric), metric).toBe(true);
    expect([...(series.get(metric) ?? [])]).toEqual(expect.arrayContaining([...labels]));
  }
});
