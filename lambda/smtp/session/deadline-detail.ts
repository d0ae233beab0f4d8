/** Where the time of a probe went, for who reads that it was up. */

import type { TimedPhase } from '../sample/sample.ts';

/** Told of the phases before the present one, the slowest first. */
const PHASES_NAMED = 2;

/** `present`: the phase in which the time was up, and that says for itself how long it took. */
export function deadlineDetail(timings: Readonly<Partial<Record<TimedPhase, number>>>, current: TimedPhase): string {
  const before = (Object.entries(timings) as [TimedPhase, number][]).filter(([phase]) => phase !== current);
  const slowest = before.toSorted(([, a], [, b]) => b - a).slice(0, PHASES_NAMED);
  const spent = slowest.map(([phase, took]) => `${phase} ${secondsText(took)}`).join(', ');
  return `the probe's time was up${spent === '' ? '' : `, after ${spent}`}`;
}

export function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
