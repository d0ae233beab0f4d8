import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText, millisecondsBetween } from '../../../lambda/alert/words/time-text.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import type { TargetStatus } from '../../../lambda/reports/status/target-status.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import { lowest } from '../layout/numbers.ts';
import { colourText, worstOutcome } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { firstThatFits, widthOf } from '../layout/text-width.ts';
import { timeParts, timeText } from '../layout/times.ts';
import { stepsText } from '../layout/timing-steps.ts';
import { wrapText } from '../layout/wrap.ts';
import { sparkline } from './sample-sparkline.ts';

/** A layout of the line of a target. */
interface Layout {
  /** One column per vantage, or one column for all of them. */
  readonly columns: 'each' | 'one';
  readonly since: (since: string, clock: Clock) => string;
  readonly passed: (last: VantageSample) => string;
  readonly failed: (last: VantageSample) => string;
  /** Explains the figures. */
  readonly legend: string;
}

const WIDE: Omit<Layout, 'since'> = {
  columns: 'each',
  passed,
  failed: ({ sample: { outcome, phase, code } }) => `${outcome} at ${phase ?? '?'}: ${safeText(code ?? '?', 40)}`,
  legend: 'last sample of each vantage; connect has DNS; tls has STARTTLS and its EHLO; mail has AUTH',
};

const TOTALS = { ...WIDE, passed: totalOnly, legend: 'total ms in the last sample of each vantage' };

/** Includes the full time, because piped output can be read on another day. */
const PIPED: readonly Layout[] = [
  { ...WIDE, since: (since, clock) => `${timeText(since, clock)} (${ago(since, clock)})` },
];

/** From the widest to the narrowest. Narrower layouts omit codes, then steps, then the columns of vantages. */
const DRAWN: readonly Layout[] = [
  { ...WIDE, since: sinceText },
  { ...WIDE, since: sinceText, failed: failedShort },
  { ...TOTALS, since: sinceText },
  { ...TOTALS, since: sinceText, failed: failedShort },
  {
    columns: 'one',
    since: ago,
    passed: ({ sample: { total } }) => String(Math.round(total)),
    failed: ({ sample: { outcome } }) => outcome,
    legend: 'total ms in the last sample of each vantage',
  },
];

/** Width of the sparkline in columns. */
const SPARK = { least: 8, most: 24 };

/** One line per target, and a legend. */
export function targetStatusLines(
  statuses: readonly TargetStatus[],
  vantages: readonly string[],
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const times = statuses.flatMap(({ recent }) => recent.map(({ round }) => Date.parse(round)));
  const from = lowest(times, clock.now - 1);
  const linesOf = (layout: Layout, on: Screen) => targetLines(statuses, vantages, clock, on, layout);
  const spare = times.length === 0 ? 0 : SPARK.least + 2;
  const { layout, lines } = firstThatFits(isBounded(screen) ? DRAWN : PIPED, linesOf, screen, spare);
  const [title = '', ...rest] = lines;
  const room = Math.min(SPARK.most, screen.width - widthOf(lines) - 2);
  const withSparkline = times.length > 0 && screen.drawing && room >= SPARK.least;
  const sparks = statuses.map(({ recent }) => (withSparkline ? sparkline(recent, from, clock.now, room, screen) : ''));
  const table = rest.map((line, at) => (sparks[at] ? `${padded(line, widthOf(lines))}  ${sparks[at]}` : line));
  return [title, ...table, '', ...legend(layout, vantages, withSparkline ? clock.now - from : null, clock, screen)];
}

