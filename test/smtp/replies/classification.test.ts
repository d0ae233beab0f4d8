import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAILURE_TEXTS } from '../../../lambda/smtp/failures/failure-texts.ts';
import { FAILURES, type FailureCode } from '../../../lambda/smtp/failures/failures.ts';
import { PHRASES } from '../../../lambda/smtp/replies/refusal-phrases.ts';
import { REFUSAL_RULES, type Rule } from '../../../lambda/smtp/replies/refusal-rules.ts';
import { refusalCode } from '../../../lambda/smtp/replies/refusals.ts';
import type { SessionState } from '../../../lambda/smtp/replies/session-state.ts';
import { PHASES } from '../../../lambda/smtp/session/transitions.ts';
import { leastCpuTime } from '../../cpu-time.ts';
import { corpus } from './corpus.ts';
import { classify, faultOf, measure } from './measure.ts';

const all = classify(corpus());
const heldOut = all.filter((reply) => reply.heldOut);
const tuned = all.filter((reply) => !reply.heldOut);

test('the corpus is large, without doubles, and says whose fault each reply is', () => {
  expect(all.length).toBeGreaterThan(900);
  expect(new Set(all.map(({ state, text }) => `${state} ${text}`)).size).toBe(all.length);
  expect(all.filter(({ failure }) => FAILURES[failure] === undefined)).toEqual([]);
  expect(all.filter(({ state, failure }) => !['any', PHASES[state]].includes(FAILURES[failure].phase))).toEqual([]);
  expect(heldOut.length / all.length).toBeGreaterThan(0.25);
  expect(new Set(all.map(({ language }) => language)).size).toBeGreaterThan(8);
});

test.each([
  ['rules were written with', tuned, 0.97],
  ['was held out of the rules', heldOut, 0.9],
] as const)('precision and recall on the part that %s', (_, part, atLeast) => {
  const [whole] = measure(part);
  expect(whole?.recall).toBeGreaterThanOrEqual(atLeast);
  for (const { name, labelled, classified, precision, recall } of measure(part, faultOf)) {
    if (name === 'passing' || name === 'vantage') expect(precision, `precision of ${name}`).toBeGreaterThan(0.95);
    if (labelled + classified > 20) expect(recall, `recall of ${name}`).toBeGreaterThan(0.85);
  }
});

test('outages are not read as greylisting, nor as aimed at the vantage', () => {
  const hides = ({ seen }: { seen: FailureCode }) => ['passing', 'vantage'].includes(faultOf(seen));
  const outages = all.filter(({ failure }) => faultOf(failure) === 'server');
  expect(outages.length).toBeGreaterThan(200);
  expect(outages.filter((reply) => !reply.heldOut && hides(reply))).toEqual([]);
  expect(outages.filter(hides).length / outages.length).toBeLessThan(0.01);
});

test('the part of a reply does not depend on its place in the file, nor on the other replies', () => {
  expect(corpus().map(({ heldOut: held }) => held)).toEqual(all.map(({ heldOut: held }) => held));
  expect(measure(tuned)[0]?.labelled).toBe(tuned.length);
});

/** Patterns of a rule or of a phrase, as they are written. */
function sourcesOf(patterns: Rule[4] | undefined): readonly string[] {
  return [patterns ?? []].flat().map(({ source }) => source);
}

function expectSound(sources: readonly string[]): void {
  for (const source of sources) {
    for (const [, name = ''] of source.matchAll(/<([a-z]+)>/g)) expect(PHRASES).toHaveProperty(name);
    // Words are in lower case, and a quantifier without a bound takes the square of the length, or worse.
    expect(source).toBe(source.replace(/(?<!\\)[A-Z]/g, (letter) => letter.toLowerCase()));
    expect(source).not.toMatch(/\.\*|\.\+|\]\*\[|\]\+\[/);
  }
}

test.each(REFUSAL_RULES.map((rule, i) => [i, rule[0], rule] as const))('rule %i, %s, is sound', (_i, failure, rule) => {
  const [, stages, , , words, unless] = rule;
  expect(stages).toMatch(/^[GHSAMRD]+$/);
  expectSound([...sourcesOf(words), ...sourcesOf(unless)]);
  expect(FAILURE_TEXTS[failure].meaning).not.toBe('');
});

test.each(Object.entries(PHRASES))('the phrase %s is sound, and used', (name, patterns) => {
  expectSound(sourcesOf(patterns));
  const users = [
    ...REFUSAL_RULES.flatMap(([, , , , words, unless]) => [...sourcesOf(words), ...sourcesOf(unless)]),
    ...Object.values(PHRASES).flatMap(sourcesOf),
  ];
  expect(users.some((source) => source.includes(`<${name}>`))).toBe(true);
});

test('every failure of a rule is that of some reply of the corpus', () => {
  const failures = new Set(
    all.map(({ failure }) => failure.replace(/^rcpt-(?=greylisted|sender)/, '').replace('rcpt-unv', 'address-unv')),
  );
  expect(REFUSAL_RULES.map(([failure]) => failure).filter((failure) => !failures.has(failure))).toEqual([]);
});

const STATES = Object.keys(PHASES) as SessionState[];
const WORDS = [
  ...REFUSAL_RULES.flatMap(([, , , , words]) => sourcesOf(words)),
  ...Object.values(PHRASES).flatMap(sourcesOf),
]
  .flatMap((source) => source.split(/[^a-z ]+/))
  .filter((word) => word.length > 2);
const piece = fc.oneof(
  fc.constantFrom(
    ...WORDS,
    '192.0.2.1',
    '2001:db8::1',
    'x@example.com',
    '::',
    ':',
    '1.1.1.1.1.',
    'a@',
    ' ',
    '[',
    '4.7.1 ',
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('\u00ba', '\u00da', '\ufffd', '灰', '\u{1f600}', '\ud800'), maxLength: 20 }),
);
/** 64 KB of one piece, or of many, in one line or in many. */
const hostile = fc
  .tuple(
    fc.array(piece, { minLength: 1, maxLength: 12 }),
    fc.constantFrom('', ' ', '\n'),
    fc.integer({ min: 400, max: 599 }),
  )
  .map(([pieces, joint, code]) => {
    const once = pieces.join(joint) + joint || 'x';
    const text = once.repeat(Math.ceil(65_536 / once.length)).slice(0, 65_536);
    return {
      code,
      lines: text.split('\n').map((line, i, lines) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}`),
    };
  });

test('law: 64 KB of anything are classified in a moment of the processor, and never throw', () => {
  refusalCode('rcpt', { code: 450, lines: ['450 compiles the rules'] });
  fc.assert(
    fc.property(hostile, fc.constantFrom(...STATES), (reply, state) => {
      expect(FAILURES[refusalCode(state, reply)]).toBeDefined();
      expect(leastCpuTime(() => refusalCode(state, reply), 3)).toBeLessThan(100);
    }),
    { numRuns: 300 },
  );
});
