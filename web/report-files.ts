/** The files of the reports. They are read from more of the history than the other files, and change less often. */

import type { Months } from '../lambda/reports/months/month.ts';
import type { Snapshot } from '../lambda/reports/snapshot/snapshot.ts';
import { reportPath } from './pages/paths.ts';
import { monthPage } from './pages/reports/month-page.ts';
import { reportsPage } from './pages/reports/reports-page.ts';
import { type SiteFile, siteFile } from './site-file.ts';

export const REPORTS_PATH = 'reports.html';

/**
 * By path: the list of months, and those that were read.
 * @param older ids of incidents that have a page and are not in the snapshot
 */
export function reportFiles(
  snapshot: Snapshot,
  months: Months,
  older: Iterable<string> = [],
): ReadonlyMap<string, SiteFile> {
  const pages = new Set([...snapshot.incidents.map(({ id }) => id), ...older]);
  return new Map([
    [REPORTS_PATH, siteFile('html', reportsPage(snapshot, months))],
    ...months.read.map(
      (month) => [reportPath(month.month), siteFile('html', monthPage(snapshot, month, pages))] as const,
    ),
  ]);
}
