/** The session times of the last hours: a line by vantage, from zero up, with a tick where sessions failed. */

import type { LatencySeries } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { roundedTime } from '../latency-chart.ts';

const WIDTH = 160;
const HEIGHT = 40;
/** Points of a line. A point is the mean of its sessions. */
const POINTS = 40;
const STEP = WIDTH / POINTS;

/** Lines differ in colour and in dashes. */
export const LINES = 5;

/** A part of the time: what its sessions took, and whether one failed. */
interface Slot {
  readonly mean: number | null;
  readonly hasFailed: boolean;
}

/** Null if fewer than two sessions passed. */
export function latencySparkline(series: readonly LatencySeries[]): Html | null {
  const points = series.flatMap((one) => one.points);
  const totals = points.flatMap(([, total]) => total ?? []);
  if (totals.length < 2) return null;
  const [from, to] = [least(points.map(([at]) => at)), greatest(points.map(([at]) => at))];
  const high = greatest(totals);
  const lines = series.map((one) => slotsOf(one, from, to));
  const failed = Array.from({ length: POINTS }, (_, nth) => lines.some((slots) => slots[nth]?.hasFailed));
  const ticks = failed.map((has, nth) => (has ? `M${nth * STEP + STEP / 2} ${HEIGHT}v-6` : '')).join('');
  const label = `Session time by vantage in the last hours, at most ${roundedTime(high)}`;
  return html`<figure class="sparkline"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${lines.map((slots, nth) => html`<path class="line line${nth % LINES}" d="${pathOf(slots, high)}"/>`)}${ticks === '' ? null : html`<path class="failed" d="${ticks}"/>`}</svg><figcaption>to ${roundedTime(high)}</figcaption></figure>`;
}

function slotsOf({ points }: LatencySeries, from: number, to: number): readonly Slot[] {
  const slots = Array.from({ length: POINTS }, () => ({ sum: 0, count: 0, hasFailed: false }));
  for (const [at, total, outcome] of points) {
    const slot = slots[Math.min(POINTS - 1, Math.floor(((at - from) / Math.max(1, to - from)) * POINTS))];
    if (slot === undefined) continue;
    if (total !== null) slot.sum += total;
    if (total !== null) slot.count++;
    if (outcome === 'fail') slot.hasFailed = true;
  }
  return slots.map(({ sum, count, hasFailed }) => ({ mean: count === 0 ? null : sum / count, hasFailed }));
}

/** A part without a session that passed interrupts the line. One that stands alone is a short stroke. */
function pathOf(slots: readonly Slot[], high: number): string {
  let last: number | null = null;
  return slots
    .map(({ mean }, nth) => {
      const before = last;
      last = mean === null ? null : Math.round(HEIGHT - 2 - (mean / high) * (HEIGHT - 4));
      if (last === null) return '';
      const x = nth * STEP + STEP / 2;
      if (before !== null) return `L${x} ${last}`;
      return slots[nth + 1]?.mean == null ? `M${x - 1} ${last}h2` : `M${x} ${last}`;
    })
    .join('');
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
