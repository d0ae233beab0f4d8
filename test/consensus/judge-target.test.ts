import { expect, test } from 'vitest';
import { judgeTarget } from '../../lambda/consensus/judge-target.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import { MINUTE, policyOf, rounds, START } from './samples.ts';

/** Judges after each minute of the rows, one row of letters per vantage. */
function judgeRows(
  rows: Readonly<Record<string, string>>,
  policy = policyOf(Object.keys(rows), { secondOpinion: false }),
) {
  const length = Math.max(...Object.values(rows).map((row) => row.length));
  let judgement: Judgement | null = null;
  const kinds: string[] = [];
  const verdicts: string[] = [];
  for (let minute = 0; minute < length; minute += 1) {
    const observations = Object.entries(rows).flatMap(([vantage, row]) => rounds(vantage, row.slice(0, minute + 1)));
    const now = START + minute * MINUTE + 5000;
    const question = { target: 'mx1', observations, policy, now };
    judgement = judgeTarget({ ...question, previous: judgement });
    expect(judgeTarget({ ...question, previous: judgement })).toBe(judgement);
    verdicts.push(judgement.verdict);
    kinds.push(...judgement.owed.slice(kinds.length).map(({ kind }) => kind));
  }
  return { judgement, kinds, verdicts: verdicts.map((verdict) => verdict.slice(0, 2)).join(' ') };
}

test.each([
  ['all pass', { a: 'ppp', b: 'ppp', c: 'ppp' }, 'up up up', []],
  ['one vantage fails', { a: 'ppfff', b: 'ppppp', c: 'ppppp' }, 'up up up up up', []],
  ['an outage', { a: 'ppfffppp', b: 'ppfffppp', c: 'ppfffppp' }, 'up up up do do do up up', ['down', 'recovered']],
  ['one failed round', { a: 'ppfpp', b: 'ppfpp', c: 'ppfpp' }, 'up up up up up', []],
  ['one vantage has no rounds', { a: 'p....', b: 'ppffp', c: 'ppffp' }, 'up up up do do', ['down']],
  ['a tie', { a: 'pffff', b: 'ppppp' }, 'up up up up up', []],
  ['no rounds at all', { a: 'p......', b: 'p......' }, 'up up up un un un un', ['unknown']],
  ['always too few voters', { a: 'pppppp', b: 'uuuuuu' }, 'un un un un un un', ['unknown']],
  ['a new target that is down', { a: 'fff', b: 'fff' }, 'un do do', ['down']],
])('%s', (_, rows, verdicts, kinds) => {
  const judged = judgeRows(rows as unknown as Record<string, string>);
  expect(judged.verdicts).toBe(verdicts);
  expect(judged.kinds).toEqual(kinds);
});

test('the incident has the first failure and its witnesses', () => {
  const { judgement } = judgeRows({ a: 'pffppp', b: 'pffppp', c: 'pfffpp' });
  expect(judgement?.incident).toMatchObject({ opened: '2026-11-22T12:01:00Z', closed: '2026-11-22T12:05:05Z' });
  const minute = (at: string | undefined) => at?.slice(11, 16);
  const failures = judgement?.incident?.witnesses.map((witness) => [
    witness.vantage,
    minute(witness.firstFailure),
    minute(witness.lastFailure),
  ]);
  expect(failures).toEqual([
    ['a', '12:01', '12:02'],
    ['b', '12:01', '12:02'],
    ['c', '12:01', '12:03'],
  ]);
  expect(judgement?.owed.map(({ id }) => id)).toEqual([
    'mx1@2026-11-22T12:01:00Z#1-down',
    'mx1@2026-11-22T12:01:00Z#2-update',
    'mx1@2026-11-22T12:01:00Z#3-recovered',
  ]);
});

test.each([
  { behind: 4000, at: '2026-11-22T12:02:05Z', why: 'by some seconds: the alerts keep their order' },
  { behind: -5000, at: '2026-11-22T12:02:10Z', why: 'not at all' },
])('the judge that decides the recovery has a clock that is behind that of the other judge, $why', ({ behind, at }) => {
  const policy = policyOf(['a', 'b'], { secondOpinion: false, recover: 1 });
  const down = judgeTarget({
    target: 'mx1',
    previous: judgeRows({ a: 'pf', b: 'pf' }, policy).judgement,
    observations: [...rounds('a', 'pff'), ...rounds('b', 'pff')],
    policy,
    now: START + 2 * MINUTE + 5000,
  });
  const passed = [...rounds('a', 'p', START + 2 * MINUTE + 2000), ...rounds('b', 'p', START + 2 * MINUTE + 2000)];
  const up = judgeTarget({
    target: 'mx1',
    previous: down,
    observations: [...rounds('a', 'pff'), ...rounds('b', 'pff'), ...passed],
    policy,
    now: START + 2 * MINUTE + 5000 - behind,
  });
  expect(up.owed.map(({ kind }) => kind)).toEqual(['down', 'recovered']);
  expect(up.owed.at(-1)?.at).toBe(at);
});
