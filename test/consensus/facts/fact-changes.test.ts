import { describe, expect, test } from 'vitest';
import { condenseFacts } from '../../../lambda/consensus/facts/facts.ts';
import { judgeTarget } from '../../../lambda/consensus/judge-target.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement.ts';
import type { Facts, Observation } from '../../../lambda/consensus/judgement/observation.ts';
import { voteWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../../../lambda/history/recorded-facts.ts';
import { MINUTE, policyOf, START, sampleOf } from '../samples.ts';

const VANTAGES = ['a', 'b', 'c'] as const;
type Vantage = (typeof VANTAGES)[number];
const HOUR = 60;

/** What a vantage sees in a minute: facts, or null where it does not get so far. */
type Sight = (vantage: Vantage, minute: number) => Facts | null;

/** Judges a target minute by minute, of rounds that bring facts as a probe records them. Alerts are struck off when owed. */
function toldOver(minutes: number, sight: Sight, { vantages = VANTAGES as readonly Vantage[], until = minutes } = {}) {
  const policy = policyOf(vantages, { secondOpinion: false });
  const known = new Map<Vantage, RecordedFacts>();
  let observations: readonly Observation[] = [];
  const told: { readonly minute: number; readonly reason: string; readonly id: string }[] = [];
  let judgement: Judgement | null = null;
  for (let minute = 0; minute < minutes; minute += 1) {
    const now = START + minute * MINUTE;
    const due = minute < until ? vantages : [];
    const since = isoSeconds(now + 5000 - voteWindow(policy));
    observations = [
      ...observations.filter(({ round }) => round >= since),
      ...due.map((vantage) => observed(vantage, now, sight(vantage, minute), known)),
    ];
    const next: Judgement = judgeTarget({ target: 'mx1', previous: judgement, observations, policy, now: now + 5000 });
    told.push(...next.owed.filter(({ kind }) => kind === 'changed').map(({ id, reason }) => ({ minute, id, reason })));
    judgement = { ...next, owed: [] };
  }
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  return told;
}

function observed(vantage: Vantage, at: number, facts: Facts | null, known: Map<Vantage, RecordedFacts>): Observation {
  const sample = sampleOf(facts === null ? 'f' : 'p', vantage, at);
  if (facts === null) return sample;
  const news = factsToRecord(facts, known.get(vantage), sample.round, MINUTE);
  known.set(vantage, updateRecordedFacts(known.get(vantage), facts, news, sample.round));
  return Object.keys(news).length === 0 ? sample : { ...sample, facts: condenseFacts(news) };
}

const offered = { starttls: 'offered' };
const stripped = { starttls: 'not offered' };
const reasons = (told: readonly { readonly reason: string }[]) => told.map(({ reason }) => reason);
const between = (minute: number, from: number, to: number) => minute >= from && minute < to;

test('STARTTLS stripped for less than the hour is told, and so is its return', () => {
  const told = toldOver(2 * HOUR, (_, minute) => (between(minute, 2, 58) ? stripped : offered));
  expect(told.map(({ minute, reason }) => [minute, reason.replace(/\..*/, '')])).toEqual([
    [3, 'STARTTLS is no longer offered, at a, b, c'],
    [59, 'STARTTLS is offered, at a, b, c'],
  ]);
});

test('STARTTLS gone in one region is told with who sees it, and so is its return', () => {
  const told = toldOver(HOUR, (vantage, minute) => (vantage === 'b' && between(minute, 8, 20) ? stripped : offered));
  expect(reasons(told)).toEqual([
    'STARTTLS is no longer offered, at b; not at a, c',
    'STARTTLS is offered, at b; not at a, c. If it goes on coming and going, that is told no more until a day has passed without',
  ]);
});

test('a change that comes to one vantage after the others is told once', () => {
  const told = toldOver(HOUR, (vantage, minute) => (minute < (vantage === 'c' ? 20 : 8) ? offered : stripped));
  expect(reasons(told)).toEqual(['STARTTLS is no longer offered, at a, b; not at c']);
});

test('changes of one round are one alert', () => {
  const before = { tls: 'TLSv1.3', inTls: 'DSN SIZE=2', inClear: 'DSN SIZE=2' };
  const after = { tls: 'TLSv1.2', inTls: 'DSN SIZE=1', inClear: 'DSN SIZE=1' };
  const told = toldOver(HOUR, (_, minute) => (minute < 9 ? before : after));
  expect(reasons(told)).toEqual(['TLS 1.3 -> 1.2; before TLS and in TLS: SIZE 2 -> 1, at a, b, c']);
});

test('what a session does not reach is not compared', () => {
  const whole = { starttls: 'offered', inClear: 'SIZE=1', tls: 'TLSv1.3', inTls: 'AUTH=PLAIN SIZE=1' };
  const clearOnly = { starttls: 'offered', inClear: 'SIZE=1' };
  expect(toldOver(2 * HOUR, (_, minute) => [whole, clearOnly, null][Math.floor(minute / 7) % 3] ?? null)).toEqual([]);
});

test('a domain whose best host dies has the same facts', () => {
  const both = { 'mx1.example starttls': 'offered', 'mx2.example starttls': 'not offered' };
  const backup = { 'mx2.example starttls': 'not offered' };
  expect(toldOver(2 * HOUR, (_, minute) => (between(minute, 9, 99) ? backup : both))).toEqual([]);
});

describe('a change is told once a second round or a second vantage confirms it', () => {
  test.each([
    ['one vantage, once', 1, VANTAGES, 0],
    ['one vantage, twice', 2, VANTAGES, 1],
    ['the only vantage, once', 1, ['a'] as const, 0],
    ['the only vantage, twice', 2, ['a'] as const, 1],
  ])('%s', (_, rounds, vantages, alerts) => {
    const sight: Sight = (vantage, minute) => (vantage === 'a' && between(minute, 8, 8 + rounds) ? stripped : offered);
    // The judge reads on for a while in which nobody probes.
    expect(toldOver(8 + rounds + 9, sight, { vantages, until: 8 + rounds })).toHaveLength(alerts);
  });

  test('a round in which the session did not get so far confirms nothing', () => {
    const sight: Sight = (_, minute) => (minute < 8 ? offered : minute === 8 ? stripped : null);
    expect(toldOver(HOUR, sight, { vantages: ['a'] })).toEqual([]);
  });
});

describe('servers that share a name and differ', () => {
  /** Which of two servers answers: the same each time the test is run, and in no order. */
  const which = (vantage: Vantage, minute: number) =>
    (Math.imul(minute * 7 + vantage.charCodeAt(0), 0x9e3779b1) >>> 13) & 1;

  test.each([
    ['certificates', { leaf: 'aa 1 2 CA' }, { leaf: 'bb 1 2 CA' }, 1],
    ['keywords', { inClear: 'DSN' }, { inClear: 'DSN SMTPUTF8' }, 2],
    ['TLS', { tls: 'TLSv1.2' }, { tls: 'TLSv1.3' }, 2],
    ['STARTTLS', { starttls: 'offered' }, { starttls: 'not offered' }, 2],
  ])('in their %s are told of twice at most in a day, whoever begins', (_, one, other, most) => {
    const mixed: Sight = (vantage, minute) => (minute > 5 && which(vantage, minute) === 1 ? other : one);
    expect(toldOver(24 * HOUR, mixed).length).toBeLessThanOrEqual(most);
    const fromTheStart: Sight = (vantage, minute) => (which(vantage, minute) === 1 ? other : one);
    expect(toldOver(24 * HOUR, fromTheStart).length).toBeLessThanOrEqual(most);
  });

  test('a fact that never stays is told a few times a day at first, then no more', () => {
    const told = toldOver(2 * 24 * HOUR, (_, minute) => ({ inClear: `SIZE=${Math.floor(minute / 10)}` }));
    expect(told.length).toBeLessThanOrEqual(6);
  });

  test('while another fact that changes is told', () => {
    const sight: Sight = (vantage, minute) => ({
      ...(minute === 333 || minute > 334 ? stripped : offered),
      leaf: which(vantage, minute) === 1 ? 'aa 1 2 CA' : 'bb 1 2 CA',
    });
    expect(reasons(toldOver(6 * HOUR, sight)).filter((reason) => reason.includes('STARTTLS'))).toEqual([
      'STARTTLS is no longer offered, at a, b, c',
    ]);
  });
});

test('what was told a day ago is news again', () => {
  const told = toldOver(4 * 24 * HOUR, (_, minute) => (minute % (25 * HOUR) > 12 * HOUR ? stripped : offered));
  expect(told).toHaveLength(7);
});

test('a certificate that was seen before is no news, however long ago', () => {
  const told = toldOver(4 * 24 * HOUR, (_, minute) => ({
    leaf: minute % (50 * HOUR) > 25 * HOUR ? 'bb 1 2 CA' : 'aa 1 2 CA',
  }));
  expect(told).toHaveLength(1);
});
