/** Publishes the status page of one machine after each round. */

import type { Config } from '../../lambda/config/config.ts';
import { pageSettings } from '../../lambda/config/page/status-page.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { type ReportUnreadable, reportOnce } from '../../lambda/history/table/unreadable.ts';
import { readRecentShards } from '../../lambda/reports/history-shards/read-recent.ts';
import { shownTargets } from '../../lambda/reports/history-shards/shown-targets.ts';
import { emptyMonthCache, readMonths } from '../../lambda/reports/months/read-months.ts';
import { visibleMonths } from '../../lambda/reports/months/visible-month.ts';
import { readSnapshot } from '../../lambda/reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../../lambda/reports/snapshot/uptime-cache.ts';
import { visibleSnapshot } from '../../lambda/reports/snapshot/visible-snapshot.ts';
import { openReportSource } from '../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../lambda/reports/source/rounds.ts';
import { NOW_PATH, nowOf, nowText } from '../../web/documents/now.ts';
import { staleAfter } from '../../web/pages/words.ts';
import { reportFiles } from '../../web/report-files.ts';
import { siteFiles } from '../../web/site.ts';
import { logoFiles, siteFile } from '../../web/site-file.ts';
import { openShardFiles } from './history-files.ts';
import { incidentFiles, openOlderIncidents } from './older-incidents.ts';
import type { PageServer } from './page-server.ts';

export interface Publisher {
  /** Reads the history and replaces the page, unless that runs already, or has just run: see `PAUSE`. */
  publish(): Promise<void>;
}

/** Times the last publication took, for which none follows it: probes must not wait for the page. */
const PAUSE = 20;

/** A pause is at most this share of the time after which readers are told that the page is old. */
const LONGEST_PAUSE = 0.5;

/** Milliseconds of a publication in which shards of the history are read. */
const HISTORY_TIME = 500;

interface PublisherOptions {
  /** Milliseconds since any moment, of a clock that nobody sets. */
  readonly elapsed?: () => number;
  /** Told of hours and days that cannot be read. The judge and the rollup tell of the rest. */
  readonly reportUnreadable?: ReportUnreadable;
}

/** @param now epoch milliseconds */
export function openPublisher(
  config: Config,
  table: Table,
  server: Pick<PageServer, 'publish' | 'url'>,
  now: () => number,
  { elapsed = () => performance.now(), reportUnreadable }: PublisherOptions = {},
): Publisher {
  const { title, logo, show, domain } = pageSettings(config, 'local');
  const head = { title, url: domain === null ? `${server.url}/` : `https://${domain}/`, logo: logo?.name ?? null };
  const rounds = openRecentRounds();
  const uptimes = emptyUptimeCache();
  const history = openShardFiles(reportOnce(reportUnreadable));
  const months = emptyMonthCache();
  const olderPages = openOlderIncidents();
  const longest = LONGEST_PAUSE * staleAfter({ every: config.policy.every / 1000 }) * 1000;
  let notBefore = 0;
  return {
    publish: async () => {
      const started = elapsed();
      if (started < notBefore) return;
      notBefore = Number.POSITIVE_INFINITY;
      try {
        const source = await openReportSource(table, config);
        const whole = await readSnapshot(source, rounds, uptimes, head, now());
        const snapshot = visibleSnapshot(whole, show);
        const ids = snapshot.targets.map(({ id }) => id);
        const targets = shownTargets(ids, show);
        const vantages = snapshot.vantages.map(({ vantage }) => vantage);
        const page = { targets, vantages, incidents: snapshot.incidents };
        const recent = await readRecentShards(source, rounds, page, now());
        await history.refresh(source, targets, now(), HISTORY_TIME);
        const reports = visibleMonths(await readMonths(months, source, ids, now()), show);
        const older = olderPages.refresh(source, whole, show, now());
        await Promise.allSettled([older]);
        const current = siteFile('json', nowText(nowOf(snapshot)));
        const files = [
          ...incidentFiles(olderPages.pages),
          ...siteFiles(snapshot, recent, history.files.keys()),
          ...reportFiles(snapshot, reports, olderPages.pages.keys()),
          ...history.files,
          ...logoFiles(logo),
        ];
        server.publish(new Map([...files, [NOW_PATH, current]]));
        // Throws what could not be read of old incidents: the page is there without them.
        await older;
      } finally {
        const ended = elapsed();
        notBefore = ended + Math.min(PAUSE * (ended - started), longest);
      }
    },
  };
}