function targetLines(
  statuses: readonly TargetStatus[],
  vantages: readonly string[],
  clock: Clock,
  screen: Screen,
  layout: Layout,
): readonly string[] {
  const narrow = layout.columns === 'one';
  const columns: readonly GridColumn[] = [
    narrow ? { title: 'TARGET', shrinks: true } : { title: 'TARGET' },
    ...['VERDICT', 'SINCE', ...(narrow ? ['PROBES'] : vantages)].map((title) => ({ title })),
  ];
  const rows = statuses.map((status) => {
    const samples = vantages.map((vantage) => status.last.get(vantage) ?? null);
    const cells = narrow
      ? [combinedCell(samples, clock, screen, layout)]
      : samples.map((one) => lastCell(one, clock, screen, layout));
    return [...headCells(status, clock, screen, layout), ...cells];
  });
  return grid(columns, rows, screen);
}

function padded(line: string, width: number): string {
  return line + ' '.repeat(width - widthOf([line]));
}

function legend(
  layout: Layout,
  vantages: readonly string[],
  length: number | null,
  clock: Clock,
  { paint, width, drawing }: Screen,
): readonly string[] {
  const order = layout.columns === 'one' ? `: ${vantages.map((vantage) => safeText(vantage, 40)).join(', ')}` : '';
  const spark = length === null ? '' : `; sparkline: last ${durationText(length)}`;
  const zone = drawing && layout.since === sinceText ? `; times in ${timeParts(clock.now, clock)?.zone}` : '';
  return wrapText(`${layout.legend}${order}${spark}${zone}`, width).map(paint.dim);
}

/** `12 min (07:08)`; without the time if it was not today. */
function sinceText(since: string, clock: Clock): string {
  const [then, today] = [timeParts(since, clock), timeParts(clock.now, clock)];
  return then?.date === today?.date ? `${ago(since, clock)} (${then?.time.slice(0, 5)})` : ago(since, clock);
}

function ago(since: string, { now }: Clock): string {
  return durationText(millisecondsBetween(since, new Date(now).toISOString()) ?? 0);
}

function headCells(
  { target, verdict, since }: TargetStatus,
  clock: Clock,
  { paint }: Screen,
  layout: Layout,
): readonly Cell[] {
  return [
    { text: safeText(target, 40), paint: paint.bold },
    { text: verdict.toUpperCase(), paint: (padded) => colourText(verdict, padded, paint) },
    { text: since === null ? '' : layout.since(since, clock) },
  ];
}

/** A sample older than this is printed with its age. */
const STALE = 300_000;

function ageOf({ round }: VantageSample, { now }: Clock): number {
  return now - Date.parse(round);
}

function lastCell(last: VantageSample | null, clock: Clock, { paint }: Screen, layout: Layout): Cell {
  if (last === null) return { text: 'no recent sample', paint: paint.dim };
  const age = ageOf(last, clock);
  const text = `${outcomeText(last, layout)}${age > STALE ? ` (${durationText(age)} ago)` : ''}`;
  return { text, paint: (padded) => colourText(last.sample.outcome, padded, paint) };
}

/** `84 fail 102`: in the order of the vantages; `-` without a recent sample. */
function combinedCell(all: readonly (VantageSample | null)[], clock: Clock, { paint }: Screen, layout: Layout): Cell {
  const recent = all.map((last) => (last === null || ageOf(last, clock) > STALE ? null : last));
  const text = recent.map((last) => (last === null ? '-' : outcomeText(last, layout))).join(' ');
  const worst: Outcome | null = worstOutcome(recent.flatMap((last) => last?.sample.outcome ?? []));
  return { text, paint: (padded) => (worst === null ? paint.dim(padded) : colourText(worst, padded, paint)) };
}

function outcomeText(last: VantageSample, { passed: passedText, failed }: Layout): string {
  return last.sample.outcome === 'pass' ? passedText(last) : failed(last);
}

function passed({ sample }: VantageSample): string {
  return stepsText(sample);
}

function totalOnly({ sample }: VantageSample): string {
  return `${Math.round(sample.total)} ms`;
}

function failedShort({ sample: { outcome, phase } }: VantageSample): string {
  return `${outcome}: ${phase ?? '?'}`;
}
