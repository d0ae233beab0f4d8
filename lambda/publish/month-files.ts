/**
 * The reports of months as files of the page. A month that is over is written once, and again when an incident that was open has ended;
 * the present one some times a day.
 */

import { reportPath } from '../../web/pages/paths.ts';
import { REPORTS_PATH, reportFiles } from '../../web/report-files.ts';
import type { ShowRules } from '../config/page/status-page.ts';
import type { Months } from '../reports/months/month.ts';
import { type MonthCache, readMonthNames, readMonthReport } from '../reports/months/read-months.ts';
import { visibleMonths } from '../reports/months/visible-month.ts';
import type { Snapshot } from '../reports/snapshot/snapshot.ts';
import type { ReportSource } from '../reports/source/report-source.ts';
import { shortDigest } from './digest.ts';
import type { PublishedFiles } from './history-files.ts';
import type { Manifest } from './manifest.ts';
import type { PlannedFile } from './plan.ts';

/** Milliseconds after which the present month is written again. */
const LASTS = 6 * 3_600_000;

/** What the reports are of. */
export interface ReportedPage {
  /** Without what is hidden. */
  readonly snapshot: Snapshot;
  readonly show: ShowRules;
  readonly former: Manifest['files'];
  /** Whether months may be written. Others keep the digest that they have. */
  readonly isDue: boolean;
}

/** @param now epoch milliseconds */
export async function monthFiles(
  source: ReportSource,
  cache: MonthCache,
  { snapshot, show, former, isDue }: ReportedPage,
  now: number,
): Promise<PublishedFiles> {
  if (!isDue) return { files: formerReports(former), read: async () => null };
  const targets = snapshot.targets.map(({ id }) => id);
  const names = await readMonthNames(cache, source, targets, now);
  const [present = ''] = names;
  const labels = new Map(
    [present, ...names].map((month) => [reportPath(month), labelOf(snapshot, month, present, now)]),
  );
  const list = `${labelOf(snapshot, present, present, now)} ${names.length}`;
  const read = async (months: readonly string[]) => {
    const reports = await Promise.all(months.map((month) => readMonthReport(source, targets, month, now)));
    return reportFiles(snapshot, visibleMonths({ names, read: reports }, show));
  };
  return {
    files: plannedFiles([[REPORTS_PATH, list], ...labels]),
    read: async (path) => {
      const month = names.find((name) => reportPath(name) === path) ?? (path === REPORTS_PATH ? present : null);
      return month === null ? null : ((await read([month])).get(path) ?? null);
    },
  };
}

function formerReports(former: Manifest['files']): PublishedFiles['files'] {
  const isReport = (path: string) => path === REPORTS_PATH || path.startsWith('reports/');
  return plannedFiles(
    [...former].filter(([path, { news }]) => isReport(path) && news !== '').map(([path, { news }]) => [path, news]),
  );
}

function plannedFiles(labels: Iterable<readonly [path: string, label: string]>): ReadonlyMap<string, PlannedFile> {
  return new Map([...labels].map(([path, news]) => [path, { news, whole: null }] as const));
}

/** Changes when the page of a month has to be written again: also when another release makes other pages. */
function labelOf({ title, logo, incidents }: Snapshot, month: string, present: string, now: number): string {
  const open = incidents.filter(({ opened, closed }) => closed === null && opened.slice(0, 7) <= month);
  const over = ['over', ...open.map(({ id }) => shortDigest(id))].join('-');
  return `${formOf({ title, logo })}:${month === present ? String(Math.floor(now / LASTS)) : over}`;
}

/** A digest of a report without figures. */
function formOf({ title, logo }: Pick<Snapshot, 'title' | 'logo'>): string {
  const at = '1970-01-01T00:00:00Z';
  const lists = { vantages: [], targets: [], incidents: [], planned: [], findings: [], troubles: [] };
  const snapshot: Snapshot = { at, title, url: null, logo, newestRound: null, every: 60, ...lists };
  const month = { month: '1970-01', from: at, to: at, isOver: true, serviceHours: null, targets: [], outages: [] };
  const months: Months = { names: [month.month], read: [month] };
  const text = [...reportFiles(snapshot, months).values()].map(({ body }) => body).join('\n');
  return shortDigest(text);
}
