import { asciiJson } from '../../lambda/alert/visible.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { escapeForDisplay } from '../../lambda/smtp/escape.ts';
import { type Cell, grid } from '../display/grid.ts';
import type { Screen } from '../display/screen.ts';
import type { Availability } from './availability.ts';
import { figuresOf, TITLES } from './figures.ts';

/** A month as it is reported. */
export interface Report {
  /** `2026-10`. */
  readonly month: string;
  /** Percent. */
  readonly slo: number | null;
  readonly targets: readonly Availability[];
}

export function asText({ month, slo, targets }: Report, screen: Screen): string {
  const columns = TITLES.map((title) => ({ title: title.toUpperCase() }));
  const rows = targets.map((target) => figuresOf(target).map((text, at) => cellOf(text, at, target, screen)));
  const promise = slo === null ? '' : `, objective ${slo} %`;
  return `${[screen.paint.bold(`Uptime ${month} (UTC)${promise}`), '', ...grid(columns, rows, screen)].join('\n')}\n`;
}

function cellOf(text: string, at: number, { objective }: Availability, { paint }: Screen): Cell {
  const safe = escapeForDisplay(text);
  if (at !== 1 || objective === null) return { text: safe };
  return { text: safe, paint: objective.left < 0 ? paint.red : paint.green };
}

export function asMarkdown({ month, slo, targets }: Report): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = [row(TITLES), row(TITLES.map((_, at) => (at === 0 || at === TITLES.length - 1 ? '---' : '---:')))];
  const promise = slo === null ? '' : `\nObjective: ${slo} %.\n`;
  const rows = targets.map((target) => row(figuresOf(target).map(escapeForDisplay)));
  return `# Uptime ${month}\n${promise}\n${[...head, ...rows].join('\n')}\n`;
}

/** Lengths in seconds, shares in percent. */
export function asCsv({ month, targets }: Report): string {
  const header = 'month,target,uptime,down,degraded,unknown,outages,to_detect,to_repair,slo,budget_left,burn';
  const rows = targets.map((one) =>
    [
      month,
      escapeForDisplay(one.target),
      one.uptime,
      ...[one.down, one.degraded, one.unknown].map(seconds),
      one.outages,
      seconds(one.toDetect),
      seconds(one.toRepair),
      one.objective?.slo,
      seconds(one.objective?.left ?? null),
      one.objective?.burn,
    ].map((value) => value ?? ''),
  );
  return `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}

export function asJson(report: Report): string {
  const targets = report.targets.map(({ watched, worstHours, ...figures }) => ({
    ...figures,
    watched: watched && { from: isoSeconds(watched.from), to: isoSeconds(watched.to) },
    worstHours: worstHours.map(({ from, down }) => ({ from: isoSeconds(from), down })),
  }));
  return `${asciiJson({ ...report, unit: 'ms', targets })}\n`;
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 1000);
}

/** One page that prints on A4, without anything from elsewhere. */
export function asHtml({ month, slo, targets }: Report): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${html(text)}</${tag}>`).join('');
  const rows = targets.map((one) => `<tr class="${classOf(one)}">${cells('td', figuresOf(one))}</tr>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Uptime ${html(month)}</title>
<style>
@page { size: A4 landscape; margin: 15mm }
body { font: 10pt/1.4 system-ui, sans-serif; margin: 2em; color: #1b1f24 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4em .6em; border-bottom: 1px solid #d0d7de; vertical-align: top }
td { font-variant-numeric: tabular-nums }
tr.broken td:nth-child(2) { color: #b3261e; font-weight: 600 }
tr.kept td:nth-child(2) { color: #1a7f37 }
</style>
<h1>Uptime ${html(month)}</h1>
<p>By the verdict of the quorum; times are UTC.${slo === null ? '' : ` Objective: ${slo} %.`}</p>
<table>
<thead><tr>${cells('th', TITLES)}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</html>
`;
}

function classOf({ objective }: Availability): string {
  if (objective === null) return 'plain';
  return objective.left < 0 ? 'broken' : 'kept';
}

function html(text: string): string {
  return escapeForDisplay(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
