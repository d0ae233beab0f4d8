import { describe, expect, test } from 'vitest';
import type { IncidentSnapshot, PlannedSnapshot, Snapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { statuspageDocuments } from '../../../web/documents/statuspage.ts';
import { siteFiles } from '../../../web/site.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from '../snapshot.ts';

type Fields = Record<string, unknown>;

/** The keys that pages of Statuspage have, as their own documentation (`/api` of each page) and clients list them. */
const KEYS = {
  page: ['id', 'name', 'time_zone', 'updated_at', 'url'],
  status: ['description', 'indicator'],
  component: [
    ...['created_at', 'description', 'group', 'group_id', 'id', 'name', 'only_show_if_degraded', 'page_id'],
    ...['position', 'showcase', 'start_date', 'status', 'updated_at'],
  ],
  incident: [
    ...['components', 'created_at', 'id', 'impact', 'incident_updates', 'monitoring_at', 'name', 'page_id'],
    ...['reminder_intervals', 'resolved_at', 'shortlink', 'started_at', 'status', 'updated_at'],
  ],
  update: [
    ...['affected_components', 'body', 'created_at', 'custom_tweet', 'deliver_notifications', 'display_at', 'id'],
    ...['incident_id', 'status', 'tweet_id', 'updated_at'],
  ],
  affected: ['code', 'name', 'new_status', 'old_status'],
} as const;

const COMPONENT_STATES = ['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'];
const IMPACTS = ['none', 'minor', 'major', 'critical', 'maintenance'];
const INCIDENT_STATES = ['investigating', 'identified', 'monitoring', 'resolved', 'postmortem'];
const MAINTENANCE_STATES = ['scheduled', 'in_progress', 'verifying', 'completed'];

const at = '2026-11-25T06:12:00Z';
const said = { number: 1, at, by: 'ops', state: 'identified', text: 'A disk is full.' } as const;
const open = incidentSnapshot({ closed: null, statements: [said], updated: at });

function planned(state: PlannedSnapshot['state'], given: Partial<PlannedSnapshot> = {}): PlannedSnapshot {
  const times = { from: '2026-11-26T09:00:00Z', until: '2026-11-26T10:00:00Z' };
  return {
    id: `patches@${state}`,
    kind: 'window',
    state,
    name: 'patches',
    why: null,
    ...times,
    subjects: ['mx1'],
    domains: [],
    ...given,
  };
}

const rich = snapshotWith({
  targets: [
    targetSnapshot({ id: 'mx1', tags: ['edge', 'eu'] }),
    targetSnapshot({ id: 'mx2', tags: ['edge'], verdict: 'down' }),
    targetSnapshot({ id: 'mx3', days: [] }),
  ],
  incidents: [open, incidentSnapshot({ id: 'mx2@2026-11-24T06:09:48Z', target: 'mx2' })],
  planned: [planned('in_progress'), planned('scheduled'), planned('completed'), planned('verifying')],
});

const documents = (given: Partial<Snapshot>) => statuspageDocuments(snapshotWith(given)) as Record<string, Fields>;
const list = (document: Fields | undefined, key: string) => (document?.[key] ?? []) as Fields[];

describe('every document', () => {
  const all = Object.entries(statuspageDocuments(rich) as Record<string, Fields>);

  test.each(all)('%s has the keys and words that readers of Statuspage expect', (_, document) => {
    expect(Object.keys(document.page as Fields).sort()).toEqual(KEYS.page);
    for (const component of list(document, 'components')) {
      expect(Object.keys(component)).toEqual(expect.arrayContaining([...KEYS.component]));
      expect(COMPONENT_STATES).toContain(component.status);
      for (const time of [component.created_at, component.updated_at]) expect(Date.parse(String(time))).not.toBeNaN();
    }
    for (const incident of [...list(document, 'incidents'), ...list(document, 'scheduled_maintenances')]) {
      const isMaintenance = 'scheduled_for' in incident;
      const keys = [...KEYS.incident, ...(isMaintenance ? ['scheduled_for', 'scheduled_until'] : [])].sort();
      expect(Object.keys(incident).sort()).toEqual(keys);
      expect(isMaintenance ? MAINTENANCE_STATES : INCIDENT_STATES).toContain(incident.status);
      expect(IMPACTS).toContain(incident.impact);
      for (const update of list(incident, 'incident_updates')) {
        expect(Object.keys(update).sort()).toEqual(KEYS.update);
        expect(isMaintenance ? MAINTENANCE_STATES : INCIDENT_STATES).toContain(update.status);
        for (const one of list(update, 'affected_components')) {
          expect(Object.keys(one).sort()).toEqual(KEYS.affected);
          expect(
            [COMPONENT_STATES, COMPONENT_STATES].map((words, nth) =>
              words.includes(String(nth ? one.old_status : one.new_status)),
            ),
          ).toEqual([true, true]);
        }
      }
    }
  });

  test('is a file of the site', () => {
    const paths = [...siteFiles(rich).keys()];
    expect(paths).toEqual(expect.arrayContaining(all.map(([name]) => `api/v2/${name}.json`)));
    expect(all.map(([name]) => name).sort()).toEqual([
      'components',
      'incidents',
      'incidents/unresolved',
      'scheduled-maintenances',
      'scheduled-maintenances/active',
      'scheduled-maintenances/upcoming',
      'status',
      'summary',
    ]);
  });
});

test('the first tag of a target is its group, and a group is as bad as its worst member', () => {
  const components = list(statuspageDocuments(rich).components as Fields, 'components');
  expect(components).toMatchObject([
    { id: 'group:edge', group: true, status: 'major_outage', components: ['mx1', 'mx2'], group_id: null, position: 1 },
    { id: 'mx1', group: false, group_id: 'group:edge', position: 2, created_at: '2026-11-25T00:00:00Z' },
    { id: 'mx2', group_id: 'group:edge', status: 'major_outage' },
    { id: 'mx3', group_id: null, created_at: '2026-11-26T08:00:00Z' },
  ]);
});

describe('the state of an incident', () => {
  const stateOf = (given: Partial<IncidentSnapshot>) =>
    list(documents({ incidents: [incidentSnapshot({ closed: null, ...given })] }).incidents, 'incidents')[0];

  test.each([
    ['nobody said anything', {}, 'investigating', null],
    ['somebody said what it is', { statements: [said] }, 'identified', null],
    ['it is watched', { statements: [said, { ...said, number: 2, state: 'monitoring' }] }, 'monitoring', at],
    ['it is over, whatever was said', { closed: '2026-11-25T06:16:28Z', statements: [said] }, 'resolved', null],
    ['it was called resolved, and is not', { statements: [{ ...said, state: 'resolved' }] }, 'monitoring', null],
  ] as const)('%s', (_, given, status, monitoring_at) => {
    expect(stateOf(given)).toMatchObject({ status, monitoring_at });
  });

  test('its updates are newest first, with what people said between what was seen', () => {
    const [incident] = list(
      documents({ incidents: [{ ...open, closed: '2026-11-25T06:16:28Z' }] }).incidents,
      'incidents',
    );
    expect(incident?.incident_updates).toMatchObject([
      { body: 'recovered', status: 'resolved' },
      { body: 'A disk is full.', status: 'identified', id: `${open.id}/said/1`, affected_components: [] },
      {
        body: 'down: 2 of 3 entitled vantages voted down, quorum 2',
        status: 'investigating',
        affected_components: [{ code: 'mx1', old_status: 'operational', new_status: 'major_outage' }],
      },
    ]);
    expect(incident).toMatchObject({ impact: 'major', updated_at: at });
  });

  test('an incident that ended degraded was as bad as it was', () => {
    expect(stateOf({ verdict: 'degraded' })).toMatchObject({ impact: 'major' });
    expect(stateOf({ verdict: 'degraded', timeline: [] })).toMatchObject({ impact: 'minor' });
  });

  test('ids of updates stay when a line in the middle is left out, and when something is withdrawn', () => {
    const ids = (given: Partial<IncidentSnapshot>) =>
      list(stateOf(given), 'incident_updates').map(({ id }) => String(id));
    const timeline = ['a', 'b', 'c'].map((what, nth) => ({ at: `2026-11-25T06:1${nth}:00Z`, what }));
    const statements = [said, { ...said, number: 2 }];
    const before = ids({ timeline, statements });
    expect(before).toEqual(
      expect.arrayContaining(ids({ timeline: timeline.toSpliced(1, 1), statements: statements.slice(1) })),
    );
    expect(new Set(before).size).toBe(5);
  });
});

describe('planned work', () => {
  test('windows are maintenances, mutes are not', () => {
    const { summary, ...others } = documents({ planned: [...rich.planned, planned('in_progress', { kind: 'mute' })] });
    const states = (document: Fields | undefined) =>
      list(document, 'scheduled_maintenances').map(({ status }) => status);
    expect(states(others['scheduled-maintenances'])).toEqual(['in_progress', 'scheduled', 'completed', 'verifying']);
    expect(states(others['scheduled-maintenances/active'])).toEqual(['in_progress', 'verifying']);
    expect(states(others['scheduled-maintenances/upcoming'])).toEqual(['scheduled']);
    expect(states(summary)).toEqual(['in_progress', 'verifying', 'scheduled']);
    expect(list(summary, 'scheduled_maintenances')[0]).toMatchObject({
      name: 'patches',
      impact: 'maintenance',
      scheduled_for: '2026-11-26T09:00:00Z',
      components: [{ id: 'mx1' }],
      incident_updates: [{ body: 'Planned work is in progress.', status: 'in_progress' }],
    });
  });

  test.each([
    ['window', 'up', 'under_maintenance', 'maintenance'],
    ['window', 'down', 'under_maintenance', 'critical'],
    ['mute', 'up', 'operational', 'maintenance'],
    ['mute', 'down', 'major_outage', 'critical'],
  ] as const)('a target that a %s holds and that is %s', (why, verdict, status, indicator) => {
    const held = { why, what: 'patches', since: at, until: null };
    const target = targetSnapshot({ verdict, held });
    const { components, status: document } = documents({ targets: [target], planned: [planned('in_progress')] });
    expect(list(components, 'components')[0]).toMatchObject({ status });
    expect(document?.status).toMatchObject({ indicator });
  });
});
