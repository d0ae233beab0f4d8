import { between, span } from '../../lambda/alert/span.ts';
import { shown } from '../../lambda/alert/visible.ts';
import type { Verdict } from '../../lambda/consensus/verdict.ts';
import type { TimedPhase } from '../../lambda/smtp/sample.ts';
import type { Seen } from '../recent.ts';
import { type Cell, grid } from './grid.ts';
import { coloured } from './outcome.ts';
import type { Screen } from './screen.ts';
import { sparkline } from './sparkline.ts';
import { type Clock, timeText } from './times.ts';

/** How a target stands: its verdict, and what each vantage saw of it last. */
export interface Standing {
  readonly target: string;
  /** `unknown` where it has not been judged yet. */
  readonly verdict: Verdict;
  readonly since: string | null;
  readonly incident: string | null;
  /** By vantage; null where none of the recent rounds has the target. */
  readonly last: ReadonlyMap<string, Seen | null>;
  /** Samples of the last hours from all vantages. */
  readonly recent: readonly Seen[];
}

/** Phases that are told as one number, in the order in which they are added up. */
const STEPS: readonly (readonly TimedPhase[])[] = [
  ['dns', 'connect'],
  ['greeting'],
  ['ehlo'],
  ['starttls', 'tls', 'ehlo2'],
];

/** One line per target, and a legend. */
export function standingLines(
  standings: readonly Standing[],
  vantages: readonly string[],
  from: number,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const columns = [
    { title: 'TARGET' },
    { title: 'VERDICT' },
    { title: 'SINCE' },
    ...vantages.map((title) => ({ title })),
  ];
  const rows = standings.map((standing) => [
    ...headCells(standing, clock, screen),
    ...vantages.map((vantage) => seenCell(standing.last.get(vantage) ?? null, clock, screen)),
  ]);
  const [title = '', ...lines] = grid(columns, rows, screen);
  const sparks = standings.map(({ recent }) => sparkline(recent, from, clock.now, 24, screen));
  return [title, ...lines.map((line, at) => `${line}  ${sparks[at] ?? ''}`.trimEnd()), '', legend(screen)];
}

function legend({ paint, drawing }: Screen): string {
  const spark = drawing ? '; at the end the last three hours' : '';
  return paint.dim(`ms in all = dns and connect + greeting + EHLO + TLS, by each vantage's last probe${spark}`);
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

function seenCell(seen: Seen | null, clock: Clock, { paint }: Screen): Cell {
  if (seen === null) return { text: 'no recent probe', paint: paint.dim };
  const { sample, round } = seen;
  const age = clock.now - Date.parse(round);
  const text = `${sample.outcome === 'pass' ? passed(seen) : failed(seen)}${age > 300_000 ? ` (${span(age)} ago)` : ''}`;
  return { text, paint: (padded) => coloured(sample.outcome, padded, paint) };
}

/** `84 ms = 13+20+8+43`; a step that the session had not is left out. */
function passed({ sample: { total, timings } }: Seen): string {
  const steps = STEPS.map((phases) => phases.map((phase) => timings[phase]).filter((time) => time !== undefined));
  const sums = steps.filter((times) => times.length > 0).map((times) => times.reduce((sum, time) => sum + time, 0));
  return `${Math.round(total)} ms = ${sums.map((sum) => Math.round(sum)).join('+')}`;
}

function failed({ sample: { outcome, phase, code } }: Seen): string {
  return `${outcome} at ${phase ?? '?'}: ${shown(code ?? '?', 40)}`;
}
