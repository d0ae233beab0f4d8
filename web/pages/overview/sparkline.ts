/** The session times of the last hours: a line by vantage, from zero up, with a tick where sessions failed. */

import type { LatencySeries } from '../../../lambda/reports/snapshot/snapshot.ts';
import { latencyText } from '../../history/latency-text.ts';
import { type Html, html } from '../../markup/html.ts';
import { maximum, minimum } from '../latency-chart.ts';
import { LINES } from '../marks.ts';

const WIDTH = 160;
const HEIGHT = 40;
/** Points of a line at most. A point is the mean of its sessions. */
const MOST_POINTS = 40;
/** Points without a session that do not interrupt a line: rounds are not evenly spaced. */
const BRIDGED = 2;

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
  const [from, to] = [minimum(points.map(([at]) => at)), maximum(points.map(([at]) => at))];
  // Times of nothing are at the foot.
  const high = Math.max(maximum(totals), Number.MIN_VALUE);
  const count = Math.min(MOST_POINTS, new Set(points.map(([at]) => at)).size);
  const lines = series.map((one) => slotsOf(one, { from, to, count }));
  const failed = Array.from({ length: count }, (_, nth) => lines.some((slots) => slots[nth]?.hasFailed));
  const ticks = failed.map((has, nth) => (has ? `M${placeOf(nth, count)} ${HEIGHT}v-6` : '')).join('');
  const label = `Session time by vantage in the last hours, at most ${latencyText(high)}`;
  return html`<figure class="sparkline"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${lines.map((slots, nth) => html`<path class="line line${nth % LINES}" d="${pathOf(slots, high)}"/>`)}${ticks === '' ? null : html`<path class="failed" d="${ticks}"/>`}</svg><figcaption>to ${latencyText(high)}</figcaption></figure>`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function slotsOf({ points }: LatencySeries, { from, to, count }: Scale): readonly Slot[] {
  const slots = Array.from({ length: count }, () => ({ sum: 0, passed: 0, hasFailed: false }));
  for (const [at, total, outcome] of points) {
    const slot = slots[Math.min(count - 1, Math.floor(((at - from) / Math.max(1, to - from)) * count))];
    if (slot === undefined) continue;
    if (total !== null) slot.sum += total;
    if (total !== null) slot.passed++;
    if (outcome === 'fail') slot.hasFailed = true;
  }
  return slots.map(({ sum, passed, hasFailed }) => ({ mean: passed === 0 ? null : sum / passed, hasFailed }));
}

function placeOf(nth: number, count: number): number {
  return Math.round(((nth + 0.5) / count) * WIDTH);
}

/** Failures, and a longer time without a session, interrupt the line. A point that stands alone is a short stroke. */
function pathOf(slots: readonly Slot[], high: number): string {
  const known = slots.flatMap(({ mean }, nth) => (mean === null ? [] : [{ nth, mean }]));
  const isJoined = (one: number | undefined, other: number | undefined) =>
    one !== undefined &&
    other !== undefined &&
    other - one <= BRIDGED + 1 &&
    !slots.slice(one + 1, other).some(({ hasFailed }) => hasFailed);
  return known
    .map(({ nth, mean }, place) => {
      const [x, y] = [placeOf(nth, slots.length), Math.round(HEIGHT - 2 - (mean / high) * (HEIGHT - 4))];
      if (isJoined(known[place - 1]?.nth, nth)) return `L${x} ${y}`;
      return isJoined(nth, known[place + 1]?.nth) ? `M${x} ${y}` : `M${x - 1} ${y}h2`;
    })
    .join('');
}
