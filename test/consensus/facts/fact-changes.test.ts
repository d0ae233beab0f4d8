import { describe, expect, test } from 'vitest';
import { condenseFacts } from '../../../lambda/consensus/facts/server-facts.ts';
import { judgeTarget } from '../../../lambda/consensus/judge-target.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import type { Facts, Observation } from '../../../lambda/consensus/judgement/observation.ts';
import { readWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import {
  factsToRecord,
  type RecordedFacts,
  updateRecordedFacts,
} from '../../../lambda/history/choose-facts-to-record.ts';
import { MINUTE, policyOf, START, sampleOf } from '../samples.ts';

const VANTAGES = ['a', 'b', 'c'] as const;
type Vantage = (typeof VANTAGES)[number];
const HOUR = 60;

/** The facts that a vantage sees in a minute; null if the session fails. */
type FactsAt = (vantage: Vantage, minute: number) => Facts | null;

/** Judges a target every minute, with facts as a probe records them. Returns the alerts; they are removed from the judgement. */
function alertsOver(
  minutes: number,
  factsAt: FactsAt,
  { vantages = VANTAGES as readonly Vantage[], until = minutes } = {},
) {
  const policy = policyOf(vantages, { secondOpinion: false });
  const known = new Map<Vantage, RecordedFacts>();
  let observations: readonly Observation[] = [];
  const alerts: { readonly minute: number; readonly reason: string; readonly id: string }[] = [];
  let judgement: Judgement | null = null;
  for (let minute = 0; minute < minutes; minute += 1) {
    const now = START + minute * MINUTE;
    const due = minute < until ? vantages : [];
    const since = isoSeconds(now + 5000 - readWindow(policy));
    observations = [
      ...observations.filter(({ round }) => round >= since),
      ...due.map((vantage) => observed(vantage, now, factsAt(vantage, minute), known)),
    ];
    const next: Judgement = judgeTarget({ target: 'mx1', previous: judgement, observations, policy, now: now + 5000 });
    alerts.push(
      ...next.owed.filter(({ kind }) => kind === 'changed').map(({ id, reason }) => ({ minute, id, reason })),
    );
    judgement = { ...next, owed: [] };
  }
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  return alerts;
}

function observed(vantage: Vantage, at: number, facts: Facts | null, known: Map<Vantage, RecordedFacts>): Observation {
  const sample = sampleOf(facts === null ? 'f' : 'p', vantage, at);
  if (facts === null) return sample;
  const news = factsToRecord(facts, known.get(vantage), { round: sample.round, every: MINUTE });
  known.set(vantage, updateRecordedFacts(known.get(vantage), facts, news, sample.round));
  return Object.keys(news).length === 0 ? sample : { ...sample, facts: condenseFacts(news) };
}

const offered = { starttls: 'offered' };
const stripped = { starttls: 'not offered' };
const reasons = (alerts: readonly { readonly reason: string }[]) => alerts.map(({ reason }) => reason);
const between = (minute: number, from: number, to: number) => minute >= from && minute < to;

test('STARTTLS missing for less than an hour is reported, and so is its return', () => {
  const alerts = alertsOver(2 * HOUR, (_, minute) => (between(minute, 2, 58) ? stripped : offered));
  expect(alerts.map(({ minute, reason }) => [minute, reason.replace(/\..*/, '')])).toEqual([
    [3, 'STARTTLS is no longer offered, at a, b, c'],
    [59, 'STARTTLS is offered, at a, b, c'],
  ]);
});

test('a change is reported also if the first vantage that saw it knew nothing before', () => {
  const alerts = alertsOver(HOUR, (vantage, minute) => {
    if (minute < 22) return vantage === 'a' ? offered : null;
    if (vantage === 'c') return stripped;
    return minute < 24 ? (vantage === 'a' ? offered : null) : stripped;
  });
  expect(reasons(alerts)).toEqual([expect.stringContaining('STARTTLS is no longer offered, at a')]);
});

test('STARTTLS missing in one region is reported with the vantages that see it, and so is its return', () => {
  const alerts = alertsOver(HOUR, (vantage, minute) =>
    vantage === 'b' && between(minute, 8, 20) ? stripped : offered,
  );
  expect(reasons(alerts)).toEqual([
    'STARTTLS is no longer offered, at b; not at a, c',
    'STARTTLS is offered, at b; not at a, c. Further changes of it are not reported until it has been stable for a day',
  ]);
});

test('a change that one vantage sees later is reported once', () => {
  const alerts = alertsOver(HOUR, (vantage, minute) => (minute < (vantage === 'c' ? 20 : 8) ? offered : stripped));
  expect(reasons(alerts)).toEqual(['STARTTLS is no longer offered, at a, b; not at c']);
});

test('changes of one round are one alert', () => {
  const before = { tls: 'TLSv1.3', inTls: 'DSN SIZE=2', inClear: 'DSN SIZE=2' };
  const after = { tls: 'TLSv1.2', inTls: 'DSN SIZE=1', inClear: 'DSN SIZE=1' };
  const alerts = alertsOver(HOUR, (_, minute) => (minute < 9 ? before : after));
  expect(reasons(alerts)).toEqual(['TLS 1.3 -> 1.2; before TLS and in TLS: SIZE 2 -> 1, at a, b, c']);
});

test('facts that a session does not reach are not compared', () => {
  const whole = { starttls: 'offered', inClear: 'SIZE=1', tls: 'TLSv1.3', inTls: 'AUTH=PLAIN SIZE=1' };
  const clearOnly = { starttls: 'offered', inClear: 'SIZE=1' };
  expect(alertsOver(2 * HOUR, (_, minute) => [whole, clearOnly, null][Math.floor(minute / 7) % 3] ?? null)).toEqual([]);
});

test('the failure of the preferred host of a domain changes no facts', () => {
  const both = { 'mx1.example starttls': 'offered', 'mx2.example starttls': 'not offered' };
  const backup = { 'mx2.example starttls': 'not offered' };
  expect(alertsOver(2 * HOUR, (_, minute) => (between(minute, 9, 99) ? backup : both))).toEqual([]);
});

describe('a change is reported after a second round or a second vantage confirms it', () => {
  test.each([
    ['one vantage, once', 1, VANTAGES, 0],
    ['one vantage, twice', 2, VANTAGES, 1],
    ['the only vantage, once', 1, ['a'] as const, 0],
    ['the only vantage, twice', 2, ['a'] as const, 1],
  ])('%s', (_, rounds, vantages, alerts) => {
    const factsAt: FactsAt = (vantage, minute) =>
      vantage === 'a' && between(minute, 8, 8 + rounds) ? stripped : offered;
    // The judge continues after the last probe.
    expect(alertsOver(8 + rounds + 9, factsAt, { vantages, until: 8 + rounds })).toHaveLength(alerts);
  });

  test('a round whose session did not reach the fact does not confirm it', () => {
    const factsAt: FactsAt = (_, minute) => (minute < 8 ? offered : minute === 8 ? stripped : null);
    expect(alertsOver(HOUR, factsAt, { vantages: ['a'] })).toEqual([]);
  });
});

describe('servers that share a name and differ', () => {
  /** Which of two servers answers: pseudo-random, but equal in every run. */
  const which = (vantage: Vantage, minute: number) =>
    (Math.imul(minute * 7 + vantage.charCodeAt(0), 0x9e3779b1) >>> 13) & 1;

  test.each([
    ['certificates', { leaf: 'aa 1 2 CA' }, { leaf: 'bb 1 2 CA' }, 1],
    ['keywords', { inClear: 'DSN' }, { inClear: 'DSN SMTPUTF8' }, 2],
    ['TLS', { tls: 'TLSv1.2' }, { tls: 'TLSv1.3' }, 2],
    ['STARTTLS', { starttls: 'offered' }, { starttls: 'not offered' }, 2],
  ])('in their %s are reported twice at most in a day, whichever answers first', (_, one, other, most) => {
    const mixed: FactsAt = (vantage, minute) => (minute > 5 && which(vantage, minute) === 1 ? other : one);
    expect(alertsOver(24 * HOUR, mixed).length).toBeLessThanOrEqual(most);
    const fromTheStart: FactsAt = (vantage, minute) => (which(vantage, minute) === 1 ? other : one);
    expect(alertsOver(24 * HOUR, fromTheStart).length).toBeLessThanOrEqual(most);
  });

  test('a fact that always changes is reported six times at most', () => {
    const alerts = alertsOver(2 * 24 * HOUR, (_, minute) => ({ inClear: `SIZE=${Math.floor(minute / 10)}` }));
    expect(alerts.length).toBeLessThanOrEqual(6);
  });

  test('do not prevent the report of another fact', () => {
    const factsAt: FactsAt = (vantage, minute) => ({
      ...(minute === 333 || minute > 334 ? stripped : offered),
      leaf: which(vantage, minute) === 1 ? 'aa 1 2 CA' : 'bb 1 2 CA',
    });
    expect(reasons(alertsOver(6 * HOUR, factsAt)).filter((reason) => reason.includes('STARTTLS'))).toEqual([
      'STARTTLS is no longer offered, at a, b, c',
    ]);
  });
});

test('a value that was reported a day ago is reported again', () => {
  const alerts = alertsOver(4 * 24 * HOUR, (_, minute) => (minute % (25 * HOUR) > 12 * HOUR ? stripped : offered));
  expect(alerts).toHaveLength(7);
});

test('a known certificate is never reported again', () => {
  const alerts = alertsOver(4 * 24 * HOUR, (_, minute) => ({
    leaf: minute % (50 * HOUR) > 25 * HOUR ? 'bb 1 2 CA' : 'aa 1 2 CA',
  }));
  expect(alerts).toHaveLength(1);
});
