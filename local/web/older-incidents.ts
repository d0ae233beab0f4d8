/** Pages of incidents that are no longer listed: their addresses were sent to people, and work as long as the history has the incident. */

import type { ShowRules } from '../../lambda/config/page/status-page.ts';
import type { Incident } from '../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openStatementStore } from '../../lambda/history/statements/statement-store.ts';
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

interface Missing {
  readonly incident: Incident;
  /** What people have said of it. */
  readonly said: string;
}

export interface OlderIncidents {
  /** Those that were made so far. */
  readonly pages: IncidentPages;
  /**
   * Makes some of the pages that are missing, or of which people said something since, the newest first; the next call goes on.
   * Incidents that cannot be read are tried again after the next look for incidents: they hold up no others.
   * @param snapshot before what is hidden is left out
   * @param now epoch milliseconds
   */
  refresh(source: ReportSource, snapshot: Snapshot, show: ShowRules, now: number): Promise<void>;
}

/** Milliseconds between two looks for incidents that are no longer listed. One that has just left the list is looked for at once. */
const EVERY = 600_000;
const NEVER = Number.NEGATIVE_INFINITY;
/** Pages, some 20 KB each. */
const MOST = 1_000;
/** Of one publication: probes must not wait for them. */
const AT_ONCE = 20;

export function openOlderIncidents(): OlderIncidents {
  const pages = new Map<string, SiteFile>();
  /** What was said of those of which a page was made, or is hidden. */
  const made = new Map<string, string>();
  let lookedAt = NEVER;
  let missing: readonly Missing[] = [];
  let listed: readonly string[] = [];

  async function look(source: ReportSource, now: number): Promise<void> {
    const older = (await olderIncidents(source, now)).slice(0, MOST);
    const oldest = older.at(-1)?.opened ?? isoSeconds(now);
    const statements = await openStatementStore(source.table).statementsSince(oldest);
    const ids = new Set(older.map(({ id }) => id));
    for (const id of [...pages.keys()].filter((one) => !ids.has(one))) pages.delete(id);
    for (const id of [...made.keys()].filter((one) => !ids.has(one))) made.delete(id);
    missing = older
      .map((incident) => ({ incident, said: JSON.stringify(statements.get(incident.id) ?? []) }))
      .filter(({ incident, said }) => made.get(incident.id) !== said);
    lookedAt = now;
  }

  return {
    pages,
    async refresh(source, snapshot, show, now) {
      const ids = snapshot.incidents.map(({ id }) => id);
      if (listed.some((id) => !ids.includes(id))) lookedAt = NEVER;
      listed = ids;
      // A time that has not come was read before the clock was set back.
      if (lookedAt > now || now - lookedAt >= EVERY) await look(source, now);
      const next = missing.slice(0, AT_ONCE);
      missing = missing.slice(AT_ONCE);
      if (next.length === 0) return;
      const older = next.map(({ incident }) => incident);
      const incidents = await readIncidentSnapshots(source, older, () => [], new Map(), now);
      const visible = visibleSnapshot({ ...snapshot, incidents }, show);
      for (const one of visible.incidents) pages.set(one.id, siteFile('html', incidentPage(visible, one)));
      for (const { incident, said } of next) made.set(incident.id, said);
    },
  };
}

/** By path. */
export function incidentFiles(pages: IncidentPages): ReadonlyMap<string, SiteFile> {
  return new Map([...pages].map(([id, file]) => [incidentPath(id), file] as const));
}
