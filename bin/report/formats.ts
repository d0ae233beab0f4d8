import { asciiJson } from '../../lambda/alert/visible.ts';
import type { Gap } from '../../lambda/history/progress.ts';
import { following, startOf } from '../../lambda/history/rollup.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { escapeForDisplay } from '../../lambda/smtp/escape.ts';
import { csv } from '../display/csv.ts';
import { gapLines } from '../display/gaps.ts';
import { type Cell, grid } from '../display/grid.ts';
import type { Screen } from '../display/screen.ts';
import type { Availability } from './availability.ts';
import { figuresOf, TITLES } from './figures.ts';

/** A month as it is reported. */
export interface Report {
  /** `2026-10`. */
  readonly month: string;
  /** Hours of it that the history lacks for good. */
  readonly gaps: readonly Gap[];
  readonly targets: readonly Availability[];
}

/** The gaps in words. */
export function gapsIn({ gaps }: Report): readonly string[] {
  return gapLines(gaps, { now: 0, utc: true });
}

export function asText(report: Report, screen: Screen): string {
  const { month, targets } = report;
  const columns = TITLES.map((title) => ({ title: title.toUpperCase() }));
  const rows = targets.map((target) => figuresOf(target).map((text, at) => cellOf(text, at, target, screen)));
  const gaps = gapsIn(report).map((line) => screen.paint.yellow(line));
  const lines = [screen.paint.bold(`Uptime ${month} (UTC)`), '', ...grid(columns, rows, screen), ...gaps];
  return `${lines.join('\n')}\n`;
}

function cellOf(text: string, at: number, { objective }: Availability, { paint }: Screen): Cell {
  const safe = escapeForDisplay(text);
  if (at !== 1 || objective === null) return { text: safe };
  return { text: safe, paint: objective.left < 0 ? paint.red : paint.green };
}

export function asMarkdown(report: Report): string {
  const { month, targets } = report;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [row(TITLES), row(TITLES.map((_, at) => (at === 0 || at === TITLES.length - 1 ? '---' : '---:')))];
  const rows = targets.map((target) => row(figuresOf(target).map(escapeForDisplay)));
  const gaps = gapsIn(report).map((line) => `\n${line}\n`);
  return `# Uptime ${month}\n\n${[...head, ...rows].join('\n')}\n${gaps.join('')}`;
}

const FIELDS = ['month', 'target', 'uptime', 'down', 'degraded', 'unknown', 'outages', 'to_detect', 'to_repair'];

/** Lengths in seconds, shares in percent. */
export function asCsv({ month, targets }: Report): string {
  const rows = targets.map((one) => {
    const { target, uptime, down, degraded, unknown, unwatched, outages, toDetect, toRepair, objective } = one;
    const lengths = [down, degraded, unknown].map(seconds);
    const promise = [objective?.slo, seconds(objective?.left ?? null), objective?.burn];
    return [
      month,
      target,
      uptime,
      ...lengths,
      outages,
      seconds(toDetect),
      seconds(toRepair),
      ...promise,
      seconds(unwatched),
    ];
  });
  return csv([[...FIELDS, 'slo', 'budget_left', 'burn', 'not_watched'], ...rows]);
}

export function asJson(report: Report): string {
  const targets = report.targets.map(({ span, watched, worstHours, spells, outageList, ...figures }) => ({
    ...figures,
    span: dated(span),
    watched: watched.map(dated),
    worstHours: worstHours.map(dated),
    spells: spells.map(dated),
    outageList: outageList.map(dated),
  }));
  const gaps = report.gaps.map(({ from, to }) => ({ from: startOf(from), to: startOf(following(to)) }));
  return `${asciiJson({ ...report, gaps, unit: 'ms', targets })}\n`;
}

/** Its times as machines read them. */
function dated<T extends { readonly from: number; readonly to?: number | null }>(one: T) {
  const { from, to } = one;
  return { ...one, from: isoSeconds(from), ...(to === undefined ? {} : { to: to === null ? null : isoSeconds(to) }) };
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 1000);
}
