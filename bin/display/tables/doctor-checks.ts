import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { NamedCheckResult } from '../../doctor/check-result.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

const WORDS: Readonly<Record<Outcome, string>> = { pass: 'ok', warn: 'warn', fail: 'fail', unable: 'unable' };

/** A line for each check, and below a failed one how to fix it. */
export function checkLines(results: readonly NamedCheckResult[], screen: Screen): readonly string[] {
  const { paint, width } = screen;
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const [names, regions] = [
    widest(results.map(({ check }) => check)),
    widest(results.map(({ region }) => region ?? '')),
  ];
  const indent = 8 + names + 2 + regions + 2;
  const fitted = (text: string, from: number) => (isBounded(screen) ? wrapText(text, width - from) : [text]);
  return results.flatMap(({ check, region, outcome, detail, fix }) => {
    const [first = '', ...rest] = fitted(safeText(detail, 800), indent);
    const head = [
      colourText(outcome, WORDS[outcome].padEnd(6), paint),
      check.padEnd(names),
      paint.dim((region ?? '').padEnd(regions)),
      first,
    ];
    const how = fix === null ? [] : fitted(fix, 11);
    return [
      head.join('  '),
      ...rest.map((line) => ' '.repeat(indent) + line),
      ...how.map((line, at) => `${' '.repeat(8)}${at === 0 ? '-> ' : '   '}${line}`),
    ];
  });
}

/** `14 ok, 1 warn`. */
export function tallyLine(results: readonly NamedCheckResult[]): string {
  const counts = (Object.keys(WORDS) as Outcome[]).map(
    (outcome) => [WORDS[outcome], results.filter((one) => one.outcome === outcome).length] as const,
  );
  return counts.flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
