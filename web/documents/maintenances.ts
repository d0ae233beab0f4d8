/** Windows as the scheduled maintenances of Statuspage. Mutes are not among them: they are for those who have alerts. */

import type { PlannedSnapshot, Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Component, PAGE_ID } from './components.ts';

export function maintenancesOf({ planned }: Snapshot, components: readonly Component[]) {
  return planned.filter(({ kind }) => kind === 'window').map((one) => maintenanceOf(one, components));
}

const WORDS: Readonly<Record<PlannedSnapshot['state'], string>> = {
  scheduled: 'Work is planned.',
  in_progress: 'Planned work is in progress.',
  verifying: 'Planned work is over, and its results are being verified.',
  completed: 'Planned work is over.',
};

function maintenanceOf(
  { id, name, why, state, from, until, subjects }: PlannedSnapshot,
  components: readonly Component[],
) {
  const isOver = state === 'completed';
  const at = state === 'scheduled' || state === 'in_progress' ? from : until;
  const update = {
    id: `${id}/${state}`,
    status: state,
    body: why ?? WORDS[state],
    incident_id: id,
    ...{ created_at: at, updated_at: at, display_at: at },
    affected_components: [],
    ...{ deliver_notifications: false, custom_tweet: null, tweet_id: null },
  };
  return {
    id,
    name: name ?? 'Planned work',
    status: state,
    ...{ created_at: from, updated_at: at, monitoring_at: null, resolved_at: isOver ? until : null, started_at: from },
    impact: 'maintenance',
    shortlink: null,
    page_id: PAGE_ID,
    incident_updates: [update],
    components: components.filter((component) => subjects.includes(component.id)),
    reminder_intervals: null,
    ...{ scheduled_for: from, scheduled_until: until },
  };
}
