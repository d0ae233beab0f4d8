import { asciiJson } from '../../lambda/alert/visible.ts';
import type { Sighting } from '../../lambda/history/rollup.ts';
import { escapeForDisplay } from '../../lambda/smtp/escape.ts';
import type { TimedPhase } from '../../lambda/smtp/sample.ts';
import { OUTCOMES } from './outcome.ts';
import type { SummaryRow } from './summaries.ts';

/** Every phase that takes time, in session order: a column each, whether or not a session reached it. */
export const TIMED_PHASES = [
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'ehlo2',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
] as const satisfies readonly TimedPhase[];

/** One JSON object per line. */
export function samplesAsJson(target: string, seen: readonly Sighting[]): string {
  return seen.map(({ vantage, round, sample }) => `${asciiJson({ target, vantage, round, ...sample })}\n`).join('');
}

/** RFC 4180, with LF; times of phases in milliseconds. */
export function samplesAsCsv(target: string, seen: readonly Sighting[]): string {
  const header = [
    'round',
    'target',
    'vantage',
    'outcome',
    'phase',
    'code',
    'total',
    ...TIMED_PHASES,
    'address',
    'reply',
  ];
  const rows = seen.map(({ vantage, round, sample }) => {
    const { outcome, phase, code, total, timings, address, reply } = sample;
    const phases = TIMED_PHASES.map((name) => timings[name]);
    return [round, target, vantage, outcome, phase, code, total, ...phases, address, reply];
  });
  return csv([header, ...rows]);
}

/** One JSON object per line. */
export function summariesAsJson(rows: readonly SummaryRow[]): string {
  return rows.map((row) => `${asciiJson(row)}\n`).join('');
}

export function summariesAsCsv(rows: readonly SummaryRow[]): string {
  const header = ['from', 'target', 'vantage', ...OUTCOMES, 'p50', 'p95', 'p99'];
  const lines = rows.map(({ from, target, vantage, counts, total }) => {
    return [from, target, vantage, ...OUTCOMES.map((outcome) => counts[outcome] ?? 0), ...(total ?? ['', '', ''])];
  });
  return csv([header, ...lines]);
}

type Field = string | number | null | undefined;

function csv(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** Quoted where it must be, escaped as on a screen; an apostrophe keeps spreadsheets from reading a reply as a formula. */
function field(value: Field): string {
  if (value === null || value === undefined) return '';
  const shown = escapeForDisplay(String(value));
  const text = typeof value === 'string' && /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
