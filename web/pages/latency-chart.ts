/** The latency of the last hours as a line per vantage. */

import type { LatencySeries } from '../../lambda/reports/snapshot/snapshot.ts';
import { latencyText } from '../history/latency-text.ts';
import { type Html, html } from '../markup/html.ts';
import { LINES } from './marks.ts';

const WIDTH = 240;
const HEIGHT = 40;

export function latencyChart(series: readonly LatencySeries[]): Html | null {
  const points = series.flatMap((one) => one.points);
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  if (values.length < 2) return null;
  const times = points.map(([at]) => at);
  const [from, to] = [minimum(times), maximum(times)];
  const [low, high] = [minimum(values), maximum(values)];
  const x = (at: number) => short(to === from ? 0 : ((at - from) / (to - from)) * WIDTH);
  const y = (value: number) => short(HEIGHT - 3 - (high === low ? 0.5 : (value - low) / (high - low)) * (HEIGHT - 6));
  const label = `Session time by vantage, ${latencyText(low)} to ${latencyText(high)}`;
  return html`<figure class="latency"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${series.map((one, nth) => html`<path class="line line${nth % LINES}" d="${pathOf(one, x, y)}"><title>${one.vantage}</title></path>`)}</svg><figcaption>${latencyText(low)} to ${latencyText(high)}</figcaption></figure>`;
}

/** A round that did not pass interrupts the line. */
function pathOf({ points }: LatencySeries, x: (at: number) => string, y: (value: number) => string): string {
  let pen = 'M';
  return points
    .map(([at, value]) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x(at)} ${y(value)}`;
      pen = 'L';
      return step;
    })
    .join('');
}

export function minimum(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

export function maximum(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}

function short(length: number): string {
  return String(Math.round(length * 10) / 10);
}
