/**
 * The documents that Atlassian Statuspage made common, with their keys and enumerations, so that readers of status pages
 * understand them: https://www.atlassian.com/software/statuspage, `/api/v2` of each page.
 */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { IncidentSnapshot, Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { incidentPath } from '../pages/paths.ts';
import { headline, stateOfIncident } from '../pages/words.ts';
import { COMPONENT_STATUS, type Component, componentGroupsOf, componentsOf, PAGE_ID } from './components.ts';
import { type IncidentUpdate, incidentUpdates, worstVerdict } from './incident-updates.ts';
import { maintenancesOf } from './maintenances.ts';

const INDICATORS: Readonly<Record<Verdict, string>> = {
  up: 'none',
  degraded: 'minor',
  unknown: 'minor',
  down: 'major',
};

/** Incidents of a document: as many as Statuspage lists. */
const MOST_LISTED = 50;

/** By path below `api/v2/`, without its ending. */
export function statuspageDocuments(snapshot: Snapshot): Readonly<Record<string, object>> {
  const shell = { page: pageOf(snapshot) };
  const targets = componentsOf(snapshot);
  const components = [...componentGroupsOf(snapshot, targets), ...targets];
  const incidents = snapshot.incidents.map((incident) => incidentOf(incident, targets, snapshot));
  const unresolved = incidents.filter(({ resolved_at }) => resolved_at === null);
  const maintenances = maintenancesOf(snapshot, targets);
  const upcoming = maintenances.filter(({ status }) => status === 'scheduled');
  const active = maintenances.filter(({ status }) => status === 'in_progress' || status === 'verifying');
  const status = statusOf(snapshot, active.length > 0);
  const present = [...active, ...upcoming];
  return {
    summary: { ...shell, components, incidents: unresolved, scheduled_maintenances: present, status },
    status: { ...shell, status },
    components: { ...shell, components },
    incidents: { ...shell, incidents: incidents.slice(0, MOST_LISTED) },
    'incidents/unresolved': { ...shell, incidents: unresolved },
    'scheduled-maintenances': { ...shell, scheduled_maintenances: maintenances.slice(0, MOST_LISTED) },
    'scheduled-maintenances/upcoming': { ...shell, scheduled_maintenances: upcoming },
    'scheduled-maintenances/active': { ...shell, scheduled_maintenances: active },
  };
}

function pageOf({ title, url, at }: Snapshot) {
  return { id: PAGE_ID, name: title, url: url?.replace(/\/$/, '') ?? null, time_zone: 'Etc/UTC', updated_at: at };
}

function statusOf(snapshot: Snapshot, isMaintained: boolean) {
  const { verdict, text } = headline(snapshot);
  const all = snapshot.targets.length > 0 && snapshot.targets.every((target) => target.verdict === 'down');
  const indicator = verdict === 'up' && isMaintained ? 'maintenance' : INDICATORS[verdict];
  return { indicator: all ? 'critical' : indicator, description: text };
}

function incidentOf(incident: IncidentSnapshot, components: readonly Component[], snapshot: Snapshot) {
  const { url } = snapshot;
  const { id, target, opened, closed, updated } = incident;
  const updates = incidentUpdates(incident).toReversed();
  const component = components.find((one) => one.id === target);
  return {
    id,
    name: `${target}: ${stateOfIncident(snapshot, incident)}`,
    status: closed === null ? openState(updates) : 'resolved',
    ...{ created_at: opened, updated_at: updated, started_at: opened, resolved_at: closed },
    monitoring_at: updates.find(({ isSaid, state }) => isSaid && state === 'monitoring')?.at ?? null,
    impact: INDICATORS[worstVerdict(incident)],
    shortlink: url === null ? null : url + incidentPath(id),
    page_id: PAGE_ID,
    incident_updates: updates.map((update) => updateOf(update, incident)),
    components: component === undefined ? [] : [component],
    reminder_intervals: null,
  };
}

/** As people said last. An open incident is never resolved. */
function openState(updates: readonly IncidentUpdate[]): string {
  const said = updates.find(({ isSaid }) => isSaid)?.state ?? 'investigating';
  return said === 'resolved' ? 'monitoring' : said;
}

function updateOf({ id, at, state, text, change }: IncidentUpdate, { id: incident, target }: IncidentSnapshot) {
  const affected =
    change === null
      ? []
      : [
          {
            code: target,
            name: target,
            old_status: COMPONENT_STATUS[change.from],
            new_status: COMPONENT_STATUS[change.to],
          },
        ];
  return {
    id,
    status: state,
    body: text,
    incident_id: incident,
    ...{ created_at: at, updated_at: at, display_at: at },
    affected_components: affected,
    ...{ deliver_notifications: false, custom_tweet: null, tweet_id: null },
  };
}
