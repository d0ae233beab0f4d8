/**
 * Lines of a timeline in words that have nothing from a mail server, a person or a machine. What is not known to be such a word is
 * left out.
 */

/** Codes, phases and thresholds: words of this program. */
const WORD = '[a-z][a-z0-9-]{0,59}';
const VANTAGE = '(?:local|[a-z]{2}(?:-[a-z]+){1,3}-\\d{1,2})';

const LASTING = `${VANTAGE}(?:, ${VANTAGE})* failing for \\d+ minutes`;
const COUNT = [
  `\\d+ of \\d+ entitled vantages voted down, quorum \\d+(?:: (?:some vantages still fail|${LASTING}))?`,
  '\\d+ of \\d+ vantages entitled to vote, \\d+ needed',
].join('|');
const WARNING = `; at least \\d+ of \\d+ warn: ${WORD}(?: \\(threshold \\d+ [a-z]{1,9}\\))?`;

/** What matches is shown; of a line that begins so, the rest is left out. */
const BEGINNINGS: readonly RegExp[] = [
  new RegExp(`^${VANTAGE} (?:failed|warned) at (?:${WORD}|an unnamed phase): (?:${WORD}|no code)$`),
  new RegExp(`^(?:up|degraded|down|unknown): (?:${COUNT})(?:${WARNING})?(?:; steady for \\d+ minutes)?`),
  /^(?:up|degraded|down|unknown)(?=$|: )/,
  /^acknowledged(?=$| by )/,
  /^… \d+ changes left out$/,
  /^withdrawn: no longer in the config$/,
];

/** Null if nothing of it may be shown. */
export function visibleLine(what: string): string | null {
  for (const beginning of BEGINNINGS) {
    const [found] = beginning.exec(what) ?? [];
    if (found !== undefined) return found;
  }
  return null;
}

/** A phase or a code; null if it is another word. */
export function visibleWord(word: string | null): string | null {
  return word !== null && new RegExp(`^${WORD}$`).test(word) ? word : null;
}
