import { expect, test } from 'vitest';
import { bounceFigures, bounceLines, bouncesJson } from '../../../bin/display/report/bounce-section.ts';
import type { DeliveryOutcome } from '../../../lambda/bounces/outcome.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import { readBounceReport } from '../../../lambda/reports/bounces/bounce-report.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-26T09:42:00Z');

async function world(rolledUp: number) {
  const table = openInMemoryTable(() => NOW);
  const history = openBounceHistory(table, { now: () => NOW });
  let serial = 0;
  const send = async (hoursAgo: number, count: number, given: Partial<DeliveryOutcome>) => {
    const base = {
      kind: 'delivered',
      from: 'example.com',
      provider: 'Google',
      code: '2.0.0',
      text: '',
      delay: 2,
    } as const;
    const records = Array.from({ length: count }, () => {
      serial += 1;
      return { id: String(serial).padStart(8, '0'), outcomes: [{ ...base, at: NOW - hoursAgo * HOUR, ...given }] };
    });
    await history.record('ses', records);
  };
  await send(20, 100, {});
  await send(2, 10, { kind: 'bounced', code: '5.1.1', text: 'x' });
  await send(0, 5, { kind: 'bounced', code: '5.7.515', provider: 'Microsoft' });
  await send(0, 2, { kind: 'deferred', code: '4.2.2' });
  await send(0, 1, { kind: 'complained', code: '-' });
  await send(0, 3, { from: 'example.org' });
  await history.rollUpHours(NOW);
  await history.writeProgress({ next: null, rolledUp, config: '' });
  return { table, history };
}

test.each([
  ['slots alone', 0],
  ['hours, and slots of the open hour', NOW - (NOW % HOUR)],
  ['hours until noon of the day before', NOW - (NOW % HOUR) - 15 * HOUR],
])('the report is the same from %s', async (_, rolledUp) => {
  const { table } = await world(rolledUp);
  const report = await readBounceReport({ table }, { from: NOW - 24 * HOUR, to: NOW });
  expect(report).toMatchObject([
    {
      domain: 'example.com',
      bounceRate: { bounced: 15, total: 115 },
      complaintRate: { bounced: 1, total: 100 },
      providers: [
        {
          provider: 'Google',
          delivered: 100,
          bounced: 10,
          deferred: 2,
          complained: 1,
          delay: { mean: 2, longest: 2 },
          codes: [{ code: '5.1.1', count: 10 }],
        },
        { provider: 'Microsoft', delivered: 0, bounced: 5, delay: null, codes: [{ code: '5.7.515', count: 5 }] },
      ],
    },
    { domain: 'example.org', bounceRate: { bounced: 0, total: 3 } },
  ]);
  expect(report[0]?.hours.map(({ delivered, bounced }) => [delivered, bounced])).toEqual([
    [100, 0],
    [0, 10],
    [0, 5],
  ]);
});

test('what is outside of the span is not in it', async () => {
  const { table } = await world(NOW - (NOW % HOUR));
  const report = await readBounceReport({ table }, { from: NOW - 3 * HOUR, to: NOW - HOUR });
  expect(report.map(({ domain, bounceRate }) => [domain, bounceRate.bounced, bounceRate.total])).toEqual([
    ['example.com', 10, 10],
  ]);
});

test('in words, in a table and as JSON', async () => {
  const { table } = await world(0);
  const [sender] = await readBounceReport({ table }, { from: NOW - 24 * HOUR, to: NOW });
  if (sender === undefined) throw new Error('no report');
  expect(bounceLines(sender)).toEqual([
    'example.com: 15 of 115 bounced (13.04 %); complaints 1 (1 %)',
    '  Google: delivered 100, bounced 10 (9.09 %); 5.1.1 10; complaints 1 (1 %); deferred 2; mean delay 2.0 s',
    '  Microsoft: delivered 0, bounced 5 (100 %); 5.7.515 5',
  ]);
  expect(bounceFigures(sender)[1]).toEqual(['example.com', 'Microsoft', '0', '5', '100 %', '5.7.515 5', '-', '0', '-']);
  expect(bouncesJson([sender])).toMatchObject([
    { domain: 'example.com', bounceRate: 13.0435, hours: [{ hour: '2026-11-25T13:00:00Z' }, {}, {}] },
  ]);
});

test('no bounces, no section', async () => {
  expect(await readBounceReport({ table: openInMemoryTable(() => NOW) }, { from: 0, to: NOW })).toEqual([]);
});
