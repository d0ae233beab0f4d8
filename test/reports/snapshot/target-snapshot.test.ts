/** The days of a target, with and without the time in which work was planned. */
import { expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { targetSnapshot } from '../../../lambda/reports/snapshot/target-snapshot.ts';
import type { TargetStatus } from '../../../lambda/reports/status/target-status.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const START = Date.parse('2026-11-21T00:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString().replace('.000', '');

const table = openInMemoryTable();
const names = { vantages: [], targets: [], subjects: [], judgements: [] };
const source = { config: null, table, history: openHistory(table), ...names };
const status: TargetStatus = {
  ...{ target: 'mx1', verdict: 'up', since: null, incident: null, last: new Map(), recent: [] },
};

/** Down from 22:00 to 02:00. */
const outage: Incident = {
  ...{ id: `mx1@${at(22)}`, target: 'mx1', opened: at(22), closed: at(26), verdict: 'down', witnesses: [] },
  timeline: [
    { at: at(22), what: 'down: 2 of 3 entitled vantages voted down, quorum 2' },
    { at: at(26), what: 'up: 0 of 3 entitled vantages voted down, quorum 2' },
  ],
};

function parsed(yaml: string): Config {
  const result = parseConfig(yaml, 'smtp-quorum.yaml', () => '');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function snapshotOf(planned: readonly { readonly from: number; readonly to: number }[]) {
  const span = { from: START, to: START + 2 * DAY };
  const times = planned.map(({ from, to }, nth) => {
    return { kind: 'window', id: `w${nth}`, why: 'work', from: START + from * HOUR, to: START + to * HOUR } as const;
  });
  const uptime = uptimeOf('mx1', [outage], { span, watched: [span], planned: times }, null);
  const days = [0, 1].map((day) => ({ from: START + day * DAY, to: START + (day + 1) * DAY }));
  return targetSnapshot(source, status, { uptime, days, incidents: [outage], held: null });
}

test.each([
  ['mx1.example.com', 'mx1.example.com:25'],
  ['192.0.2.1', '192.0.2.1:25'],
  ['2001:db8::1', '[2001:db8::1]:25'],
])('the endpoint at %s is %s', (host, endpoint) => {
  const config = parsed(`targets: [{ id: mx1, host: '${host}' }]`);
  const record = { uptime: null, days: [], incidents: [], held: null };
  expect(targetSnapshot({ ...source, config }, status, record).endpoint).toBe(endpoint);
});

test('without planned time there is nothing to leave out', () => {
  const { days, uptime, uptimeOutsidePlanned } = snapshotOf([]);
  expect(days.map(({ date, down, incidents, planned }) => [date, down / HOUR, incidents, planned])).toEqual([
    ['2026-11-21', 2, 1, null],
    ['2026-11-22', 2, 1, null],
  ]);
  expect(uptime).toBeCloseTo((44 / 48) * 100);
  expect(uptimeOutsidePlanned).toBe(uptime);
});

test('windows that overlap count once, and each day has its part', () => {
  const { days, uptime, uptimeOutsidePlanned } = snapshotOf([
    { from: 21, to: 23 },
    { from: 22, to: 25 },
  ]);
  const hours = (times: { readonly up: number; readonly down: number } | null) =>
    times && [times.up / HOUR, times.down / HOUR];
  expect(days.map(({ planned }) => hours(planned))).toEqual([
    [1, 2],
    [0, 1],
  ]);
  expect(uptime).toBeCloseTo((44 / 48) * 100);
  expect(uptimeOutsidePlanned).toBeCloseTo((43 / 44) * 100);
});
