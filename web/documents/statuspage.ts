/**
 * The documents that Atlassian Statuspage made common, with their keys and enumerations, so that readers of status pages
 * understand them: https://developer.statuspage.io, /api/v2.
 */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { IncidentSnapshot, Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { headline } from '../pages/words.ts';

/** Statuspage has no word for unknown: it must not look operational. */
const COMPONENT_STATUS: Readonly<Record<Verdict, string>> = {
  up: 'operational',
  degraded: 'degraded_performance',
  down: 'major_outage',
  unknown: 'partial_outage',
};

const INDICATORS: Readonly<Record<Verdict, string>> = {
  up: 'none',
  degraded: 'minor',
  unknown: 'minor',
  down: 'major',
};

export function statuspageDocuments(snapshot: Snapshot): Readonly<Record<string, object>> {
  const shell = { page: pageOf(snapshot) };
  const incidents = snapshot.incidents.map((incident) => incidentOf(incident, snapshot));
  const unresolved = incidents.filter(({ resolved_at }) => resolved_at === null);
  const components = snapshot.targets.map((target, nth) => componentOf(target, nth, snapshot.at));
  const status = statusOf(snapshot);
  return {
    summary: { ...shell, status, components, incidents: unresolved, scheduled_maintenances: [] },
    status: { ...shell, status },
    components: { ...shell, components },
    incidents: { ...shell, incidents: incidents.slice(0, 50) },
    'incidents/unresolved': { ...shell, incidents: unresolved },
    'scheduled-maintenances': { ...shell, scheduled_maintenances: [] },
  };
}

function pageOf({ title, at }: Snapshot) {
  return { id: 'smtp-quorum', name: title, url: null, time_zone: 'Etc/UTC', updated_at: at };
}

function statusOf(snapshot: Snapshot) {
  const { verdict, text } = headline(snapshot);
  const all = snapshot.targets.length > 0 && snapshot.targets.every((target) => target.verdict === 'down');
  return { indicator: all ? 'critical' : INDICATORS[verdict], description: text };
}

function componentOf({ id, verdict, since, tags }: TargetSnapshot, nth: number, at: string) {
  return {
    id,
    name: id,
    status: COMPONENT_STATUS[verdict],
    created_at: null,
    updated_at: since ?? at,
    position: nth + 1,
    description: null,
    showcase: true,
    group_id: null,
    group: false,
    only_show_if_degraded: false,
    tags,
  };
}

function incidentOf({ id, target, opened, closed, verdict, timeline }: IncidentSnapshot, { targets, at }: Snapshot) {
  const component = targets.find((one) => one.id === target);
  const last = timeline.at(-1)?.at ?? opened;
  return {
    id,
    name: `${target}: ${closed === null ? verdict : 'ended'}`,
    status: closed === null ? 'investigating' : 'resolved',
    created_at: opened,
    updated_at: last,
    monitoring_at: null,
    resolved_at: closed,
    started_at: opened,
    impact: INDICATORS[verdict],
    shortlink: null,
    page_id: 'smtp-quorum',
    incident_updates: timeline.toReversed().map(({ at: time, what }, nth) => ({
      id: `${id}-${timeline.length - nth}`,
      status: closed !== null && nth === 0 ? 'resolved' : 'investigating',
      body: what,
      incident_id: id,
      created_at: time,
      updated_at: time,
      display_at: time,
      affected_components: [],
    })),
    components: component === undefined ? [] : [componentOf(component, targets.indexOf(component), at)],
  };
}
