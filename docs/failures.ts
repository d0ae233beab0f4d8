/** Writes docs/failures.md from the table of failures: `npx tsx docs/failures.ts`. A test keeps them equal. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURE_TEXTS } from '../lambda/smtp/failures/failure-texts.ts';
import { FAILURES, type Failure, type FailureCode } from '../lambda/smtp/failures/failures.ts';

const PHASES = [
  'any',
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'certificate',
  'auth',
  'mail',
  'rcpt',
  'data',
] as const;

const INTRODUCTION = `# Failures

All failures that the probe reports. The codes are stable: samples, alerts and the history table use them.

- **outcome** is the outcome of a code, unless the target's \`expect\` sets another one.
- **temporary** codes are 4xx replies, and failures of networks and resolvers that end without a repair; \`expect.temporary\` makes the replies a warning or a failure.
- **vantage** codes mean that the vantage is at fault, not the server: they are \`unable\`, and not an outage. For one MX host, they are a warning if another host accepts mail.
- Codes of the phase \`ehlo\` are reported for \`ehlo2\` after TLS. Codes of _any_ phase are reported with the phase in which they happened.

This page is generated from \`lambda/smtp/failures/failures.ts\`; run \`npx tsx docs/failures.ts\` after a change.
`;

export function failuresPage(): string {
  return [INTRODUCTION, ...PHASES.map(section)].join('\n');
}

type Row = readonly [code: string, outcome: string, meaning: string, hint: string];

function section(phase: Failure['phase']): string {
  const failures = Object.entries(FAILURES).filter(([, failure]) => failure.phase === phase);
  const title = phase === 'any' ? 'In any phase' : `Phase \`${phase}\``;
  return `## ${title}\n\n${markdownTable(['code', 'outcome', 'meaning', 'where to look'], failures.map(row))}`;
}

function row([code, { outcome, temporary, vantageFault }]: readonly [string, Failure]): Row {
  const { meaning, hint } = FAILURE_TEXTS[code as FailureCode];
  const nature = [outcome, ...(temporary ? ['temporary'] : []), ...(vantageFault ? ['vantage'] : [])].join(', ');
  return [`\`${code}\``, nature, meaning, hint];
}

/** Columns are padded as the formatter pads them. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [head, rule, ...rows].map(line).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('failures.md', import.meta.url)), failuresPage());
}
