import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { Checked } from '../../doctor/check-result.ts';
import { coloured } from '../layout/outcome.ts';
import type { Screen } from '../layout/screen.ts';

const WORDS: Readonly<Record<Outcome, string>> = { pass: 'ok', warn: 'warn', fail: 'fail', unable: 'unable' };

/** A line for each check, and beneath one that is amiss what to do. */
export function checkLines(checked: readonly Checked[], { paint }: Screen): readonly string[] {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const [names, regions] = [
    widest(checked.map(({ check }) => check)),
    widest(checked.map(({ region }) => region ?? '')),
  ];
  return checked.flatMap(({ check, region, outcome, says, mend }) => [
    [
      coloured(outcome, WORDS[outcome].padEnd(6), paint),
      check.padEnd(names),
      paint.dim((region ?? '').padEnd(regions)),
      safeText(says, 800),
    ].join('  '),
    ...(mend === null ? [] : [`${' '.repeat(8)}-> ${mend}`]),
  ]);
}

/** `14 ok, 1 warn`. */
export function tallyLine(checked: readonly Checked[]): string {
  const counts = (Object.keys(WORDS) as Outcome[]).map(
    (outcome) => [WORDS[outcome], checked.filter((one) => one.outcome === outcome).length] as const,
  );
  return counts.flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
