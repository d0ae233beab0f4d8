import { expect, test } from 'vitest';
import type { MonthReport, MonthTarget } from '../../../../lambda/reports/months/month.ts';
import { incidentPath } from '../../../../web/pages/paths.ts';
import { burnDown } from '../../../../web/pages/reports/burn-down.ts';
import { monthPage } from '../../../../web/pages/reports/month-page.ts';
import { monthTitle } from '../../../../web/pages/reports/month-title.ts';
import { reportFiles } from '../../../../web/report-files.ts';
import { linksOfOneName } from '../../link-names.ts';
import { HOSTILE, incidentSnapshot, snapshotWith } from '../../snapshot.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** @param downs milliseconds of downtime by day */
function target(given: Partial<MonthTarget> = {}, downs: readonly number[] = [0, 0, 0]): MonthTarget {
  const down = downs.reduce((sum, one) => sum + one, 0);
  const up = downs.length * DAY - down;
  return {
    ...{ id: 'mx1', tags: [], up, degraded: 0, down, unwatched: 0, uptime: (up / (up + down)) * 100 },
    ...{ outages: downs.filter(Boolean).length, toDetect: null, toRepair: null, latency: null },
    ...{ planned: null, service: null, objective: null, longest: down === 0 ? null : Math.max(...downs) },
    days: downs.map((one, nth) => {
      const date = `2026-11-0${nth + 1}`;
      return { date, up: DAY - one, degraded: 0, down: one, unwatched: 0, incidents: 0, planned: null };
    }),
    ...given,
  };
}

function month(given: Partial<MonthReport> = {}): MonthReport {
  return {
    ...{ month: '2026-11', from: '2026-11-01T00:00:00Z', to: '2026-11-04T00:00:00Z', isOver: false },
    ...{ serviceHours: null, targets: [target()], outages: [] },
    ...given,
  };
}

const page = (given: Partial<MonthReport>) => monthPage(snapshotWith(), month(given));
const heads = (text: string) =>
  [...(/<thead>(.*?)<\/thead>/.exec(text)?.[1] ?? '').matchAll(/<th [^>]*>([^<]*)/g)].map(([, head]) => head);

test.each<[string, Partial<MonthReport>, readonly string[]]>([
  ['nothing but uptime', {}, []],
  [
    'planned work',
    { targets: [target({ planned: { length: 1, down: 0, uptimeOutside: 100 } })] },
    ['Outside planned work', 'Planned work'],
  ],
  [
    'service hours',
    { targets: [target({ service: { up: 1, degraded: 0, down: 0, unwatched: 0, uptime: 100 } })] },
    ['In service hours'],
  ],
  ['an outage', { targets: [target({}, [MINUTE, 0])] }, ['Longest']],
  [
    'an objective',
    { targets: [target({ objective: { slo: 99, budget: 100, remaining: 100, burn: 0 } })] },
    ['Objective', 'Budget used'],
  ],
  ['degraded and unwatched time', { targets: [target({ degraded: 1, unwatched: 1 })] }, ['Degraded', 'Not watched']],
])('the table has the columns that are used: %s', (_, given, more) => {
  const all = heads(page(given));
  expect(
    all.filter((head) => !['Mail server', 'Day by day', 'Uptime', 'Down', 'Outages'].includes(head ?? '')).sort(),
  ).toEqual([...more].sort());
});

/** What is left of the budget after each day, read off the line of the picture. */
function lineOf(given: MonthTarget): readonly number[] {
  const markup = burnDown(given, month())?.markup ?? '';
  const [, high = '', zero = ''] = /class="grid" d="M34 ([\d.]+)H240M34 ([\d.]+)H240"/.exec(markup) ?? [];
  const path = /class="left \w+" d="([^"]*)"/.exec(markup)?.[1] ?? '';
  const share = (y: number) => (Number(zero) - y) / (Number(zero) - Number(high));
  return [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Math.round(share(Number(y)) * 100) / 100);
}

const objective = (budget: number, down: number) => ({
  slo: 99.9,
  budget,
  remaining: budget - down,
  burn: down / budget,
});

test.each<[string, readonly number[], number, readonly number[]]>([
  ['no downtime', [0, 0, 0], 100, [1, 1, 1, 1]],
  ['a quarter, then another', [25, 0, 25], 100, [1, 0.75, 0.75, 0.5]],
  ['all of it', [0, 100, 0], 100, [1, 1, 0, 0]],
  ['half as much again', [0, 150, 0], 100, [1, 1, -0.5, -0.5]],
  ['far more: the picture ends at as much again', [0, 1000, 0], 100, [1, 1, -1, -1]],
])('the line of an error budget: %s', (_, downs, budget, expected) => {
  const down = downs.reduce((a, b) => a + b, 0);
  const given = target({ objective: objective(budget, down) }, downs);
  expect(lineOf(given)).toEqual(expected);
  expect(burnDown(given, month())?.markup).toContain(down > budget ? 'Missed' : 'Met');
});

