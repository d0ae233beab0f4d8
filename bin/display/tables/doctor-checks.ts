import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { NamedCheckResult } from '../../doctor/check-result.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

const WORDS: Readonly<Record<Outcome, string>> = { pass: 'ok', warn: 'warn', fail: 'fail', unable: 'unable' };

/** Columns that a detail needs beside its check. With fewer it stands below. */
const LEAST_ROOM = 32;

/** Indent of what stands below a check. */
const BELOW = 8;

/** A line for each check, and below a failed one how to fix it. */
export function checkLines(results: readonly NamedCheckResult[], screen: Screen): readonly string[] {
  const { paint, width } = screen;
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const [names, regions] = [
    widest(results.map(({ check }) => check)),
    widest(results.map(({ region }) => region ?? '')),
  ];
  const beside = 8 + names + 2 + regions + 2;
  const isBelow = isBounded(screen) && width - beside < LEAST_ROOM;
  const indent = isBelow ? BELOW : beside;
  const fitted = (text: string, from: number) => (isBounded(screen) ? wrapText(text, width - from) : [text]);
  return results.flatMap(({ check, region, outcome, detail, fix }) => {
    const details = fitted(safeText(detail, 800), indent);
    const [first = '', ...rest] = isBelow ? ['', ...details] : details;
    const head = [
      colourText(outcome, WORDS[outcome].padEnd(6), paint),
      ...(isBelow
        ? [fitted(check, BELOW + regions + 2).join(`\n${' '.repeat(BELOW)}`), paint.dim(region ?? '')]
        : [check.padEnd(names), paint.dim((region ?? '').padEnd(regions)), first]),
    ];
    const how = fix === null ? [] : fitted(fix, 11);
    return [
      head.join('  ').trimEnd(),
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
