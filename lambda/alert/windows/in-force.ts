/** The windows and mutes that are in force at a time, and what they hold. */
import type { MaintenanceWindow, Mute, PlannedScope, PlannedTime } from '../../calendar/planned-time.ts';
import { spansOf } from '../../calendar/window-times.ts';
import { matchesAny } from '../../config/schema/notify/glob.ts';

/** A window or mute that is in force now, or was until lately. Times are epoch milliseconds. */
export interface InForce extends Omit<PlannedTime, 'subjects'> {
  /** When what fell before `until` is told: later than `until` by the grace of the window. */
  readonly tellsAt: number;
  readonly scope: PlannedScope;
}

/** Those of which anything is held now, and that hold what fell in them. */
export function plannedAt(
  windows: readonly MaintenanceWindow[],
  mutes: readonly Mute[],
  now: number,
): readonly InForce[] {
  return [...windows.flatMap((window) => spansNow(window, now)), ...mutes.filter(isNow(now)).map(muteNow)];
}

function spansNow({ id, why, times, grace, ...scope }: MaintenanceWindow, now: number): readonly InForce[] {
  return spansOf(times, now - grace, now + 1).map((span) => {
    return { kind: 'window', id, why, ...span, tellsAt: span.until + grace, scope };
  });
}

/** A mute begins when it is made. One that is not yet to begin is of a machine whose clock is ahead, by as much at most. */
const AHEAD = 10 * 60_000;

function isNow(now: number): (mute: Mute) => boolean {
  // Ended before its beginning, by a clock that is right, it holds nothing.
  return ({ from, until }) => from - AHEAD <= now && until > now && until > from;
}

function muteNow({ id, why, from, until, targets, tags }: Mute): InForce {
  const scope = { ...(targets === undefined ? {} : { targets }), ...(tags === undefined ? {} : { tags }) };
  return { kind: 'mute', id, why, from, until, tellsAt: until, scope };
}

/**
 * The window or mute that holds a subject, of several the one that ends last. While only its grace runs, it holds what began before its end.
 * @param planned those of `now`
 * @param opened when what is held began
 */
export function heldBy(
  planned: readonly InForce[],
  subject: string,
  tags: readonly string[],
  now: number,
  opened = now,
): InForce | null {
  const holding = planned.filter(({ kind, scope, from, until, tellsAt }) => {
    const begins = kind === 'mute' ? from - AHEAD : from;
    const isHeld = begins <= now && (until > now || (tellsAt > now && opened < until));
    return isHeld && isInScope(scope, subject, tags);
  });
  return holding.sort((a, b) => b.tellsAt - a.tellsAt || a.from - b.from)[0] ?? null;
}

/** The same, of all windows and mutes. */
export function inForce(
  windows: readonly MaintenanceWindow[],
  mutes: readonly Mute[],
  subject: string,
  tags: readonly string[],
  now: number,
  opened = now,
): InForce | null {
  return heldBy(plannedAt(windows, mutes, now), subject, tags, now, opened);
}

/** As rules of `notify` match: by a name or a tag; without either it is about everything. */
export function isInScope({ targets, tags }: PlannedScope, subject: string, ownTags: readonly string[]): boolean {
  if (targets === undefined && tags === undefined) return true;
  return matchesAny(targets ?? [], [subject]) || matchesAny(tags ?? [], ownTags);
}
