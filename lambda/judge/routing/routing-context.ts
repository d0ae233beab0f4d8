/** What routing has to know, from the ports of the judge. */
import type { RoutingContext } from '../../alert/routing/context.ts';
import { entriesOf, type RoutedEntry } from '../../alert/routing/entry.ts';
import { exclusionOf } from '../../alert/routing/match.ts';
import { isWithinHours } from '../../calendar/hours.ts';
import type { Config } from '../../config/config.ts';
import { isDrill } from '../../consensus/drill/drill.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Hold } from '../../consensus/news/again.ts';
import type { JudgePorts } from '../../ports.ts';
import { type PlannedPass, plannedByConfig, plannedHold, readPlanned } from './planned-time.ts';

/** Whether a target is down now. */
export type IsDown = (target: string) => boolean;

export interface RoutingPorts extends Pick<JudgePorts, 'config' | 'channels'> {
  readonly isDown: IsDown;
  /** Absent where there are no windows and mutes. */
  readonly planned?: Pick<PlannedPass, 'planned'> | null;
}

export function routingContext({ config, channels, isDown, planned }: RoutingPorts): RoutingContext {
  const entries = entriesOf(config, channels);
  const tagsOf = (alert: Alert) => alertTarget(config, alert)?.tags ?? [];
  return {
    entries,
    tagsOf,
    isWithinHours,
    holdOf: (alert, now) => {
      const held = planned == null ? null : heldByPlan(planned, alert, tagsOf(alert), now);
      return held ?? holdByParent({ config, isDown, entries, tagsOf }, alert, now);
    },
    entriesNotHeld: (alert, { why, what }) =>
      why === 'behind' ? entries.filter((entry) => !isToldOf({ config, entries }, what, alert, entry)) : [],
  };
}

/** Alerts about the monitor itself are never held. A drill is: nobody is paged for it in a mute of everything. */
const OF_THE_MONITOR: readonly Alert['kind'][] = ['blind', 'undelivered', 'test'];

function heldByPlan(
  planned: Pick<PlannedPass, 'planned'>,
  alert: Alert,
  tags: readonly string[],
  now: number,
): Hold | null {
  if (OF_THE_MONITOR.includes(alert.kind) && !isDrill(alert)) return null;
  return plannedHold(planned, alert.subject, tags, now, Date.parse(alert.incident?.opened ?? alert.at));
}

/** The windows and mutes of this pass. If mutes cannot be read, only windows hold: rather a page too many than one too few. */
export async function plannedNow({ config, windows, now, log }: JudgePorts): Promise<PlannedPass> {
  if (windows === undefined) return plannedByConfig(config, now());
  try {
    return await readPlanned(config, windows, now());
  } catch (error) {
    log({ level: 'error', message: 'mutes not read', facts: { error: String(error) } });
    return plannedByConfig(config, now());
  }
}

/** The target that an alert is about; undefined if it is about something else. */
export function alertTarget({ targets }: Pick<Config, 'targets'>, { kind, subject, posture, bounces }: Alert) {
  if (kind === 'blind' || posture !== undefined || bounces !== undefined) return undefined;
  return targetsById(targets).get(subject);
}

type Targets = Config['targets'];
const byId = new WeakMap<Targets, ReadonlyMap<string, Targets[number]>>();

/** A config may have ten thousand, and each alert asks. */
function targetsById(targets: Targets): ReadonlyMap<string, Targets[number]> {
  const known = byId.get(targets) ?? new Map(targets.map((target) => [target.id, target]));
  byId.set(targets, known);
  return known;
}

interface Parents extends Pick<RoutingContext, 'entries' | 'tagsOf'> {
  readonly config: Config;
  readonly isDown: IsDown;
}

/** Only a parent whose outage is told to somebody holds what is behind it. */
function holdByParent(parents: Parents, alert: Alert, now: number): Hold | null {
  const target = alertTarget(parents.config, alert);
  if (target?.behind === undefined) return null;
  const parent = outermostDown(parents, target.behind);
  if (parent === null || !isTold(parents, parent, alert)) return null;
  return { why: 'behind', what: parent, since: isoSeconds(now), until: null };
}

/** The config has no circles. The outermost is the one that people are told of. */
function outermostDown(parents: Parents, behind: readonly string[]): string | null {
  const parent = behind.find(parents.isDown);
  if (parent === undefined) return null;
  const above = targetsById(parents.config.targets).get(parent)?.behind ?? [];
  return outermostDown(parents, above) ?? parent;
}

function isTold({ config, entries }: Pick<Parents, 'config' | 'entries'>, parent: string, alert: Alert): boolean {
  return entries.some((entry) => entry.place !== null && wantsOutageOf(config, parent, alert, entry));
}

function wantsOutageOf({ targets }: Config, parent: string, alert: Alert, entry: RoutedEntry): boolean {
  const outage: Alert = { ...alert, kind: 'down', subject: parent, is: 'down' };
  return exclusionOf(entry, outage, targetsById(targets).get(parent)?.tags ?? []) === null;
}

/** Whether the receiver of an entry is told of the outage of a parent no later than the entry is told of its alerts. */
function isToldOf(
  { config, entries }: Pick<Parents, 'config' | 'entries'>,
  parent: string,
  alert: Alert,
  { receiver, hours, after = 0, place }: RoutedEntry,
): boolean {
  if (place === null) return true;
  return entries.some((other) => {
    const isAsSoon = other.receiver === receiver && (other.after ?? 0) <= after;
    const isWithin = other.hours === undefined || JSON.stringify(other.hours) === JSON.stringify(hours);
    return isAsSoon && isWithin && wantsOutageOf(config, parent, alert, other);
  });
}
