import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeTarget } from '../../../lambda/consensus/judge-target.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../../../lambda/consensus/judgement/observation.ts';
import { readWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { DEFERRED, DEFERRED_TOO_LONG, recordDeferrals } from '../../../lambda/consensus/vote/deferrals.ts';
import { failureOf } from '../../../lambda/smtp/failures/failures.ts';
import { DEFERRALS } from '../../../lambda/smtp/sample/deferral-codes.ts';
import { MINUTE, policyOf, START, sampleOf } from '../samples.ts';

/** `g`reylisted, or a letter of `sampleOf`. */
function seen(letter: string, vantage: string, at: number, address = '192.0.2.1'): Observation {
  const sample = { ...sampleOf(letter, vantage, at), address };
  return letter === 'g' ? { ...sample, outcome: 'warn', phase: 'rcpt', code: 'rcpt-greylisted' } : sample;
}

interface Told {
  readonly judgement: Judgement | null;
  /** Minute of the first pass of the judge that said `down`, and of each recovery after it. */
  readonly downAt: number | null;
  readonly upAt: number | null;
  readonly writes: number;
}

type Row = (minute: number) => string;

/** The judge reads no more than its window, each minute. */
function story(
  rows: Readonly<Record<string, Row>>,
  minutes: number,
  every = 1,
  addressAt = (_: number) => '192.0.2.1',
) {
  const policy = { ...policyOf(Object.keys(rows), { secondOpinion: false }), every: every * MINUTE };
  let judgement: Judgement | null = null;
  const told: { -readonly [Key in keyof Told]: Told[Key] } = { judgement, downAt: null, upAt: null, writes: 0 };
  const all: Observation[] = [];
  for (let minute = 0; minute < minutes; minute += every) {
    const at = START + minute * MINUTE;
    const now = at + 5000;
    for (const [vantage, row] of Object.entries(rows)) {
      if (row(minute) !== '.') all.push(seen(row(minute), vantage, at, addressAt(minute)));
    }
    const observations = all.filter(({ round }) => Date.parse(round) >= now - readWindow(policy));
    const question = { target: 'mx1', observations, policy, now };
    const next = judgeTarget({ ...question, previous: judgement });
    expect(judgeTarget({ ...question, previous: next })).toBe(next);
    told.writes += next === judgement ? 0 : 1;
    judgement = next;
    if (judgement.verdict === 'down') told.downAt ??= minute;
    if (told.downAt !== null && judgement.verdict === 'up') told.upAt ??= minute;
  }
  return { ...told, judgement };
}

const always = (letter: string) => () => letter;
const until = (minute: number, before: string, after: string) => (at: number) => (at < minute ? before : after);

test.each<[string, Readonly<Record<string, Row>>, number | null]>([
  ['greylisted for good, everywhere', { a: always('g'), b: always('g'), c: always('g') }, 60],
  ['greylisted for half an hour', { a: until(30, 'g', 'p'), b: until(30, 'g', 'p'), c: until(30, 'g', 'p') }, null],
  ['each vantage passes once', { a: until(50, 'g', 'p'), b: always('g'), c: until(50, 'g', 'p') }, null],
  ['one vantage is unable for a while', { a: (at) => (at % 7 === 3 ? 'u' : 'g'), b: always('g'), c: always('g') }, 60],
  ['a warning of another kind', { a: always('w'), b: always('w'), c: always('w') }, null],
  [
    'a pass now and then',
    { a: (at) => (at % 45 === 44 ? 'p' : 'g'), b: (at) => (at % 40 === 39 ? 'p' : 'g'), c: always('g') },
    null,
  ],
])('%s', (_, rows, downAt) => {
  expect(story(rows, 120).downAt).toBe(downAt);
});

test('it is told as what it is, and ends like any other outage once mail is taken', () => {
  const row = until(75, 'g', 'p');
  const { judgement, downAt, upAt } = story({ a: row, b: row, c: row }, 90);
  expect([downAt, upAt]).toEqual([60, 76]);
  const down = judgement?.owed.find(({ kind }) => kind === 'down')?.incident;
  expect(down?.witnesses.map(({ code }) => code)).toEqual(Array(3).fill('deferred-too-long'));
  expect(down?.witnesses[0]?.detail).toBe('deferred since 2026-11-22T12:00:00Z, 60 minutes allowed');
  expect(judgement?.incident?.first).toEqual({ phase: 'rcpt', code: 'deferred-too-long' });
  expect(judgement?.memory).not.toHaveProperty('deferred');
});

test('an hour is not enough where there were fewer than four tries', () => {
  expect(story({ a: always('g'), b: always('g') }, 300, 30).downAt).toBe(90);
  expect(story({ a: always('g'), b: always('g') }, 300, 60).downAt).toBe(180);
});

test('addresses have greylists of their own: four tries at one of them count', () => {
  const rotating = (minute: number) => `192.0.2.${(minute / 15) % 4}`;
  expect(story({ a: always('g'), b: always('g') }, 181, 15, rotating).downAt).toBeNull();
  expect(story({ a: always('g'), b: always('g') }, 241, 15, rotating).downAt).toBe(195);
});

test('it is remembered with the first four tries, not written anew each round', () => {
  const { judgement, writes } = story({ a: always('g'), b: always('g') }, 50);
  expect(judgement?.memory?.deferred?.a).toEqual(
    [0, 1, 2, 3].map((i) => `${isoSeconds(START + i * MINUTE)} 192.0.2.1`),
  );
  expect(writes).toBeLessThan(10);
});

test('a vantage that was away is forgotten', () => {
  const away = (minute: number) => (minute >= 20 && minute < 50 ? '.' : 'g');
  expect(story({ a: away, b: away }, 100).downAt).toBeNull();
  expect(story({ a: away, b: away }, 120).downAt).toBe(110);
});

test('a memory of version 0.1 has no deferrals', () => {
  const policy = policyOf(['a', 'b'], { secondOpinion: false });
  const passed = [seen('p', 'a', START), seen('p', 'b', START)];
  const before = judgeTarget({ target: 'mx1', previous: null, observations: passed, policy, now: START + 5000 });
  expect(before.memory).not.toHaveProperty('deferred');
  const stored: Judgement = JSON.parse(JSON.stringify(before));
  const observations = [...passed, seen('g', 'a', START + MINUTE), seen('p', 'b', START + MINUTE)];
  const after = judgeTarget({ target: 'mx1', previous: stored, observations, policy, now: START + MINUTE + 5000 });
  expect(Object.keys(after.memory?.deferred ?? {})).toEqual(['a']);
});

test('law: however observations come, doubled or in another order, the same is remembered', () => {
  const policy = policyOf(['a', 'b'], { secondOpinion: false });
  const now = START + 4 * MINUTE;
  const observation = fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.nat(4),
      fc.constantFrom('g', 'p', 'f', 'u', 'w'),
      fc.constantFrom('192.0.2.1', '192.0.2.2'),
    )
    .map(([vantage, minute, letter, address]) => seen(letter, vantage, START + minute * MINUTE, address));
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (some, order) => {
      const once = recordDeferrals({}, some, policy, now);
      const mixed = [...some, ...order.map((i) => some[i % (some.length || 1)]).filter((one) => one !== undefined)];
      expect(recordDeferrals({}, mixed.toReversed(), policy, now)).toEqual(once);
      expect(recordDeferrals(once, some, policy, now)).toEqual(once);
    }),
  );
});

test('the codes are those of the probe, and documented', () => {
  expect([...DEFERRED].sort()).toEqual([...DEFERRALS].sort());
  expect([...DEFERRALS].map((code) => failureOf(code)?.outcome)).toEqual(Array(DEFERRALS.size).fill('warn'));
  expect(failureOf(DEFERRED_TOO_LONG)?.outcome).toBe('fail');
  expect(readFileSync(new URL('../../../docs/failures.md', import.meta.url), 'utf8')).toContain(DEFERRED_TOO_LONG);
});
