/** Pages of incidents that are no longer listed: their addresses were sent to people, and work as long as the history has the incident. */

import type { ShowRules } from '../../lambda/config/page/status-page.ts';
import type { Incident } from '../../lambda/consensus/judgement/incident.ts';
import { readIncidentSnapshots } from '../../lambda/reports/snapshot/incident/incident-details.ts';
import { olderIncidents } from '../../lambda/reports/snapshot/read-snapshot.ts';
import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { visibleSnapshot } from '../../lambda/reports/snapshot/visible-snapshot.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { incidentPage } from '../../web/pages/incident.ts';
import { incidentPath } from '../../web/pages/paths.ts';
import { type SiteFile, siteFile } from '../../web/site-file.ts';

/** A page by the id of its incident. */
export type IncidentPages = ReadonlyMap<string, SiteFile>;

export interface OlderIncidents {
  /**
   * Makes some of the pages that are missing, the newest first; the next call goes on.
   * @param snapshot before what is hidden is left out
   * @param now epoch milliseconds
   */
  refresh(source: ReportSource, snapshot: Snapshot, show: ShowRules, now: number): Promise<IncidentPages>;
}

/** Milliseconds between two looks for incidents that are no longer listed. */
const EVERY = 600_000;
/** Pages, some 20 KB each. */
const MOST = 1_000;
/** Of one publication: probes must not wait for them. */
const AT_ONCE = 20;

export function openOlderIncidents(): OlderIncidents {
  const pages = new Map<string, SiteFile>();
  /** Of which a page was made, or is hidden. */
  let made: ReadonlySet<string> = new Set();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let missing: readonly Incident[] = [];

  async function look(source: ReportSource, now: number): Promise<void> {
    const older = (await olderIncidents(source, now)).slice(0, MOST);
    const ids = new Set(older.map(({ id }) => id));
    for (const id of pages.keys()) if (!ids.has(id)) pages.delete(id);
    made = new Set([...made].filter((id) => ids.has(id)));
    missing = older.filter(({ id }) => !made.has(id));
    lookedAt = now;
  }

  return {
    async refresh(source, snapshot, show, now) {
      // A time that has not come was read before the clock was set back.
      if (lookedAt > now || now - lookedAt >= EVERY) await look(source, now);
      const next = missing.slice(0, AT_ONCE);
      if (next.length > 0) {
        const incidents = await readIncidentSnapshots(source, next, () => [], new Map(), now);
        const visible = visibleSnapshot({ ...snapshot, incidents }, show);
        for (const one of visible.incidents) pages.set(one.id, siteFile('html', incidentPage(visible, one)));
        made = new Set([...made, ...next.map(({ id }) => id)]);
        missing = missing.slice(AT_ONCE);
      }
      return pages;
    },
  };
}

/** By path. */
export function incidentFiles(pages: IncidentPages): ReadonlyMap<string, SiteFile> {
  return new Map([...pages].map(([id, file]) => [incidentPath(id), file] as const));
}
