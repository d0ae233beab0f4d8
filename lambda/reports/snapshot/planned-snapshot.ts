/** Windows and mutes of a status page: in force, next, and over. */

import { heldBy, type InForce, isInScope, plannedAt } from '../../alert/windows/in-force.ts';
import type { MaintenanceWindow, PlannedScope, PlannedTime } from '../../calendar/planned-time.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Hold } from '../../consensus/news/again.ts';
import { openNotifications } from '../../history/notifications/notification-store.ts';
import { openWindowStore } from '../../history/windows/window-store.ts';
import { nextWindows } from '../planned/next-windows.ts';
import { readPlannedTimes } from '../planned/planned-times.ts';
import type { ReportSource } from '../source/report-source.ts';
import { incidentNotices } from '../status/incident-notices.ts';
import type { HoldSnapshot, PlannedSnapshot } from './snapshot.ts';

/** Something that a window can be about. */
export interface Subject {
  readonly name: string;
  readonly tags: readonly string[];
  readonly isDomain?: true;
}

export interface Planned {
  readonly planned: readonly PlannedSnapshot[];
  /** Why nobody is told of a target now; null if nothing holds its alerts. */
  heldOf(target: Subject): HoldSnapshot | null;
}

/** Those that are over. */
const MOST_ENDED = 100;

/** @param since of those that are over; epoch milliseconds, as is `now` */
export async function readPlannedSnapshots(
  { table, config }: Pick<ReportSource, 'table' | 'config'>,
  targets: readonly string[],
  since: number,
  now: number,
): Promise<Planned> {
  const windows = config?.maintenance ?? [];
  const [{ mutes }, kept, told] = await Promise.all([
    openWindowStore(table).mutes(),
    readPlannedTimes({ table }, { from: since, to: now }),
    openNotifications(table).open(),
  ]);
  const present = plannedAt(windows, mutes, now);
  const subjects = subjectsOf(config, targets);
  const holds = new Map(incidentNotices(told).flatMap(({ subject, held }) => (held ? [[subject, held]] : [])));
  return {
    planned: [
      ...present.map((one) => presentSnapshot(one, subjects, now)),
      ...nextWindows(windows, now).map((one) => nextSnapshot(one, subjects)),
      ...endedSnapshots(kept, present, subjects, now),
    ],
    heldOf: ({ name, tags }) => holdSnapshot(heldBy(present, name, tags, now), holds.get(name), now),
  };
}

function subjectsOf(config: ReportSource['config'], targets: readonly string[]): readonly Subject[] {
  const tags = new Map(config?.targets.map((target) => [target.id, target.tags ?? []]));
  const trips = (config?.roundTrips ?? []).map(({ id }) => id);
  return [
    ...[...targets, ...trips].map((name) => ({ name, tags: tags.get(name) ?? [] })),
    ...(config?.posture ?? []).map(({ domain }) => ({ name: domain, tags: [], isDomain: true as const })),
  ];
}

type Times = Pick<PlannedTime, 'kind' | 'id' | 'why' | 'from' | 'until'>;

function snapshotOf(
  { kind, id, why, from, until }: Times,
  state: PlannedSnapshot['state'],
  about: readonly Subject[],
): PlannedSnapshot {
  const [begins, ends] = [isoSeconds(from), isoSeconds(until)];
  return {
    id: `${id}@${begins}`,
    ...{ kind, state, name: kind === 'window' ? id : null, why, from: begins, until: ends },
    subjects: about.filter(({ isDomain }) => !isDomain).map(({ name }) => name),
    domains: about.filter(({ isDomain }) => isDomain).map(({ name }) => name),
  };
}

function presentSnapshot(one: InForce, subjects: readonly Subject[], now: number): PlannedSnapshot {
  return snapshotOf(one, one.until > now ? 'in_progress' : 'verifying', within(one.scope, subjects));
}

function nextSnapshot(window: MaintenanceWindow & Pick<Times, 'from' | 'until'>, subjects: readonly Subject[]) {
  return snapshotOf({ ...window, kind: 'window' }, 'scheduled', within(window, subjects));
}

function within(scope: PlannedScope, subjects: readonly Subject[]): readonly Subject[] {
  return subjects.filter(({ name, tags }) => isInScope(scope, name, tags));
}

/** As they were in force. One that is about thousands of targets is kept in parts. */
function endedSnapshots(
  kept: readonly PlannedTime[],
  present: readonly InForce[],
  subjects: readonly Subject[],
  now: number,
): readonly PlannedSnapshot[] {
  const isPresent = ({ kind, id, until }: PlannedTime) =>
    present.some((one) => one.kind === kind && one.id === id && one.until === until);
  const parts = new Map<string, PlannedTime[]>();
  for (const one of kept.filter((each) => each.until <= now && !isPresent(each))) {
    const key = `${one.kind} ${one.id} ${one.from}`;
    parts.set(key, [...(parts.get(key) ?? []), one]);
  }
  return [...parts.values()]
    .flatMap((all) => endedSnapshot(all, subjects))
    .sort((a, b) => (a.from < b.from ? 1 : -1))
    .slice(0, MOST_ENDED);
}

function endedSnapshot(parts: readonly PlannedTime[], subjects: readonly Subject[]): readonly PlannedSnapshot[] {
  const isAbout = ({ name }: Subject) => parts.some((part) => part.subjects?.includes(name) ?? true);
  return parts.slice(0, 1).map((first) => snapshotOf(first, 'completed', subjects.filter(isAbout)));
}

/** What holds its incident, else the window or mute that would. */
function holdSnapshot(planned: InForce | null, held: Hold | undefined, now: number): HoldSnapshot | null {
  if (held !== undefined) {
    const { why, what, since, until } = held;
    return { why, what, since, until };
  }
  if (planned === null || planned.until <= now) return null;
  const { kind, id, why, from, tellsAt } = planned;
  return { why: kind, what: kind === 'window' ? id : why, since: isoSeconds(from), until: isoSeconds(tellsAt) };
}
