/** The page of one moment, with digests of its files. */

import { incidentPath } from '../../web/pages/paths.ts';
import { type SiteFile, siteFiles } from '../../web/site.ts';
import type { RoundShard } from '../reports/history-shards/shard.ts';
import type { Snapshot } from '../reports/snapshot/snapshot.ts';
import { newsOf, withoutTime } from './comparable-snapshots.ts';
import { shortDigest } from './digest.ts';
import { type PublishedFiles, presentShards } from './history-files.ts';
import { NOT_FOUND } from './not-found.ts';
import { newsOfOpenIncident } from './plan.ts';
import type { Site } from './publish.ts';

/** What the page is made of, without what is hidden. */
export interface PageContent {
  readonly snapshot: Snapshot;
  /** The last rounds of each target. */
  readonly recent: ReadonlyMap<string, RoundShard>;
  readonly logo: Iterable<readonly [path: string, file: SiteFile]>;
  readonly history: PublishedFiles;
  /** Reports of months. */
  readonly reports: PublishedFiles;
}

/** @param isWhole whether to calculate digests of the whole files, too */
export function siteOf({ snapshot, recent, logo, history, reports }: PageContent, isWhole: boolean): Site {
  const shards = presentShards(history.files);
  const filesOf = (one: Snapshot, rounds: PageContent['recent']) =>
    new Map<string, SiteFile>([...siteFiles(one, rounds, shards), ...logo, [NOT_FOUND.path, NOT_FOUND.file]]);
  const open = snapshot.incidents.filter(({ closed }) => closed === null).map(({ id }) => incidentPath(id));
  const news = digestsOf(filesOf(newsOf(snapshot), new Map()));
  for (const path of open) news.set(path, newsOfOpenIncident(news.get(path) ?? ''));
  const whole = isWhole ? digestsOf(filesOf(withoutTime(snapshot), recent)) : null;
  const files = filesOf(snapshot, recent);
  return {
    fileOf: async (path) => files.get(path) ?? (await history.read(path)) ?? (await reports.read(path)),
    files: new Map([
      ...history.files,
      ...reports.files,
      ...[...files.keys()].map(
        (path) => [path, { news: news.get(path) ?? '', whole: whole?.get(path) ?? null }] as const,
      ),
    ]),
  };
}

function digestsOf(files: ReadonlyMap<string, SiteFile>): Map<string, string> {
  return new Map([...files].map(([path, { type, body }]) => [path, shortDigest(`${type}\n${body}`)]));
}
