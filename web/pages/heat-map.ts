/** Rounds beside each other, vantages below each other: the outcome of each session of the last hours. */

import type { LatencySeries } from '../../lambda/reports/snapshot/snapshot.ts';
import type { Outcome } from '../../lambda/smtp/sample/sample.ts';
import { type Html, html } from '../markup/html.ts';
import { utc } from './words.ts';

const CELL = 6;
const ROW = 18;
/** Rounds that fit. Of more, the newest are shown. */
const MOST_ROUNDS = 200;

/** Rows of another height, so that the colour is not the only sign. */
const HEIGHTS: Readonly<Record<Outcome, number>> = { pass: 6, warn: 10, fail: 16, unable: 3 };

export function heatMap(series: readonly LatencySeries[]): Html | null {
  const all = new Set(series.flatMap(({ points }) => points.map(([at]) => at)));
  const rounds = [...all].toSorted((a, b) => a - b).slice(-MOST_ROUNDS);
  if (rounds.length === 0) return null;
  const column = new Map(rounds.map((at, nth) => [at, nth]));
  const width = rounds.length * CELL;
  const [from = 0, to = 0] = [rounds[0], rounds.at(-1)];
  return html`<div class="scroll"><table class="heat">${series.map(({ vantage, points }) => {
    const cells = points.flatMap(([at, , outcome]) => {
      const nth = column.get(at);
      return nth === undefined ? [] : [cell(nth, at, outcome)];
    });
    const failed = points.filter(([, , outcome]) => outcome === 'fail').length;
    return html`<tr><th scope="row">${vantage}</th><td><svg width="${width}" height="${ROW}" viewBox="0 0 ${width} ${ROW}" role="img" aria-label="${cells.length} sessions, ${failed} failed">${cells}</svg></td></tr>`;
  })}</table></div><p class="note">${utc(new Date(from).toISOString())} to ${utc(new Date(to).toISOString())}. High and red: failed; higher than green: warned; flat: the vantage could not probe; blank: no session.</p>`;
}

function cell(nth: number, at: number, outcome: Outcome): Html {
  const height = HEIGHTS[outcome];
  return html`<rect class="${outcome}" x="${nth * CELL}" y="${ROW - height}" width="${CELL - 1}" height="${height}"><title>${utc(new Date(at).toISOString())}: ${outcome}</title></rect>`;
}
