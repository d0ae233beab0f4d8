/** All files of the status page, from one snapshot. Pure: a publisher writes them where they are served from. */

import type { Verdict } from '../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { RoundShard } from '../lambda/reports/history-shards/shard.ts';
import type { Snapshot } from '../lambda/reports/snapshot/snapshot.ts';
import { pageAssets } from './assets.ts';
import { shieldsBadge, svgBadge } from './documents/badges.ts';
import { atomFeed, jsonFeed } from './documents/feeds.ts';
import { jsonText } from './documents/json-text.ts';
import { metricsText } from './documents/metrics.ts';
import { statuspageDocuments } from './documents/statuspage.ts';
import { shardsByFolder } from './history/shard-paths.ts';
import { incidentPage } from './pages/incident.ts';
import { overviewPage } from './pages/overview.ts';
import { badgePath, incidentPath, shardFolder, targetPath } from './pages/paths.ts';
import { targetPage } from './pages/target.ts';
import { vantagesPage } from './pages/vantages/vantages-page.ts';
import { headline } from './pages/words.ts';
import { siteFile as file, type SiteFile } from './site-file.ts';

export type { SiteFile };

/**
 * By path, without a slash at its beginning.
 * @param recent the last rounds of each target
 * @param shards paths of the shards that there are; null if that is not known
 */
export function siteFiles(
  snapshot: Snapshot,
  recent: ReadonlyMap<string, RoundShard> = new Map(),
  shards: Iterable<string> | null = null,
): ReadonlyMap<string, SiteFile> {
  const { verdict } = headline(snapshot);
  const documents = Object.entries(statuspageDocuments(snapshot)).map(
    ([name, document]) => [`api/v2/${name}.json`, json(document)] as const,
  );
  const byFolder = shards === null ? null : shardsByFolder(shards);
  const pages = snapshot.targets.map((target) => {
    const { id } = target;
    const history = { recent: recent.get(id) ?? null, shards: byFolder && (byFolder.get(shardFolder(id)) ?? []) };
    return [targetPath(id), file('html', targetPage(snapshot, target, history))] as const;
  });
  const targets = snapshot.targets.flatMap(({ id, verdict: own }) => badges(badgePath(id), id, own));
  const incidents = snapshot.incidents.map(
    (incident) => [incidentPath(incident.id), file('html', incidentPage(snapshot, incident))] as const,
  );
  return new Map<string, SiteFile>([
    ['index.html', file('html', overviewPage(snapshot))],
    ['vantages.html', file('html', vantagesPage(snapshot))],
    ...pageAssets(),
    ['snapshot.json', file('json', `${JSON.stringify(snapshot)}\n`)],
    ['incidents.atom', file('atom', atomFeed(snapshot))],
    ['incidents.json', json(jsonFeed(snapshot))],
    ['metrics', file('metrics', metricsText(snapshot))],
    ...badges('badge', 'mail', verdict),
    ...documents,
    ...targets,
    ...pages,
    ...incidents,
  ]);
}

function badges(path: string, label: string, verdict: Verdict): readonly (readonly [string, SiteFile])[] {
  return [
    [`${path}.svg`, file('svg', svgBadge(label, verdict))],
    [`${path}.json`, json(shieldsBadge(label, verdict))],
  ];
}

/** For programs of others, which show its texts. */
function json(document: object): SiteFile {
  return file('json', jsonText(document));
}
