import { describe, expect, test } from 'vitest';
import { acknowledgeIncident } from '../../lambda/consensus/incident/acknowledge.ts';
import { withdrawTarget } from '../../lambda/consensus/incident/withdraw.ts';
import { judgeAll } from '../../lambda/consensus/judge-all.ts';
import { incidentDuration } from '../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../../lambda/consensus/judgement/observation.ts';
import { secondOpinionRequests } from '../../lambda/consensus/quorum/second-opinion.ts';
import { MINUTE, policyOf, rounds, START, sampleOf } from './samples.ts';

const VANTAGES = ['a', 'b', 'c'] as const;
const policy = policyOf(VANTAGES, { secondOpinion: false });

/** Judges all targets every minute; `seen` returns the samples of a target until then. */
function judgeMinutes(
  minutes: number,
  seen: (target: string, minute: number) => readonly Observation[],
  { targets = ['mx1'], using = policy, stored = [] as readonly Judgement[], from = 0 } = {},
) {
  let judgements = stored;
  for (let minute = from; minute < from + minutes; minute += 1) {
    const observations = new Map(targets.map((target) => [target, byVantage(seen(target, minute))]));
    const now = START + minute * MINUTE + 5000;
    judgements = judgeAll({ targets, stored: judgements, observations, policy: using, now }).map(({ next }) => next);
  }
  return new Map(judgements.map((judgement) => [judgement.target, judgement]));
}

/** Rows of letters by vantage, until the minute. */
function rows(...letters: readonly string[]) {
  return (_: string, minute: number) =>
    letters.flatMap((row, i) => rounds(VANTAGES[i] ?? '', row.slice(0, minute + 1)));
}

function byVantage(seen: readonly Observation[]) {
  return new Map(VANTAGES.map((vantage) => [vantage, seen.filter((one) => one.vantage === vantage)]));
}

function kindsOf(judgement: Judgement | undefined) {
  return judgement?.owed.map(({ kind }) => kind);
}

test('a lasting minority is reported as degraded, once', () => {
  const judged = judgeMinutes(30, rows('f'.repeat(30), 'p'.repeat(30), 'p'.repeat(30))).get('mx1');
  expect(kindsOf(judged)).toEqual(['degraded']);
  expect(judged?.owed[0]?.reason).toContain('a failing for 15 minutes');
});

test('a warning that a quorum agrees on is reported once, and again at the next threshold', () => {
  const warned = (_: string, minute: number) =>
    VANTAGES.flatMap((vantage) =>
      Array.from({ length: minute + 1 }, (_, i) => ({
        ...sampleOf('w', vantage, START + i * MINUTE),
        threshold: i < 8 ? '14 days' : '7 days',
      })),
    );
  expect(kindsOf(judgeMinutes(16, warned).get('mx1'))).toEqual(['degraded', 'degraded']);
});

test('more than `flaps` alerts in an hour are one flapping incident, with one alert at its end', () => {
  const flapping = 'ppff'.repeat(8) + 'p'.repeat(40);
  const judged = judgeMinutes(72, rows(flapping, flapping, flapping)).get('mx1');
  expect(kindsOf(judged)).toEqual([
    'down',
    'recovered',
    'down',
    'recovered',
    'down',
    'recovered',
    'flapping',
    'recovered',
  ]);
  expect(judged).toMatchObject({ verdict: 'up', incident: { closed: expect.any(String) } });
});

test('the timeline of a flapping incident has each change of verdict, and its end', () => {
  const flapping = 'ppff'.repeat(8) + 'p'.repeat(40);
  const judged = judgeMinutes(72, rows(flapping, flapping, flapping)).get('mx1');
  const changes = judged?.incident?.timeline.filter(({ what }) => /^(up|down): /.test(what)) ?? [];
  expect(changes.map(({ at, what }) => `${at.slice(11, 16)} ${what.slice(0, 4)}`)).toEqual([
    '12:15 down',
    '12:17 up: ',
    '12:19 down',
    '12:21 up: ',
    '12:23 down',
    '12:25 up: ',
    '12:27 down',
    '12:29 up: ',
    '12:31 down',
    '12:33 up: ',
    '13:03 up: ',
  ]);
  expect(changes.at(-1)?.what).toMatch(/; steady for 30 minutes$/);
});

