/** Reads what the page shows, and makes its files. What was read before is kept. */

import { logoFiles } from '../../web/site-file.ts';
import type { Config } from '../config/config.ts';
import { pageSettings } from '../config/page/status-page.ts';
import type { Table } from '../history/table/table.ts';
import type { ReportUnreadable } from '../history/table/unreadable.ts';
import { readSnapshot } from '../reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../reports/snapshot/uptime-cache.ts';
import { visibleSnapshot } from '../reports/snapshot/visible-snapshot.ts';
import { openReportSource } from '../reports/source/report-source.ts';
import { openRecentRounds } from '../reports/source/rounds.ts';
import type { Site } from './publish.ts';
import { siteOf } from './visible-site.ts';

export interface PageReader {
  /** @param isWhole whether to look for all changes, and not for news alone: then the days are read anew, too */
  read(isWhole: boolean): Promise<Site>;
}

/** @param now epoch milliseconds */
export function openPageReader(
  config: Config,
  table: Table,
  now: () => number,
  reportUnreadable: ReportUnreadable = () => {},
): PageReader {
  const { title, logo, show } = pageSettings(config, 'aws');
  const head = { title, logo: logo?.name ?? null };
  const rounds = openRecentRounds();
  const uptimes = emptyUptimeCache();
  return {
    read: async (isWhole) => {
      // 90 days of 1,000 targets are 150 MB of the table.
      if (!isWhole && Number.isFinite(uptimes.readAt)) uptimes.readAt = now();
      const source = await openReportSource(table, config, reportUnreadable);
      const snapshot = await readSnapshot(source, rounds, uptimes, head, now());
      return siteOf(visibleSnapshot(snapshot, show), logoFiles(logo), isWhole);
    },
  };
}
