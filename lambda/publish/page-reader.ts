/** Reads what the page shows, and makes its files. What was read before is kept. */

import { logoFiles } from '../../web/site-file.ts';
import type { Config } from '../config/config.ts';
import { pageSettings } from '../config/page/status-page.ts';
import type { Table } from '../history/table/table.ts';
import { type ReportUnreadable, reportOnce } from '../history/table/unreadable.ts';
import { readRecentShards } from '../reports/history-shards/read-recent.ts';
import { shownTargets } from '../reports/history-shards/shown-targets.ts';
import { emptyMonthCache } from '../reports/months/read-months.ts';
import { readSnapshot } from '../reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../reports/snapshot/uptime-cache.ts';
import { visibleSnapshot } from '../reports/snapshot/visible-snapshot.ts';
import { openReportSource } from '../reports/source/report-source.ts';
import { openRecentRounds } from '../reports/source/rounds.ts';
import { historyFiles } from './history-files.ts';
import { monthFiles } from './month-files.ts';
import type { ReadRequest, Site } from './publish.ts';
import { siteOf } from './visible-site.ts';

export interface PageReader {
  read(request: ReadRequest): Promise<Site>;
}

const HOUR = 3_600_000;
/** Whole publications are an hour apart, but for some minutes. */
const LEEWAY = 600_000;
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Hours after which 90 days of every target are read again; of a target whose verdict has changed they are at once. For 1,000 targets
 * that takes some ten seconds of a processor.
 */
export function hoursOfDays(targets: number): number {
  return Math.max(1, Math.ceil(targets / 250));
}

/**
 * @param now epoch milliseconds
 * @param url where the page is, with a slash at its end; null if that is not known
 */
export function openPageReader(
  config: Config,
  table: Table,
  now: () => number,
  reportUnreadable: ReportUnreadable = () => {},
  url: string | null = null,
): PageReader {
  const { title, logo, show } = pageSettings(config, 'aws');
  const head = { title, url, logo: logo?.name ?? null };
  const tell = reportOnce(reportUnreadable);
  const rounds = openRecentRounds();
  const uptimes = emptyUptimeCache();
  const daysLast = hoursOfDays(config.targets.length) * HOUR - LEEWAY;
  let daysReadAt = NEVER;
  const months = emptyMonthCache();
  return {
    read: async ({ isWhole, isHistoryDue, former }) => {
      // A time that has not come was read before the clock was set back.
      const areDaysRecent = daysReadAt <= now() && now() - daysReadAt < daysLast;
      const areDaysDue = isWhole && !areDaysRecent;
      // The cache would read days every five minutes, but not if the last publication was less than that before.
      uptimes.readAt = areDaysDue || uptimes.readAt === NEVER ? NEVER : now();
      if (uptimes.readAt === NEVER) daysReadAt = now();
      const source = await openReportSource(table, config, tell);
      const snapshot = visibleSnapshot(await readSnapshot(source, rounds, uptimes, head, now()), show);
      const ids = snapshot.targets.map(({ id }) => id);
      const targets = shownTargets(ids, show);
      const vantages = snapshot.vantages.map(({ vantage }) => vantage);
      const shown = { targets, vantages, incidents: snapshot.incidents };
      const [recent, history, reports] = await Promise.all([
        readRecentShards(source, rounds, shown, now()),
        historyFiles(source, { targets, former, isDue: isHistoryDue }, now(), tell),
        monthFiles(source, months, { snapshot, show, former, isDue: isWhole }, now()),
      ]);
      return siteOf({ snapshot, recent, logo: logoFiles(logo), history, reports }, isWhole);
    },
  };
}