test('a long timeline keeps its beginning and its end, and the count of omitted lines', () => {
  const flapping = 'ppff'.repeat(60);
  const minutes = flapping.length;
  const incident = judgeMinutes(minutes, rows(flapping, flapping, flapping)).get('mx1')?.incident;
  const timeline = incident?.timeline ?? [];
  expect(timeline).toHaveLength(40);
  const left = timeline[10];
  expect(timeline.slice(0, 4).map(({ what }) => what.slice(0, 8))).toEqual([
    'a failed',
    'b failed',
    'c failed',
    'down: 3 ',
  ]);
  // Two changes every four minutes since the opening, and one line per witness.
  const total = (minutes - 16) / 2 + 1 + VANTAGES.length;
  expect(left?.what).toBe(`… ${total - 39} changes left out`);
  expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted());
});

test('a blind vantage has its own incident, reported at its beginning and its end', () => {
  const unable = (target: string, minute: number) =>
    rows(`pp${'u'.repeat(10)}${'p'.repeat(8)}`, 'p'.repeat(20), 'p'.repeat(20))(target, minute);
  const judged = judgeMinutes(20, unable);
  expect(judged.get('vantage/a')?.owed.map(({ kind, subject, is }) => [kind, subject, is])).toEqual([
    ['blind', 'a', 'unknown'],
    ['blind', 'a', 'up'],
  ]);
  expect(kindsOf(judged.get('mx1'))).toEqual([]);
});

describe('a vantage that is new to the config', () => {
  const others = ['p'.repeat(60), 'p'.repeat(60), ''] as const;
  const owedBy = (minutes: number, row = '') =>
    judgeMinutes(minutes, rows(others[0], others[1], row))
      .get('vantage/c')
      ?.owed.map(({ kind, is }) => [kind, is]);

  test('has half an hour before missing rounds are reported', () => {
    expect(owedBy(32)).toEqual([]);
    expect(owedBy(33)).toEqual([['blind', 'unknown']]);
  });

  test('is not reported when it records its first round', () => {
    expect(owedBy(40, `${'.'.repeat(20)}${'p'.repeat(40)}`)).toEqual([]);
  });

  test('is reported like any other vantage after its first round', () => {
    expect(owedBy(27, `${'.'.repeat(20)}pp`)).toEqual([['blind', 'unknown']]);
    const unable = `${'.'.repeat(20)}${'u'.repeat(10)}`;
    expect([owedBy(22, unable), owedBy(24, unable)]).toEqual([[], [['blind', 'unknown']]]);
  });
});

test('a blind vantage that is removed from the config is reported as withdrawn, once, and is new when it is added again', () => {
  const seen = rows('p'.repeat(60), 'p'.repeat(60), 'uuuuu');
  const two = policyOf(['a', 'b'], { secondOpinion: false });
  const blind = [...judgeMinutes(5, seen).values()];
  const without = [...judgeMinutes(2, seen, { stored: blind, using: two, from: 5 }).values()];
  const gone = without.find(({ target }) => target === 'vantage/c');
  expect(gone?.incident?.closed).toBe('2026-11-22T12:05:05Z');
  expect(gone?.owed.map(({ kind, is, reason }) => [kind, is, reason])).toEqual([
    ['blind', 'unknown', 'blind: unable to probe 1 of 1 targets (port-blocked)'],
    ['blind', 'unknown', 'withdrawn: the vantage is no longer in the config'],
  ]);
  const silent = rows('p'.repeat(60), 'p'.repeat(60));
  const back = judgeMinutes(20, silent, { stored: without, from: 30 }).get('vantage/c');
  expect(back).toMatchObject({ verdict: 'unknown', memory: { presence: 'awaited' } });
  expect(back?.owed).toHaveLength(2);
});

test('vantages at different versions of the config are judged together', () => {
  // `a` has the new config; `b` still has the old one; `c` has stopped.
  const probed: Readonly<Record<string, readonly string[]>> = {
    kept: ['ppff', 'ppff', 'p'],
    added: ['..pp', '', ''],
    removed: ['pp', 'ppff', 'p'],
  };
  const judged = judgeMinutes(4, (target, minute) => rows(...(probed[target] ?? []))(target, minute), {
    targets: ['kept', 'added'],
    stored: [...judgeMinutes(1, rows('p', 'p', 'p'), { targets: ['kept', 'removed'] }).values()],
  });
  expect(kindsOf(judged.get('kept'))).toEqual(['down']);
  // One vantage is too few for a verdict, and no alert is sent.
  expect(judged.get('added')).toMatchObject({ verdict: 'unknown', incident: null, owed: [] });
  expect(judged.get('removed')).toMatchObject({ verdict: 'unknown', owed: [] });
});

