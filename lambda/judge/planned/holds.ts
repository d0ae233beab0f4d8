/** What planned time holds in a pass of the judge. */
import { heldBy, type InForce, plannedAt } from '../../alert/windows/in-force.ts';
import type { Config } from '../../config/config.ts';
import type { Hold } from '../../consensus/judgement/again.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { WindowStore } from '../../history/windows/window-store.ts';
import type { JudgePorts } from '../../ports.ts';
import type { PassFailures } from '../pass/pass-failures.ts';
import { attempt } from '../pass/run-each-despite-errors.ts';
import { keepPlanned, type PlannedPass } from './keep-planned.ts';

/** Reads the mutes: one query. */
export async function readPlanned(
  { maintenance = [] }: Pick<Config, 'maintenance'>,
  store: WindowStore,
  now: number,
): Promise<PlannedPass> {
  const { mutes, inForce } = await store.mutes();
  return { planned: plannedAt(maintenance, mutes, now), last: inForce, mutes };
}

/** The ports of a pass in which planned time holds alerts, and what is to be kept of it. */
export interface HoldingPass {
  readonly ports: JudgePorts;
  keep(): Promise<unknown>;
}

/** If the mutes cannot be read, only the windows of the config hold: rather a page too many than one too few. */
export async function withHolds(ports: JudgePorts, failed: PassFailures): Promise<HoldingPass> {
  const { windows, config } = ports;
  const now = ports.now();
  const pass = windows === undefined ? null : await attempt('mutes', readPlanned(config, windows, now), failed);
  const planned = pass?.planned ?? plannedAt(config.maintenance ?? [], [], now);
  return {
    ports: { ...ports, holdOf: (alert, tags, at) => holdOfAlert(planned, alert, tags, at) },
    keep: async () => {
      if (windows === undefined || pass === null) return;
      await attempt('planned time', keepPlanned(config, windows, pass, now), failed);
    },
  };
}

/** Alerts about the monitor itself are never held. */
const OF_THE_MONITOR: readonly Alert['kind'][] = ['blind', 'undelivered', 'test'];

function holdOfAlert(planned: readonly InForce[], alert: Alert, tags: readonly string[], now: number): Hold | null {
  if (OF_THE_MONITOR.includes(alert.kind)) return null;
  const opened = Date.parse(alert.incident?.opened ?? alert.at);
  return plannedHold({ planned }, alert.subject, tags, now, opened);
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
