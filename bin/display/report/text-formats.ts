import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { nextHour, startOfHour } from '../../../lambda/history/rollup/hour-and-day-names.ts';
import type { MonthReport } from '../../../lambda/reports/uptime/month-report.ts';
import type { Uptime } from '../../../lambda/reports/uptime/uptime.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { csv } from '../layout/csv.ts';
import { firstThatFits } from '../layout/fit-width.ts';
import { type Cell, gridBlocks } from '../layout/grid.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';
import { gapLines } from '../tables/gaps.ts';
import { burnPercent, TITLES, type Title, uptimeFigures } from './figures.ts';

/** A line per gap. */
export function reportGapLines({ gaps }: MonthReport): readonly string[] {
  return gapLines(gaps, { now: 0, utc: true });
}

/** Columns of the table, from the widest layout to the narrowest. Lines below each target have the other figures. */
const LAYOUTS: readonly (readonly Title[])[] = [
  TITLES.slice(0, -1),
  ['Target', 'Uptime', 'Down', 'Outages', 'Objective', 'Budget left', 'Burn'],
  ['Target', 'Uptime', 'Outages', 'Objective', 'Burn'],
];

export function asText(report: MonthReport, screen: Screen): string {
  const { month, targets } = report;
  const { lines } = firstThatFits(LAYOUTS, (titles, on) => linesOf(targets, titles, on), screen);
  const gaps = reportGapLines(report)
    .flatMap((line) => wrapText(line, screen.width))
    .map((line) => screen.paint.yellow(line));
  return `${[screen.paint.bold(`Uptime ${month} (UTC)`), '', ...lines, ...gaps].join('\n')}\n`;
}

function linesOf(targets: readonly Uptime[], titles: readonly Title[], screen: Screen): readonly string[] {
  const columns = titles.map((title) => ({ title: title.toUpperCase() }));
  const figures = targets.map(
    (target) => new Map(uptimeFigures(target).map((text, at) => [TITLES[at] as Title, text])),
  );
  const rows = targets.map((target, at) =>
    titles.map((title) => cellOf(figures[at]?.get(title) ?? '', title, target, screen)),
  );
  const [head = [], ...blocks] = gridBlocks(columns, rows, screen);
  return [
    ...head,
    ...blocks.flatMap((lines, at) => [...lines, ...restLines(figures[at] ?? new Map(), titles, screen)]),
  ];
}

/** The figures without a column: `degraded 3 min; worst hours (UTC) 11-22 05:00 (12 min)`. */
function restLines(figures: ReadonlyMap<Title, string>, titles: readonly Title[], screen: Screen): readonly string[] {
  const remaining = TITLES.filter((title) => !titles.includes(title) && !['', '-'].includes(figures.get(title) ?? ''));
  if (remaining.length === 0) return [];
  const text = remaining.map((title) => `${title[0]?.toLowerCase()}${title.slice(1)} ${figures.get(title)}`).join('; ');
  const lines = isBounded(screen) ? wrapText(text, screen.width - 2) : [text];
  return lines.map((line) => `  ${screen.paint.dim(escapeForDisplay(line))}`);
}

function cellOf(text: string, title: Title, { objective }: Uptime, { paint }: Screen): Cell {
  const safe = escapeForDisplay(text);
  if (title !== 'Uptime' || objective === null) return { text: safe };
  return { text: safe, paint: objective.remaining < 0 ? paint.red : paint.green };
}

export function asMarkdown(report: MonthReport): string {
  const { month, targets } = report;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [row(TITLES), row(TITLES.map((_, at) => (at === 0 || at === TITLES.length - 1 ? '---' : '---:')))];
  const rows = targets.map((target) => row(uptimeFigures(target).map(escapeForDisplay)));
  const gaps = reportGapLines(report).map((line) => `\n${line}\n`);
  return `# Uptime ${month}\n\n${[...head, ...rows].join('\n')}\n${gaps.join('')}`;
}

const FIELDS = ['month', 'target', 'uptime', 'down', 'degraded', 'unknown', 'outages', 'to_detect', 'to_repair'];

/** Lengths in seconds, shares in percent. Worst hours are `2026-11-22T05:00:00Z 720`, separated by semicolons. */
export function asCsv({ month, targets }: MonthReport): string {
  const rows = targets.map(({ target, uptime, outages, objective, worstHours, ...lengths }) => {
    const { down, degraded, unknown, unwatched, toDetect, toRepair } = lengths;
    const objectiveFields = [
      objective?.slo,
      seconds(objective?.remaining ?? null),
      objective && burnPercent(objective),
    ];
    const worst = worstHours.map((hour) => `${isoSeconds(hour.from)} ${seconds(hour.down)}`).join('; ');
    const verdictTimes = [down, degraded, unknown].map(seconds);
    const means = [seconds(toDetect), seconds(toRepair)];
    return [month, target, uptime, ...verdictTimes, outages, ...means, ...objectiveFields, seconds(unwatched), worst];
  });
  return csv([[...FIELDS, 'slo', 'budget_left', 'burn', 'not_watched', 'worst_hours'], ...rows]);
}

/** Lengths in whole milliseconds, shares in percent. */
export function asJson(report: MonthReport): string {
  const targets = report.targets.map(({ span, watched, worstHours, periods, outageList, objective, ...figures }) => ({
    ...figures,
    toDetect: whole(figures.toDetect),
    toRepair: whole(figures.toRepair),
    objective: objective && {
      slo: objective.slo,
      budget: whole(objective.budget),
      remaining: whole(objective.remaining),
      burn: burnPercent(objective),
    },
    span: withIsoTimes(span),
    watched: watched.map(withIsoTimes),
    worstHours: worstHours.map(withIsoTimes),
    periods: periods.map(withIsoTimes),
    outageList: outageList.map(withIsoTimes),
  }));
  const gaps = report.gaps.map(({ from, to }) => ({ from: startOfHour(from), to: startOfHour(nextHour(to)) }));
  return `${asciiJson({ ...report, gaps, unit: 'ms', targets })}\n`;
}

/** `from` and `to` as ISO 8601 UTC. */
function withIsoTimes<T extends { readonly from: number; readonly to?: number | null }>(one: T) {
  const { from, to } = one;
  return { ...one, from: isoSeconds(from), ...(to === undefined ? {} : { to: to === null ? null : isoSeconds(to) }) };
}

function whole(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds);
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 1000);
}
