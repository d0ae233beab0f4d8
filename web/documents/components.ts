/** Targets as the components of Statuspage. The first tag of a target is its group. */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';

export const PAGE_ID = 'smtp-quorum';

/** Statuspage has no word for unknown: it must not look operational. */
export const COMPONENT_STATUS: Readonly<Record<Verdict, string>> = {
  up: 'operational',
  degraded: 'degraded_performance',
  unknown: 'partial_outage',
  down: 'major_outage',
};

export type Component = ReturnType<typeof componentOf>;

export function componentsOf({ targets, at }: Snapshot): readonly Component[] {
  const tags = groupTags(targets);
  return targets.map((target, nth) => componentOf(target, tags.length + nth + 1, at));
}

/** In the order of the first target of each. */
export function componentGroupsOf({ targets, at }: Snapshot, components: readonly Component[]) {
  return groupTags(targets).map((tag, nth) => {
    const own = components.filter(({ group_id }) => group_id === groupId(tag));
    return {
      id: groupId(tag),
      name: tag,
      status: worstStatus(own),
      created_at: own.map(({ created_at }) => created_at).sort()[0] ?? at,
      updated_at:
        own
          .map(({ updated_at }) => updated_at)
          .sort()
          .at(-1) ?? at,
      position: nth + 1,
      ...{ description: null, showcase: false, start_date: null, group_id: null, page_id: PAGE_ID },
      group: true,
      only_show_if_degraded: false,
      components: own.map(({ id }) => id),
    };
  });
}

function componentOf({ id, verdict, since, tags, days, held }: TargetSnapshot, position: number, at: string) {
  const first = days.find(({ up, down }) => up + down > 0)?.date;
  const [tag] = tags;
  return {
    id,
    name: id,
    // A window is what a status page calls maintenance, whatever is seen in it. A mute changes nothing.
    status: held?.why === 'window' ? 'under_maintenance' : COMPONENT_STATUS[verdict],
    created_at: first === undefined ? (since ?? at) : `${first}T00:00:00Z`,
    updated_at: since ?? at,
    position,
    ...{ description: null, showcase: true, start_date: first ?? null },
    group_id: tag === undefined ? null : groupId(tag),
    page_id: PAGE_ID,
    group: false,
    only_show_if_degraded: false,
    tags,
  };
}

function groupTags(targets: readonly TargetSnapshot[]): readonly string[] {
  return [...new Set(targets.flatMap(({ tags }) => tags.slice(0, 1)))];
}

function groupId(tag: string): string {
  return `group:${tag}`;
}

const WORST_LAST = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const;

function worstStatus(components: readonly Pick<Component, 'status'>[]): string {
  return WORST_LAST.findLast((status) => components.some((component) => component.status === status)) ?? 'operational';
}
