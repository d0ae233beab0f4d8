import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement.ts';
import type { Sample, TimedPhase } from '../../../lambda/smtp/sample/sample.ts';
import { highest } from '../layout/extremes.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Paint, Screen } from '../layout/screen.ts';

/** One round as a table, with a row per target and a column per vantage. */
export interface Board {
  /** Name of the round, ISO UTC. */
  readonly round: string;
  readonly number: number;
  readonly vantages: readonly string[];
  readonly rows: readonly BoardRow[];
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

/** The lines of one round. */
export function boardLines(board: Board, screen: Screen): readonly string[] {
  const { paint } = screen;
  const widths = columnWidths(board);
  const head = [
    cell('', widths.target + 2 + widths.where),
    ...board.vantages.map((name) => cell(name, widths.vantage)),
    'verdict',
  ].join('  ');
  const title = `${board.round.slice(11, 19)} UTC  round ${board.number}`;
  return [
    paint.bold(title) + paint.dim(head.slice(title.length)),
    ...board.rows.flatMap((row) => rowLines(row, board.vantages, widths, screen)),
  ];
}

interface Widths {
  readonly target: number;
  readonly where: number;
  readonly vantage: number;
}

function columnWidths({ rows, vantages }: Board): Widths {
  const longest = (texts: readonly string[], least: number) =>
    highest(
      texts.map((text) => text.length),
      least,
    );
  return {
    target: longest(
      rows.map(({ target }) => target),
      8,
    ),
    where: longest(
      rows.map(({ where }) => where),
      16,
    ),
    vantage: longest(vantages, 17),
  };
}

function rowLines(row: BoardRow, vantages: readonly string[], widths: Widths, screen: Screen): readonly string[] {
  const { paint } = screen;
  const cells = vantages.map((vantage) => sampleCell(row.samples.get(vantage), widths.vantage, screen));
  const name = [paint.bold(cell(row.target, widths.target)), paint.dim(cell(row.where, widths.where))];
  const line = [...name, ...cells, verdictCell(row, vantages, paint)].join('  ');
  const phases = phaseTimings([...row.samples.values()]);
  return phases === '' ? [line] : [line, paint.dim(`${' '.repeat(widths.target + 2)}${phases}`)];
}

function sampleCell(sample: Sample | undefined, width: number, { paint, drawing }: Screen): string {
  if (!sample) return paint.dim(cell(drawing ? '·' : '-', width));
  const mark = MARKS[drawing ? 'drawn' : 'plain'][sample.outcome];
  const code = /^\d{3}/.exec(sample.reply ?? '')?.[0];
  const text =
    sample.outcome === 'pass' ? `${sample.total.toFixed(1)} ms` : [sample.phase, code].filter(Boolean).join(' ');
  return colourText(sample.outcome, cell(`${mark} ${safeText(text)}`, width), paint);
}

/** The verdict, and the number of failing vantages. A failing minority is shown here, although it causes no alert. */
function verdictCell({ judgement, samples }: BoardRow, vantages: readonly string[], paint: Paint): string {
  const verdict = judgement?.verdict ?? 'unknown';
  const word = colourText(verdict, verdict === 'down' ? paint.bold('DOWN') : verdict, paint);
  const failing = [...samples.values()].filter(({ outcome }) => outcome === 'fail').length;
  return failing === 0 ? word : `${word}  ${paint.dim(`${failing} of ${vantages.length} fail`)}`;
}

/** `connect 0.3 · greeting 1.1 · … ms`: the median of the vantages, phase by phase. */
function phaseTimings(samples: readonly Sample[]): string {
  const phases = new Set(samples.flatMap((sample) => Object.keys(sample.timings) as TimedPhase[]));
  const medians = [...phases].map((phase) => {
    const times = samples.map((sample) => sample.timings[phase]).filter((time) => time !== undefined);
    return `${phase} ${median(times).toFixed(1)}`;
  });
  return medians.length === 0 ? '' : `${medians.join(' · ')} ms`;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function cell(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
