import { beforeAll, expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import { asJson, asMarkdown } from '../../../bin/display/report/text-formats.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { MonthReport } from '../../../lambda/reports/months/month.ts';
import { emptyMonthCache, readMonthReport, readMonths } from '../../../lambda/reports/months/read-months.ts';
import { openReportSource, type ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { readUptimeReport } from '../../../lambda/reports/uptime/uptime-report.ts';
import { monthPage } from '../../../web/pages/reports/month-page.ts';
import { snapshotWith } from '../../web/snapshot.ts';
import { end, hour, type RecordedMonth, recordMonth } from './recorded-month.ts';

const DAY = 24 * hour;
const NEXT_MONTH = Date.parse('2026-11-02T12:00:00Z');
const ids = ['mx1', 'mx2', 'submission'];

let recorded: RecordedMonth;

beforeAll(async () => {
  recorded = await recordMonth();
});

/** What the command prints of the same table. */
async function command(source: ReportSource, now: number) {
  const range = reportRange({ month: '2026-10', utc: true }, now);
  const { targets, gaps } = await readUptimeReport(source, ids, range.span, null);
  const report = { gaps, range, targets: targets.map((target) => ({ ...target, tags: [] })) };
  return { json: JSON.parse(asJson(report)), markdown: asMarkdown(report) };
}

test.each([
  ['a month that is over', NEXT_MONTH],
  ['a month so far', end - 20 * hour],
])('%s has the figures of the command', async (_, now) => {
  const { source } = recorded;
  const { json } = await command(source, now);
  const month = await readMonthReport(source, ids, '2026-10', now);
  expect([month.from, month.to]).toEqual([json.span.from, json.span.to]);
  expect(month.isOver).toBe(now === NEXT_MONTH);
  for (const [nth, target] of month.targets.entries()) {
    const {
      target: id,
      up,
      down,
      degraded,
      unwatched,
      uptime,
      outages,
      toDetect,
      toRepair,
      ...rest
    } = json.targets[nth];
    expect(target).toMatchObject({ id, up, down, degraded, unwatched, uptime, outages });
    expect(target.objective?.remaining ?? null).toBe(rest.objective?.remaining ?? null);
    expect(target.objective && Math.round(target.objective.burn * 1000) / 10).toBe(rest.objective?.burn ?? null);
    expect(target.planned?.uptimeOutside ?? null).toBe(rest.planned?.uptimeOutside ?? null);
    expect([target.toDetect, target.toRepair]).toEqual([toDetect, toRepair]);
    const days = target.days.reduce((sum, day) => sum + day.up + day.down + day.unwatched, 0);
    expect(days).toBe(Date.parse(month.to) - Date.parse(month.from));
    expect(target.days.reduce((sum, day) => sum + day.down, 0)).toBe(down);
  }
  expect(month.outages).toEqual(
    json.targets.flatMap((target: { target: string; outageList: readonly { id: string }[] }) =>
      target.outageList.map(({ id, ...outage }) => ({ target: target.target, incident: id, ...outage })),
    ),
  );
});

test('a month reads the incidents of each target once: an incident has transcripts, and a fleet has many', async () => {
  const { source } = recorded;
  const subjects: string[] = [];
  const incidents: typeof source.history.incidents = (subject) => {
    subjects.push(subject);
    return source.history.incidents(subject);
  };
  await readMonthReport({ ...source, history: { ...source.history, incidents } }, ids, '2026-10', NEXT_MONTH);
  expect(subjects.sort()).toEqual(ids);
});

test('the page has the texts of the command', async () => {
  const { source } = recorded;
  const { markdown } = await command(source, NEXT_MONTH);
  const month = await readMonthReport(source, ids, '2026-10', NEXT_MONTH);
  const page = monthPage(snapshotWith(), month);
  const [titles = [], , ...rows] = markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  const cell = (row: readonly string[], title: string) => row[titles.indexOf(title)] ?? '';
  const shown = (id: string, title: string) =>
    new RegExp(`<th scope="row">${id}[^]*?data-title="${title}">([^<]*)`).exec(page)?.[1];
  expect(rows.map((row) => row[0])).toEqual(ids);
  for (const row of rows) {
    const id = row[0] ?? '';
    const none = (text: string, word: string) => (text === '-' || text === '' ? word : text);
    expect([id, shown(id, 'Uptime')]).toEqual([id, none(cell(row, 'Uptime'), '–')]);
    expect([id, shown(id, 'Budget used')]).toEqual([id, none(cell(row, 'Burn'), '–')]);
    expect([id, shown(id, 'Not watched')]).toEqual([id, none(cell(row, 'Unwatched'), 'none')]);
    expect([id, shown(id, 'Down')]).toEqual([id, none(cell(row, 'Down'), 'none')]);
  }
  // The outage is missed by mx1 alone: three hours, of which the window has one.
  expect(shown('mx1', 'Uptime')).toMatch(/^9[34]\.\d{3} %$/);
  expect(shown('mx1', 'Planned work')).toBe('1 h');
  expect(page).toContain('1 of 2</dd>');
  expect(page).toContain('Service hours: Fri 08:00-18:00 UTC.');
});

test('within the service hours an outage counts as far as it is in them', async () => {
  const month = await readMonthReport(recorded.source, ids, '2026-10', NEXT_MONTH);
  const [mx1, mx2] = month.targets;
  const service = (target: MonthReport['targets'][number] | undefined) => target?.service ?? null;
  // On Friday from 8:00 to 18:00; the outage ends a round or two after 9:00, when it has recovered.
  expect(service(mx2)).toMatchObject({ uptime: 100, down: 0, up: 10 * hour });
  expect(service(mx1)?.down).toBeGreaterThanOrEqual(hour);
  expect(service(mx1)?.down).toBeLessThan(hour + 30 * 60_000);
  expect((service(mx1)?.up ?? 0) + (service(mx1)?.down ?? 0)).toBe(10 * hour);
});

/** Counts the reads of days and rounds. */
function counted(table: Table): { readonly table: Table; readonly reads: () => number } {
  let reads = 0;
  const query: Table['query'] = (pk, range) => {
    reads++;
    return table.query(pk, range);
  };
  return { table: { ...table, query }, reads: () => reads };
}

test('a month that is over is read once, and the present one again after a while', async () => {
  const { table, reads } = counted(recorded.table);
  const source = { ...(await openReportSource(table, recorded.source.config)) };
  const cache = emptyMonthCache();
  const first = await readMonths(cache, source, ids, NEXT_MONTH);
  expect(first.names).toEqual(['2026-11', '2026-10']);
  expect(first.read.map(({ month, isOver }) => [month, isOver])).toEqual([
    ['2026-11', false],
    ['2026-10', true],
  ]);
  const before = reads();
  expect(await readMonths(cache, source, ids, NEXT_MONTH + 4 * 60_000)).toEqual(first);
  expect(reads() - before).toBe(0);
  const later = await readMonths(cache, source, ids, NEXT_MONTH + 31 * 60_000);
  expect(later.read[0]?.to).toBe('2026-11-02T12:31:00Z');
  expect(later.read[1]).toBe(first.read[1]);
});

test('a month of which nothing was watched yet is read again after five minutes', async () => {
  const cache = emptyMonthCache();
  const begin = Date.parse('2026-12-01T00:00:05Z');
  const to = async (at: number) => (await readMonths(cache, recorded.source, ids, at)).read[0]?.to;
  expect(await to(begin)).toBe('2026-12-01T00:00:05Z');
  expect(await to(begin + 4 * 60_000)).toBe('2026-12-01T00:00:05Z');
  expect(await to(begin + 5 * 60_000)).toBe('2026-12-01T00:05:05Z');
});

test('the month that was present is read again when it is over', async () => {
  const cache = emptyMonthCache();
  const present = await readMonths(cache, recorded.source, ids, end - DAY);
  expect(present.read.map(({ month, isOver }) => [month, isOver])).toEqual([['2026-10', false]]);
  const over = await readMonths(cache, recorded.source, ids, NEXT_MONTH);
  expect(over.read.map(({ month, isOver }) => [month, isOver])).toEqual([
    ['2026-11', false],
    ['2026-10', true],
  ]);
});
