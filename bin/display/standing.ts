import { stripVTControlCharacters } from 'node:util';
import { between, span } from '../../lambda/alert/span.ts';
import { shown } from '../../lambda/alert/visible.ts';
import type { Verdict } from '../../lambda/consensus/verdict.ts';
import type { Sighting } from '../../lambda/history/rollup.ts';
import type { TimedPhase } from '../../lambda/smtp/sample.ts';
import { highest, lowest } from './extremes.ts';
import { type Cell, grid } from './grid.ts';
import { coloured } from './outcome.ts';
import type { Screen } from './screen.ts';
import { sparkline } from './sparkline.ts';
import { type Clock, timeText } from './times.ts';
import { wrapped } from './wrap.ts';

/** How a target stands: its verdict, and what each vantage saw of it last. */
export interface Standing {
  readonly target: string;
  /** `unknown` where it has not been judged yet. */
  readonly verdict: Verdict;
  readonly since: string | null;
  readonly incident: string | null;
  /** By vantage; null where none of the recent rounds has the target. */
  readonly last: ReadonlyMap<string, Sighting | null>;
  /** Samples of the last hours from all vantages. */
  readonly recent: readonly Sighting[];
}

/** Phases that are told as one number, in the order in which they are added up. */
const STEPS: readonly (readonly TimedPhase[])[] = [
  ['dns', 'connect'],
  ['greeting'],
  ['ehlo'],
  ['starttls', 'tls', 'ehlo2'],
  ['auth', 'mail', 'rcpt', 'data'],
];

/** One line per target, and a legend. Where the lines would not fit, steps are left out, then the line of outcomes. */
export function standingLines(
  standings: readonly Standing[],
  vantages: readonly string[],
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const times = standings.flatMap(({ recent }) => recent.map(({ round }) => Date.parse(round)));
  const from = lowest(times, clock.now - 1);
  const long = targetLines(standings, vantages, clock, screen, passed);
  const fits = !screen.drawing || widthOf(long) <= screen.width;
  const [title = '', ...lines] = fits ? long : targetLines(standings, vantages, clock, screen, inAll);
  const room = Math.min(24, screen.width - widthOf([title, ...lines]) - 2);
  const sparks = standings.map(({ recent }) => (room < 8 ? '' : sparkline(recent, from, clock.now, room, screen)));
  const table = lines.map((line, at) => (sparks[at] ? `${padded(line, widthOf(lines))}  ${sparks[at]}` : line));
  return [title, ...table, '', ...legend(fits, sparks[0] ? clock.now - from : null, screen)];
}

function targetLines(
  standings: readonly Standing[],
  vantages: readonly string[],
  clock: Clock,
  screen: Screen,
  timing: (seen: Sighting) => string,
): readonly string[] {
  const titles = ['TARGET', 'VERDICT', 'SINCE', ...vantages];
  const rows = standings.map((standing) => [
    ...headCells(standing, clock, screen),
    ...vantages.map((vantage) => seenCell(standing.last.get(vantage) ?? null, clock, screen, timing)),
  ]);
  return grid(
    titles.map((title) => ({ title })),
    rows,
    screen,
  );
}

/** Columns of the widest line; colour takes none. */
function widthOf(lines: readonly string[]): number {
  return highest(
    lines.map((line) => stripVTControlCharacters(line).length),
    0,
  );
}

function padded(line: string, width: number): string {
  return line + ' '.repeat(width - widthOf([line]));
}

function legend(steps: boolean, length: number | null, { paint, width }: Screen): readonly string[] {
  const sums = steps ? ' = dns and connect + greeting + EHLO + TLS + AUTH and mail' : '';
  const spark = length === null ? '' : `; at the end the last ${span(length)}`;
  return wrapped(`ms in all${sums}, by each vantage's last probe${spark}`, width).map(paint.dim);
}

function headCells({ target, verdict, since }: Standing, clock: Clock, { paint }: Screen): readonly Cell[] {
  const lasted = since === null ? null : between(since, new Date(clock.now).toISOString());
  const text = since === null ? '' : `${timeText(since, clock)} (${span(lasted ?? 0)})`;
  return [
    { text: shown(target, 40), paint: paint.bold },
    { text: verdict.toUpperCase(), paint: (padded) => coloured(verdict, padded, paint) },
    { text },
  ];
}

function seenCell(seen: Sighting | null, clock: Clock, { paint }: Screen, timing: (seen: Sighting) => string): Cell {
  if (seen === null) return { text: 'no recent probe', paint: paint.dim };
  const { sample, round } = seen;
  const age = clock.now - Date.parse(round);
  const text = `${sample.outcome === 'pass' ? timing(seen) : failed(seen)}${age > 300_000 ? ` (${span(age)} ago)` : ''}`;
  return { text, paint: (padded) => coloured(sample.outcome, padded, paint) };
}

/** `84 ms = 13+20+8+43`; a step that the session had not is left out. */
function passed({ sample: { total, timings } }: Sighting): string {
  const steps = STEPS.map((phases) => phases.map((phase) => timings[phase]).filter((time) => time !== undefined));
  const sums = steps.filter((times) => times.length > 0).map((times) => times.reduce((sum, time) => sum + time, 0));
  return `${Math.round(total)} ms = ${sums.map((sum) => Math.round(sum)).join('+')}`;
}

function inAll({ sample }: Sighting): string {
  return `${Math.round(sample.total)} ms`;
}

function failed({ sample: { outcome, phase, code } }: Sighting): string {
  return `${outcome} at ${phase ?? '?'}: ${shown(code ?? '?', 40)}`;
}
