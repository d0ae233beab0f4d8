import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { type BounceCounts, type CountRow, mergeRows, sumRows } from '../../../lambda/bounces/counts.ts';
import { hintOfCode } from '../../../lambda/bounces/provider-codes.ts';
import { type Rate, type RateFinding, rateOf, WINDOWS } from '../../../lambda/bounces/rates.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import { grid } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

/** What is above a limit, then the last day by provider. `now`: epoch milliseconds. */
export function bounceText(
  { counts, findings, now }: { counts: BounceCounts; findings: readonly RateFinding[]; now: number },
  screen: Screen,
): string {
  const day = sumRows(counts, now - WINDOWS.day, now + 1);
  const blocks = [
    [titleLine(day, bounceOutcome(counts, findings), now, screen)],
    ...findings.map((finding) => findingLines(finding, screen)),
    providerTable(day, screen),
  ];
  return blocks
    .filter(({ length }) => length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** `unable`: there is nothing to judge. */
export function bounceOutcome(counts: BounceCounts, findings: readonly RateFinding[]): Outcome {
  return counts.size === 0 ? 'unable' : (findings[0]?.outcome ?? 'pass');
}

function titleLine(day: readonly CountRow[], outcome: Outcome, now: number, { paint }: Screen): string {
  const rate = rateOf(day);
  const until = new Date(now).toISOString().slice(0, 16).replace('T', ' ');
  const word = colourText(outcome, paint.bold(outcome.toUpperCase()), paint);
  return `${word}  24 h until ${until} UTC: ${shareText(rate)} bounced, ${rate.bounced} of ${rate.total}`;
}

const LABEL = 10;

function findingLines({ outcome, window, from, provider, rate, others, codes }: RateFinding, screen: Screen) {
  const [first] = codes;
  const span = window === 'hour' ? 'in the last hour' : 'in the last 24 hours';
  const rest = others.share === null ? '' : `; others ${shareText(others)}`;
  const headline = `${provider ?? 'all providers'} bounced ${rate.bounced} of ${rate.total} (${shareText(rate)}) ${span}${rest}`;
  const hint = first === undefined ? null : hintOfCode(provider ?? '', first.code, first.text);
  return [
    `${colourText(outcome, outcome, screen.paint)} ${wrapText(safeText(headline), screen.width - 5).join('\n     ')}`,
    ...field('From', from, screen),
    ...codes
      .slice(0, 3)
      .flatMap(({ code, bounced, first: since }, nth) =>
        field(nth === 0 ? 'Code' : '', `${code} ${bounced} times, first at ${clockTime(since)} UTC`, screen),
      ),
    ...(first === undefined ? [] : field('Said', safeText(first.text), screen)),
    ...(hint === null ? [] : field('Hint', hint, screen)),
  ];
}

function field(label: string, text: string, { paint, width }: Screen): readonly string[] {
  const lines = wrapText(text, width - LABEL - 2);
  return lines.map((line, nth) => `  ${paint.dim((nth === 0 ? label : '').padEnd(LABEL))}${line}`);
}

const COLUMNS = [
  { title: 'PROVIDER' },
  { title: 'DELIVERED', align: 'right' },
  { title: 'BOUNCED', align: 'right' },
  { title: 'RATE', align: 'right' },
  { title: 'DEFERRED', align: 'right' },
  { title: 'MEAN DELAY', align: 'right' },
] as const;

const MOST_ROWS = 30;

function providerTable(day: readonly CountRow[], screen: Screen): readonly string[] {
  const byProvider = new Map<string, CountRow>();
  for (const row of day) byProvider.set(row.provider, mergeRows(byProvider.get(row.provider), row));
  const rows = [...byProvider.values()].toSorted(
    (a, b) => b.bounced + b.delivered + b.deferred - (a.bounced + a.delivered + a.deferred),
  );
  const cells = rows
    .slice(0, MOST_ROWS)
    .map((row) =>
      [
        safeText(row.provider, 40),
        String(row.delivered),
        String(row.bounced),
        shareText(rateOf([row])),
        String(row.deferred),
        row.delivered === 0 ? '-' : `${(row.delay / row.delivered).toFixed(1)} s`,
      ].map((text) => ({ text })),
    );
  const left = rows.length - cells.length;
  return cells.length === 0 ? [] : [...grid(COLUMNS, cells, screen), ...(left > 0 ? [`and ${left} more`] : [])];
}

export function shareText({ share }: Rate): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
