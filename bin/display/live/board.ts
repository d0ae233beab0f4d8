import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import type { IncidentNotice } from '../../../lambda/reports/status/incident-notices.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { type Cell, gridBlocks } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Paint, Screen } from '../layout/screen.ts';
import { firstThatFits } from '../layout/text-width.ts';
import { stepsText } from '../layout/timing-steps.ts';
import { wrapText } from '../layout/wrap.ts';

/** One round as a table, with a row per target and a column per vantage. */
export interface Board {
  /** Name of the round, ISO UTC. */
  readonly round: string;
  readonly number: number;
  readonly vantages: readonly string[];
  readonly rows: readonly BoardRow[];
  /** What is held, and who acknowledged. Absent if nothing is. */
  readonly notices?: readonly IncidentNotice[];
}

export interface BoardRow {
  readonly target: string;
  /** Host and port. */
  readonly where: string;
  /** By vantage; without the vantages that did not finish in this round. */
  readonly samples: ReadonlyMap<string, Sample>;
  readonly judgement: Judgement | null;
}

const MARKS = {
  drawn: { pass: '✓', warn: '!', fail: '✗', unable: '?' },
  plain: { pass: 'pass', warn: 'WARN', fail: 'FAIL', unable: 'UNABLE' },
} as const;

/** How much of a row is shown. */
interface Layout {
  /** Host and port. */
  readonly where: boolean;
  readonly cell: (sample: Sample, screen: Screen) => string;
}

/** From the widest to the narrowest. */
const LAYOUTS: readonly Layout[] = [
  { where: true, cell: sampleText },
  { where: false, cell: sampleText },
  { where: false, cell: shortText },
];

/** The lines of one round: a row per target, and below it the steps of its slowest session, which add up. */
export function boardLines(board: Board, screen: Screen): readonly string[] {
  const { paint } = screen;
  const title = `${board.round.slice(11, 19)} UTC  round ${board.number}`;
  const linesOf = (layout: Layout, on: Screen) => tableLines(board, layout, on);
  return [paint.bold(title), ...firstThatFits(LAYOUTS, linesOf, screen).lines];
}

function tableLines({ rows, vantages }: Board, layout: Layout, screen: Screen): readonly string[] {
  const titles = ['TARGET', layout.where ? 'SERVER' : '', ...vantages, 'VERDICT'];
  const [head = [], ...blocks] = gridBlocks(
    titles.map((title) => ({ title })),
    rows.map((row) => [
      { text: safeText(row.target, 40), paint: screen.paint.bold },
      { text: layout.where ? safeText(row.where, 60) : '', paint: screen.paint.dim },
      ...vantages.map((vantage) => sampleCell(row.samples.get(vantage), layout, screen)),
      verdictCell(row, vantages, screen.paint),
    ]),
    screen,
  );
  return [...head, ...blocks.flatMap((lines, at) => [...lines, ...slowestLines(rows[at], screen)])];
}

/** `slowest eu-west-1: 124 ms = connect 13 + greeting 101 + ehlo 10`; nothing if no session was complete. */
function slowestLines(row: BoardRow | undefined, { paint, width }: Screen): readonly string[] {
  const passed = [...(row?.samples ?? [])].filter(([, { outcome }]) => outcome === 'pass' || outcome === 'warn');
  const [first, ...rest] = passed;
  if (first === undefined) return [];
  const [vantage, sample] = rest.reduce((most, one) => (one[1].total > most[1].total ? one : most), first);
  const from = passed.length === 1 ? '' : `slowest ${safeText(vantage, 40)}: `;
  return wrapText(`${from}${stepsText(sample)}`, width - 4).map((line) => paint.dim(`    ${line}`));
}

function sampleCell(sample: Sample | undefined, { cell }: Layout, screen: Screen): Cell {
  if (!sample) return { text: screen.drawing ? '·' : '-', paint: screen.paint.dim };
  return {
    text: cell(sample, screen),
    paint: (padded) => colourText(sample.outcome, padded, screen.paint),
  };
}

function sampleText(sample: Sample, screen: Screen): string {
  if (sample.outcome === 'pass') return `${markOf(sample, screen)} ${sample.total.toFixed(1)} ms`;
  const code = /^\d{3}/.exec(sample.reply ?? '')?.[0];
  return safeText([markOf(sample, screen), sample.phase, code].filter(Boolean).join(' '));
}

function shortText(sample: Sample, screen: Screen): string {
  const text = sample.outcome === 'pass' ? `${Math.round(sample.total)} ms` : safeText(sample.phase ?? '');
  return `${markOf(sample, screen)} ${text}`;
}

function markOf({ outcome }: Sample, { drawing }: Screen): string {
  return MARKS[drawing ? 'drawn' : 'plain'][outcome];
}

/** The verdict, and the number of failing vantages. A failing minority is shown here, although it causes no alert. */
function verdictCell({ judgement, samples }: BoardRow, vantages: readonly string[], paint: Paint): Cell {
  const verdict = judgement?.verdict ?? 'unknown';
  const failing = [...samples.values()].filter(({ outcome }) => outcome === 'fail').length;
  const text = verdict === 'down' ? 'DOWN' : verdict;
  return {
    text: failing === 0 ? text : `${text}, ${failing} of ${vantages.length} fail`,
    paint: (padded) => colourText(verdict, padded, paint),
  };
}
