/** Planned time in a pass of the judge: what it holds, and how what was in force is kept. */
import { heldBy, type InForce, isInScope, plannedAt } from '../../alert/windows/in-force.ts';
import type { PlannedTime } from '../../calendar/planned-time.ts';
import type { Config } from '../../config/config.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Hold } from '../../consensus/news/again.ts';
import type { OpenPlannedTime, OpenPlannedTimes } from '../../history/windows/in-force-item.ts';
import type { WindowStore } from '../../history/windows/window-store.ts';
import { digestOf } from '../pass/config-digest.ts';

/** The windows and mutes of one pass. */
export interface PlannedPass {
  readonly planned: readonly InForce[];
  /** What was in force in the last pass; null if it is not known: then nothing is kept. */
  readonly last: OpenPlannedTimes | null;
  readonly mutes: Awaited<ReturnType<WindowStore['mutes']>>['mutes'];
}

/** Without the mutes. */
export function plannedByConfig({ maintenance = [] }: Pick<Config, 'maintenance'>, now: number): PlannedPass {
  return { planned: plannedAt(maintenance, [], now), last: null, mutes: [] };
}

/** Reads the mutes: one query. */
export async function readPlanned(
  { maintenance = [] }: Pick<Config, 'maintenance'>,
  store: WindowStore,
  now: number,
): Promise<PlannedPass> {
  const { mutes, inForce } = await store.mutes();
  return { planned: plannedAt(maintenance, mutes, now), last: inForce, mutes };
}

/**
 * Why nobody is told of a subject now; null if nothing holds it.
 * @param opened when the incident began: the grace of a window is for what fell in it
 */
export function plannedHold(
  { planned }: Pick<PlannedPass, 'planned'>,
  subject: string,
  tags: readonly string[],
  now: number,
  opened = now,
): Hold | null {
  const held = heldBy(planned, subject, tags, now, opened);
  if (held === null) return null;
  const what = held.kind === 'window' ? held.id : held.why;
  return { why: held.kind, what, since: isoSeconds(held.from), until: isoSeconds(held.tellsAt) };
}

/** Milliseconds after its start in which a window that is new to the judge counts from its start: then no pass was missed for long. */
const NEW = 10 * 60_000;

/**
 * Keeps what begins, and gives what ended before its time its real end. Each step may be repeated, also by another judge; what
 * is open is written last. A window that a changed config names counts from now on: the past stays as it was.
 */
export async function keepPlanned(
  config: Pick<Config, 'targets' | 'posture' | 'roundTrips'>,
  store: WindowStore,
  { planned, last, mutes }: PlannedPass,
  now: number,
): Promise<void> {
  if (last === null) return;
  const current = planned.filter(({ until }) => until > now).map((one) => ({ one, subjects: subjectsOf(config, one) }));
  const next: OpenPlannedTime[] = [];
  for (const { one, subjects } of current) {
    const known = last.open.find((open) => isSame(open, one, subjects));
    const from = known?.from ?? (isNew(last.open, one, now) ? one.from : now);
    const { kind, id, until } = one;
    next.push({ kind, id, begins: one.from, from, until, subjects: digestOf(subjects) });
    if (known === undefined) await store.keep({ kind, id, why: one.why, from, until, subjects });
    else if (known.until !== until) await store.keepEnd(known, until);
  }
  const gone = last.open.filter((open) => !next.some(({ from, id, kind }) => isKey(open, kind, id, from)));
  for (const open of gone) if (open.until > now) await store.keepEnd(open, endOf(open, mutes, now));
  if (gone.length > 0 || JSON.stringify(next) !== JSON.stringify(last.open))
    await store.writeInForce(next, last.version);
}

/** One whose targets were changed meanwhile is kept as two. */
function isNew(open: readonly OpenPlannedTime[], { kind, id, from }: InForce, now: number): boolean {
  return now - from < NEW && !open.some((other) => other.kind === kind && other.id === id && other.begins === from);
}

function isSame(open: OpenPlannedTime, { kind, id, from }: InForce, subjects: PlannedTime['subjects']): boolean {
  return open.kind === kind && open.id === id && open.begins === from && open.subjects === digestOf(subjects);
}

function isKey(open: OpenPlannedTime, kind: string, id: string, from: number): boolean {
  return open.kind === kind && open.id === id && open.from === from;
}

/** When somebody ended the mute; now, if the config has the window no more. */
function endOf({ kind, id, from }: OpenPlannedTime, mutes: PlannedPass['mutes'], now: number): number {
  const mute = kind === 'mute' ? mutes.find((one) => one.id === id) : undefined;
  return Math.max(from, Math.min(mute?.until ?? now, now));
}

/** What it is about, as the config is now; null for everything. */
function subjectsOf(
  { targets, posture = [], roundTrips = [] }: Pick<Config, 'targets' | 'posture' | 'roundTrips'>,
  { scope }: InForce,
): readonly string[] | null {
  if (scope.targets === undefined && scope.tags === undefined) return null;
  const others = [...posture.map(({ domain }) => domain), ...roundTrips.map(({ id }) => id)];
  return [
    ...targets.filter(({ id, tags = [] }) => isInScope(scope, id, tags)).map(({ id }) => id),
    ...others.filter((name) => isInScope(scope, name, [])),
  ];
}
