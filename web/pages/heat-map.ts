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
  return html`<table class="heat">${series.map(({ vantage, points }) => {
    const cells = points.flatMap(([at, , outcome]) => {
      const nth = column.get(at);
      return nth === undefined ? [] : [{ nth, at, outcome }];
    });
    const failed = cells.filter(({ outcome }) => outcome === 'fail').length;
    return html`<tr><th scope="row">${vantage}</th><td><svg width="${width}" height="${ROW}" viewBox="0 0 ${width} ${ROW}" preserveAspectRatio="none" role="img" aria-label="${cells.length} sessions, ${failed} failed">${runsOf(cells).flatMap((run) => runMarkup(run) ?? [])}</svg></td></tr>`;
  })}</table><p class="note">${utc(new Date(from).toISOString())} to ${utc(new Date(to).toISOString())}. High and red: failed; higher than green: warned; flat: the vantage could not probe; blank: no session.</p>`;
}

interface Cell {
  readonly nth: number;
  readonly at: number;
  readonly outcome: Outcome;
}

/** Neighbours with the same outcome, so that a page of three hours is not mostly cells. */
function runsOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const runs: Cell[][] = [];
  for (const cell of cells.toSorted((a, b) => a.nth - b.nth)) {
    const last = runs.at(-1)?.at(-1);
    if (last?.outcome === cell.outcome && last.nth + 1 === cell.nth) runs.at(-1)?.push(cell);
    else runs.push([cell]);
  }
  return runs;
}

function runMarkup(run: readonly Cell[]): Html | null {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return null;
  const height = HEIGHTS[first.outcome];
  const time = (at: number) => utc(new Date(at).toISOString());
  const times = run.length === 1 ? time(first.at) : `${time(first.at)} to ${time(last.at)}, ${run.length} sessions`;
  return html`<rect class="${first.outcome}" x="${first.nth * CELL}" y="${ROW - height}" width="${run.length * CELL - 1}" height="${height}"><title>${times}: ${first.outcome}</title></rect>`;
}
