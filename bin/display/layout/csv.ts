import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';

export type Field = string | number | null | undefined;

/** RFC 4180, with LF. */
export function csv(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** Escapes a value as for display, and quotes it if needed. An apostrophe prevents spreadsheets from reading a reply as a formula. */
function field(value: Field): string {
  if (value === null || value === undefined) return '';
  const shown = escapeForDisplay(String(value));
  const text = typeof value === 'string' && /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
