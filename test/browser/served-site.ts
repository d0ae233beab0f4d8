/** The site of one snapshot, served as the monitor serves it. */
import type { RoundShard } from '../../lambda/reports/history-shards/shard.ts';
import type { Months } from '../../lambda/reports/months/month.ts';
import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type PageServer, servePages } from '../../local/web/page-server.ts';
import { NOW_PATH, nowOf, nowText } from '../../web/documents/now.ts';
import { reportFiles } from '../../web/report-files.ts';
import { siteFiles } from '../../web/site.ts';
import { type SiteFile, siteFile } from '../../web/site-file.ts';
import { recordHistory } from './recorded-history.ts';

type Files = ReadonlyMap<string, SiteFile>;

const NO_MONTHS: Months = { names: [], read: [] };

export async function serveSnapshot(snapshot: Snapshot): Promise<PageServer> {
  return await serveFiles(filesOf(snapshot));
}

export async function serveFiles(files: Files): Promise<PageServer> {
  const server = await servePages({ host: '127.0.0.1', port: 0 });
  server.publish(files);
  return server;
}

function filesOf(
  snapshot: Snapshot,
  recent: ReadonlyMap<string, RoundShard> = new Map(),
  shards: Iterable<string> = [],
): Files {
  const now = siteFile('json', nowText(nowOf(snapshot)));
  return new Map([...siteFiles(snapshot, recent, shards), ...reportFiles(snapshot, NO_MONTHS), [NOW_PATH, now]]);
}

/**
 * With so many days of history of its first target, of whose rounds the page itself has the last minutes.
 * @param isThere of the path of a shard: others are left out, as if nobody had looked then
 */
export async function filesWithHistory(
  snapshot: Snapshot,
  days: number,
  recentMinutes = 180,
  isThere: (path: string) => boolean = () => true,
): Promise<Files> {
  const [target] = snapshot.targets;
  if (target === undefined) throw new Error('the snapshot has no target');
  const { id, since, verdict } = target;
  const { recent, files: all } = await recordHistory({
    ...{ target: id, days, incidents: snapshot.incidents.filter((one) => one.target === id) },
    ...{
      downSince: verdict === 'down' && since !== null ? Date.parse(since) : null,
      now: Date.parse(snapshot.at),
      recentMinutes,
    },
  });
  const files = new Map([...all].filter(([path]) => isThere(path)));
  return new Map([...filesOf(snapshot, new Map([[id, recent]]), files.keys()), ...files]);
}
