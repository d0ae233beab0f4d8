/** The detail of a finding at the deadline of the probe: the slowest phases. */

import type { TimedPhase } from '../sample/sample.ts';

/** Number of earlier phases that are named, slowest first. */
const PHASES_NAMED = 2;

/** `current`: the phase at the deadline, whose time is reported elsewhere. */
export function deadlineDetail(timings: Readonly<Partial<Record<TimedPhase, number>>>, current: TimedPhase): string {
  const before = (Object.entries(timings) as [TimedPhase, number][]).filter(([phase]) => phase !== current);
  const slowest = before.toSorted(([, a], [, b]) => b - a).slice(0, PHASES_NAMED);
  const spent = slowest.map(([phase, took]) => `${phase} ${secondsText(took)}`).join(', ');
  return `the probe's time was up${spent === '' ? '' : `, after ${spent}`}`;
}

export function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