test('an objective of 100 % has no budget: any downtime overdraws it', () => {
  const none = { slo: 100, budget: 0, remaining: -5, burn: Number.POSITIVE_INFINITY };
  expect(lineOf(target({ objective: none }, [0, 5, 0]))).toEqual([1, 1, -1, -1]);
  expect(burnDown(target({ objective: none }, [0, 5, 0]), month())?.markup).toContain('over 1000 % used');
  expect(burnDown(target(), month())).toBeNull();
});

test('outages link to the pages of incidents that are there', () => {
  const { id } = incidentSnapshot();
  const outage = {
    target: 'mx1',
    from: '2026-11-25T06:09:48Z',
    to: null,
    down: MINUTE,
    failure: 'greeting x',
    planned: null,
  };
  const text = page({
    outages: [
      { ...outage, incident: id },
      { ...outage, incident: 'mx1@2026-01-01T00:00:00Z' },
    ],
  });
  expect(text.match(/href="\.\.\/incidents\//g)).toHaveLength(1);
  expect(text).toContain('still open');
  expect(text).not.toContain('Planned work');
});

test('outages of one target have links of different names', () => {
  const incidents = ['01', '02'].map((day) => incidentSnapshot({ id: `mx1@2026-11-${day}T08:00:00Z` }));
  const outages = incidents.map(({ id: incident }) => {
    const from = incident.slice(4);
    return { ...{ target: 'mx1', incident, from, to: null, down: MINUTE }, failure: 'greeting x', planned: null };
  });
  const text = monthPage(snapshotWith({ incidents }), month({ outages }));
  expect(text.match(/href="\.\.\/incidents\//g)).toHaveLength(2);
  expect(linksOfOneName(text)).toEqual([]);
});

test('an outage leads to the page of its incident, also if the first page no longer lists that', () => {
  const incident = 'mx1@2026-11-01T08:00:00Z';
  const outage = { target: 'mx1', incident, from: incident.slice(4), to: null, down: MINUTE, failure: 'greeting x' };
  const months = { names: ['2026-11'], read: [month({ outages: [{ ...outage, planned: null }] })] };
  const text = (older: readonly string[]) =>
    String(reportFiles(snapshotWith(), months, older).get('reports/2026-11.html')?.body);
  expect(text([incident])).toContain(`href="../${incidentPath(incident)}"`);
  expect(text([])).not.toContain('href="../incidents/mx1');
});

test('a report says of which time it is, and never becomes old', () => {
  const text = page({});
  expect(text).toContain('<h1>November 2026 so far</h1>');
  expect(text).toContain('2026-11-01 00:00 UTC to 2026-11-04 00:00 UTC');
  expect(text).toContain('<body class="report" data-written="2026-11-04T00:00:00Z">');
  // What the page is made of changes each minute, a report does not.
  expect(monthPage(snapshotWith({ at: '2026-11-26T09:13:00Z', newestRound: '2026-11-26T09:12:00Z' }), month())).toBe(
    text,
  );
});

test('the list has all months, also those that were not read', () => {
  const files = reportFiles(snapshotWith(), { names: ['2026-11', '2026-10', '2025-12'], read: [month()] });
  expect([...files.keys()]).toEqual(['reports.html', 'reports/2026-11.html']);
  const list = files.get('reports.html')?.body ?? '';
  const links = [...list.matchAll(/href="(reports\/[^"]*)">([^<]*)/g)].map(([, ...link]) => link);
  expect(links).toEqual([
    ['reports/2026-11.html', 'November 2026'],
    ['reports/2026-10.html', 'October 2026'],
    ['reports/2025-12.html', 'December 2025'],
  ]);
  expect(reportFiles(snapshotWith(), { names: [], read: [] }).get('reports.html')?.body).toContain(
    'No month has been read yet.',
  );
});

test('names of months', () => {
  expect(Array.from({ length: 12 }, (_, nth) => monthTitle(`2026-${String(nth + 1).padStart(2, '0')}`))).toEqual(
    Array.from({ length: 12 }, (_, nth) =>
      new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.UTC(2026, nth)),
    ),
  );
});

test('a hostile name stays text', () => {
  const outage = {
    target: HOSTILE,
    incident: HOSTILE,
    from: '2026-11-25T06:09:48Z',
    to: null,
    down: 1,
    failure: HOSTILE,
  };
  const text = page({
    serviceHours: HOSTILE,
    targets: [target({ id: HOSTILE, tags: [HOSTILE], objective: objective(1, 0) })],
    outages: [{ ...outage, planned: HOSTILE }],
  });
  expect(text).not.toMatch(/<script>|<!channel|<!--|[^\n\P{Cc}]|\p{Cf}/u);
  expect(text.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(6);
});

test('the budget of a mail server that was watched for less than a day says little, and the page says so', () => {
  const objective = { slo: 99.9, budget: 20, remaining: -19_980, burn: 1000 };
  const short = target({ up: 0, down: 20_000, objective });
  const words = 'watched for less than a day';
  expect(page({ targets: [target({ objective }), short] })).toContain(words);
  expect(page({ targets: [short] })).toContain('over 1000 % used');
  expect(page({ targets: [target({ objective })] })).not.toContain(words);
  expect(page({ targets: [target({ up: 0, down: 20_000 })] })).not.toContain(words);
});