test('a vantage with a blocked port is blind, but votes on targets at other ports', () => {
  const blocked = (target: string, minute: number) =>
    target === 'submission'
      ? rows('ppfff', 'ppfff', 'ppfff')(target, minute)
      : rows('uuuuu', 'uuuuu', 'uuuuu')(target, minute);
  const judged = judgeMinutes(5, blocked, { targets: ['mx1', 'mx2', 'submission'] });
  expect(kindsOf(judged.get('submission'))).toEqual(['down']);
  expect(kindsOf(judged.get('mx1'))).toEqual(['unknown']);
  for (const vantage of VANTAGES) expect(kindsOf(judged.get(`vantage/${vantage}`))).toEqual(['blind']);
});

test('an acknowledged incident has no updates, but its end is reported', () => {
  const down = judgeMinutes(4, rows('ppff', 'ppff', 'ppff')).get('mx1') as Judgement;
  const acknowledged = acknowledgeIncident(down, 'ops@example.com', START + 4 * MINUTE);
  expect(acknowledged.incident?.acknowledged).toEqual({ at: '2026-11-22T12:04:00Z', by: 'ops@example.com' });
  expect(acknowledgeIncident(acknowledged, 'somebody else', START)).toBe(acknowledged);
  const elsewhere = (target: string, minute: number) =>
    rows(
      'ppffffpp',
      'ppffffpp',
      'ppffffpp',
    )(target, minute).map((seen, i) => (i % 8 > 3 && seen.outcome === 'fail' ? { ...seen, phase: 'tls' } : seen));
  const kinds = (stored: Judgement) => kindsOf(judgeMinutes(5, elsewhere, { stored: [stored], from: 4 }).get('mx1'));
  expect(kinds(down)).toContain('update');
  expect(kinds(acknowledged)).toEqual(['down', 'recovered']);
});

test('a target that is removed from the config is withdrawn, and is new when it is added again', () => {
  const down = judgeMinutes(4, rows('ppff', 'ppff', 'ppff'));
  const gone = judgeMinutes(1, rows(), { targets: [], stored: [...down.values()], from: 5 }).get('mx1') as Judgement;
  expect(gone).toMatchObject({ verdict: 'unknown', incident: { closed: '2026-11-22T12:05:05Z' } });
  expect(gone.owed.at(-1)).toMatchObject({ kind: 'recovered', reason: expect.stringContaining('withdrawn') });
  expect(withdrawTarget(gone, START + 9 * MINUTE)).toBe(gone);
  expect(incidentDuration(gone.incident as NonNullable<Judgement['incident']>, START)).toBe(3 * MINUTE + 5000);
  const back = judgeMinutes(8, rows('pppppppppppppppp', 'pppppppppppppppp'), { stored: [gone], from: 8 }).get('mx1');
  expect(kindsOf(back)).toEqual(['down', 'recovered']);
});

test('the first failure requests a second opinion from every vantage, once', () => {
  const asking = policyOf(VANTAGES);
  const before = judgeMinutes(2, rows('pp', 'pp', 'pp'), { using: asking });
  const question = { targets: ['mx1'], policy: asking, now: START + 2 * MINUTE + 3000 };
  const observations = new Map([['mx1', byVantage(rows('ppf', 'pp', 'pp')('mx1', 2))]]);
  const first = judgeAll({ ...question, stored: [...before.values()], observations });
  expect(secondOpinionRequests(first)).toEqual([
    { round: '2026-11-22T12:02:03.000000001Z', vantages: ['a', 'b', 'c'], targets: ['mx1'] },
  ]);
  const again = judgeAll({
    ...question,
    now: question.now + 1000,
    stored: first.map(({ next }) => next),
    observations,
  });
  expect(secondOpinionRequests(again)).toEqual([]);
  const lost = judgeAll({
    ...question,
    now: question.now + 31_000,
    stored: first.map(({ next }) => next),
    observations,
  });
  expect(secondOpinionRequests(lost)).toMatchObject([{ round: '2026-11-22T12:02:34.000000001Z' }]);
});
