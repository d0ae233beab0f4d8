import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { NamedCheckResult } from '../../doctor/check-result.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';

const WORDS: Readonly<Record<Outcome, string>> = { pass: 'ok', warn: 'warn', fail: 'fail', unable: 'unable' };

/** A line for each check, and below a failed one how to fix it. */
export function checkLines(results: readonly NamedCheckResult[], { paint }: Screen): readonly string[] {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const [names, regions] = [
    widest(results.map(({ check }) => check)),
    widest(results.map(({ region }) => region ?? '')),
  ];
  return results.flatMap(({ check, region, outcome, detail, fix }) => [
    [
      colourText(outcome, WORDS[outcome].padEnd(6), paint),
      check.padEnd(names),
      paint.dim((region ?? '').padEnd(regions)),
      safeText(detail, 800),
    ].join('  '),
    ...(fix === null ? [] : [`${' '.repeat(8)}-> ${fix}`]),
  ]);
}

/** `14 ok, 1 warn`. */
export function tallyLine(results: readonly NamedCheckResult[]): string {
  const counts = (Object.keys(WORDS) as Outcome[]).map(
    (outcome) => [WORDS[outcome], results.filter((one) => one.outcome === outcome).length] as const,
  );
  return counts.flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
