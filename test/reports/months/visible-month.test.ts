import { expect, test } from 'vitest';
import type { Shown } from '../../../lambda/config/page/status-page.ts';
import type { MonthOutage, MonthReport, MonthTarget } from '../../../lambda/reports/months/month.ts';
import { visibleMonth, visibleMonths } from '../../../lambda/reports/months/visible-month.ts';

const times = { up: 1, degraded: 0, down: 0, unwatched: 0 };
const target: MonthTarget = {
  ...{ id: 'mx1', tags: ['inbound'], ...times, uptime: 100, outages: 1, toDetect: 1, toRepair: 1, planned: null },
  ...{ service: null, objective: null, latency: null, days: [], longest: 1 },
};
const outage: MonthOutage = {
  ...{ target: 'mx1', incident: 'mx1@2026-11-25T06:09:48Z', from: '2026-11-25T06:09:48Z', to: null, down: 1 },
  ...{ failure: 'greeting greeting-refused', planned: 'weekly' },
};
const month: MonthReport = {
  ...{ month: '2026-11', from: '2026-11-01T00:00:00Z', to: '2026-11-26T00:00:00Z', isOver: false, serviceHours: null },
  targets: [target, { ...target, id: 'mx2' }],
  outages: [outage, { ...outage, target: 'mx2' }, { ...outage, failure: 'greeting mx1.example.com said no' }],
};

const shown = (how: Shown) => visibleMonth(month, { rules: [{ pattern: 'mx1', shown: how }], others: 'full' });

test.each<[Shown, readonly string[], readonly string[]]>([
  [
    'full',
    ['mx1', 'mx2'],
    ['greeting greeting-refused', 'greeting greeting-refused', 'greeting mx1.example.com said no'],
  ],
  ['name', ['mx1', 'mx2'], ['greeting greeting-refused', 'greeting greeting-refused', 'greeting said no']],
  ['none', ['mx2'], ['greeting greeting-refused']],
])('what a month has of a target that is shown as %s', (how, ids, failures) => {
  const { targets, outages, ...rest } = shown(how);
  expect(targets.map(({ id }) => id)).toEqual(ids);
  expect(outages.map(({ failure }) => failure)).toEqual(failures);
  const { targets: _, outages: __, ...all } = month;
  expect(rest).toEqual(all);
  expect(targets.at(-1)).toEqual({ ...target, id: 'mx2' });
});

test('months that were not read keep their names', () => {
  const months = { names: ['2026-11', '2026-10'], read: [month] };
  expect(visibleMonths(months, { rules: [], others: 'none' })).toEqual({
    names: ['2026-11', '2026-10'],
    read: [{ ...month, targets: [], outages: [] }],
  });
});
