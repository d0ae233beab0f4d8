import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { Ports } from '../../lambda/ports.ts';
import { logEntry, rollUp } from '../../lambda/rollup/roll-up.ts';
import { healthy, roundOf } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

test('a run rolls up the rounds of every vantage in the config; a second run does nothing', async () => {
  const now = Date.parse('2026-11-22T06:07:00Z');
  const text =
    'ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1]\ntargets: [{ id: mx1, host: mx1.example.com }]';
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
  if (!parsed.ok) throw new Error('the config has mistakes');
  const { config } = parsed;
  const history = openHistory(
    openInMemoryTable(() => now),
    { now: () => now },
  );
  for (const vantage of [...config.policy.vantages, 'sa-east-1']) {
    await history.recordRound(roundOf(vantage, '2026-11-22T05:08:00Z', { mx1: healthy }));
  }
  const unused = () => Promise.reject(new Error('the rollup uses no other port'));
  const ports: Ports = {
    config,
    vantage: config.home,
    history,
    publishEvents: unused,
    sendAlert: unused,
    secret: unused,
    log: () => {},
    now: () => now,
  };
  expect(await rollUp(ports, {})).toEqual({ ended: 'done', hours: ['2026-11-22T05'], written: 1, gaps: [] });
  expect(await rollUp(ports, {})).toMatchObject({ hours: [], written: 0 });
  const [hour] = await history.hours('mx1', '2026-11-22T05:00:00Z');
  expect(Object.keys(hour?.vantages ?? {})).toEqual(['eu-west-1', 'us-east-1']);
});

test('a gap is a warning in the log', () => {
  const report = { ended: 'done', hours: [], written: 0, gaps: [] } as const;
  expect(logEntry(report)).toMatchObject({ level: 'info', hours: [] });
  const gaps = [{ from: '2026-11-01T00', to: '2026-11-01T05' }];
  expect(logEntry({ ...report, gaps })).toMatchObject({ level: 'warn', gaps });
});
