import { asciiJson } from '../../lambda/alert/visible.ts';
import { escapeForDisplay } from '../../lambda/smtp/escape.ts';
import type { TimedPhase } from '../../lambda/smtp/sample.ts';
import type { Seen } from '../recent.ts';

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
export function ndjson(target: string, seen: readonly Seen[]): string {
  return seen.map(({ vantage, round, sample }) => `${asciiJson({ target, vantage, round, ...sample })}\n`).join('');
}

/** RFC 4180, with LF; times of phases in milliseconds. */
export function csv(target: string, seen: readonly Seen[]): string {
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
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** Quoted where it must be, escaped as on a screen; an apostrophe keeps spreadsheets from reading a reply as a formula. */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const shown = escapeForDisplay(String(value));
  const text = typeof value === 'string' && /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
