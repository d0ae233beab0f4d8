/** The page of one moment, with digests of its files. */

import { createHash } from 'node:crypto';
import { type SiteFile, siteFiles } from '../../web/site.ts';
import type { Snapshot } from '../reports/snapshot/snapshot.ts';
import { newsOf, withoutTime } from './comparable-snapshots.ts';
import { NOT_FOUND } from './not-found.ts';
import type { Site } from './publish.ts';

/**
 * @param snapshot without what is hidden
 * @param others files that do not depend on it
 * @param isWhole whether to calculate digests of the whole files, too
 */
export function siteOf(
  snapshot: Snapshot,
  others: Iterable<readonly [path: string, file: SiteFile]>,
  isWhole: boolean,
): Site {
  const filesOf = (one: Snapshot) =>
    new Map<string, SiteFile>([...siteFiles(one), ...others, [NOT_FOUND.path, NOT_FOUND.file]]);
  const news = digestsOf(filesOf(newsOf(snapshot)));
  const whole = isWhole ? digestsOf(filesOf(withoutTime(snapshot))) : null;
  const files: ReadonlyMap<string, SiteFile> = filesOf(snapshot);
  return {
    fileOf: (path) => files.get(path) as SiteFile,
    files: new Map(
      [...files.keys()].map((path) => [path, { news: news.get(path) ?? '', whole: whole?.get(path) ?? null }]),
    ),
  };
}

function digestsOf(files: ReadonlyMap<string, SiteFile>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, { type, body }]) => [path, digestOf(`${type}\n${body}`)]));
}

/** 72 bits: a change that is missed is as good as impossible, and nobody gains from one. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
