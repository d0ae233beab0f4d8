import { asciiJson } from '../../lambda/alert/visible.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { escapeForDisplay } from '../../lambda/smtp/escape.ts';
import { csv } from '../display/csv.ts';
import { type Cell, grid } from '../display/grid.ts';
import type { Screen } from '../display/screen.ts';
import type { Availability } from './availability.ts';
import { figuresOf, TITLES } from './figures.ts';

/** A month as it is reported. */
export interface Report {
  /** `2026-10`. */
  readonly month: string;
  readonly targets: readonly Availability[];
}

export function asText({ month, targets }: Report, screen: Screen): string {
  const columns = TITLES.map((title) => ({ title: title.toUpperCase() }));
  const rows = targets.map((target) => figuresOf(target).map((text, at) => cellOf(text, at, target, screen)));
  return `${[screen.paint.bold(`Uptime ${month} (UTC)`), '', ...grid(columns, rows, screen)].join('\n')}\n`;
}

function cellOf(text: string, at: number, { objective }: Availability, { paint }: Screen): Cell {
  const safe = escapeForDisplay(text);
  if (at !== 1 || objective === null) return { text: safe };
  return { text: safe, paint: objective.left < 0 ? paint.red : paint.green };
}

export function asMarkdown({ month, targets }: Report): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [row(TITLES), row(TITLES.map((_, at) => (at === 0 || at === TITLES.length - 1 ? '---' : '---:')))];
  const rows = targets.map((target) => row(figuresOf(target).map(escapeForDisplay)));
  return `# Uptime ${month}\n\n${[...head, ...rows].join('\n')}\n`;
}

const FIELDS = ['month', 'target', 'uptime', 'down', 'degraded', 'unknown', 'outages', 'to_detect', 'to_repair'];

/** Lengths in seconds, shares in percent. */
export function asCsv({ month, targets }: Report): string {
  const rows = targets.map(({ target, uptime, down, degraded, unknown, outages, toDetect, toRepair, objective }) => {
    const lengths = [down, degraded, unknown].map(seconds);
    const promise = [objective?.slo, seconds(objective?.left ?? null), objective?.burn];
    return [month, target, uptime, ...lengths, outages, seconds(toDetect), seconds(toRepair), ...promise];
  });
  return csv([[...FIELDS, 'slo', 'budget_left', 'burn'], ...rows]);
}

export function asJson(report: Report): string {
  const targets = report.targets.map(({ watched, worstHours, spells, outageList, ...figures }) => ({
    ...figures,
    watched: watched && dated(watched),
    worstHours: worstHours.map(dated),
    spells: spells.map(dated),
    outageList: outageList.map(dated),
  }));
  return `${asciiJson({ ...report, unit: 'ms', targets })}\n`;
}

/** Its times as machines read them. */
function dated<T extends { readonly from: number; readonly to?: number | null }>(one: T) {
  const { from, to } = one;
  return { ...one, from: isoSeconds(from), ...(to === undefined ? {} : { to: to === null ? null : isoSeconds(to) }) };
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 1000);
}
