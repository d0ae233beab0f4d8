import { describe, expect, test } from 'vitest';
import { changedPolicy, type PolicyOptions } from '../../../bin/arguments/policy.ts';
import { type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import type { RecordedSample, Round } from '../../../lambda/history/packing/recorded-round.ts';
import { guessPolicy, isSamePolicy } from '../../../lambda/reports/replay/configured-or-guessed-policy.ts';
import { comparePages, type Page, pagesOf } from '../../../lambda/reports/replay/pages.ts';
import { openReplay } from '../../../lambda/reports/replay/replay.ts';

const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const every = 60_000;
const start = Date.parse('2026-11-22T00:00:00Z');
const nameOf = (minute: number) => `${new Date(start + minute * every).toISOString().slice(0, 19)}Z`;
const policy: Policy = { ...policyDefaults(3), vantages, every, stagger: false, secondOpinion: false, confirm: 1 };

function sample(outcome: 'pass' | 'fail'): RecordedSample {
  const failure =
    outcome === 'fail' ? { phase: 'connect' as const, code: 'connect-refused' } : { phase: null, code: null };
  return { outcome, ...failure, reply: null, detail: null, timings: {}, total: 1, address: null, transcript: [] };
}

/** An hour in which mx1 fails from `failing` vantages in minutes 10 to 19, and from one vantage in minutes 30 to 34. */
function hour(failing: number): readonly Round[] {
  return Array.from({ length: 60 }, (_, minute) =>
    vantages.map((vantage, place) => {
      const fails = minute >= 10 && minute < 20 ? place < failing : minute >= 30 && minute < 35 && place === 0;
      return { vantage, round: nameOf(minute), samples: new Map([['mx1', sample(fails ? 'fail' : 'pass')]]) };
    }),
  ).flat();
}

function pages(rounds: readonly Round[], changes: PolicyOptions = {}): readonly Page[] {
  const replay = openReplay(['mx1'], changedPolicy(policy, changes));
  for (const round of rounds) replay.addRound(round);
  return pagesOf(replay.finish());
}

describe('pages of a policy', () => {
  test.each<[string, number, PolicyOptions, number]>([
    ['a quorum causes a page', 2, {}, 1],
    ['a minority causes none', 1, {}, 0],
    ['two of three cause none if all three must agree', 2, { quorum: '3' }, 0],
    ['all three cause one', 3, { quorum: '{ down: 3, of: 3 }' }, 1],
    ['a failure shorter than its confirmation causes none', 3, { confirm: '11' }, 0],
    ['a longer failure causes one', 3, { confirm: '9' }, 1],
  ])('%s', (_, failing, changes, count) => expect(pages(hour(failing), changes)).toHaveLength(count));

  test('a page has its start, its end and its reason', () => {
    const [page] = pages(hour(2));
    expect(page).toMatchObject({ target: 'mx1', reason: '2 of 3 entitled vantages voted down, quorum 2' });
    // From the first failed round, or its confirmation, to the confirmed recovery.
    expect(page?.at).toMatch(/^2026-11-22T00:1[01]:59Z$/);
    expect(page?.until).toMatch(/^2026-11-22T00:2[12]:59Z$/);
  });
});

test('pages of two policies are the same if they overlap', () => {
  const page = (target: string, at: number, until: number | null): Page => ({
    target,
    at: nameOf(at),
    until: until === null ? null : nameOf(until),
    reason: '',
  });
  const present = [page('mx1', 10, 20), page('mx1', 30, 40), page('mx2', 10, null)];
  const other = [page('mx1', 12, 25), page('mx2', 50, null), page('mx3', 10, 20)];
  const { gained, lost } = comparePages(present, other);
  expect(gained.map(({ target }) => target)).toEqual(['mx3']);
  expect(lost).toEqual([present[1]]);
});

test.each<[PolicyOptions, boolean]>([
  [{ quorum: '{ down: 3, of: 5 }' }, true],
  [{ quorum: '2' }, true],
  [{ quorum: '3' }, false],
  [{ confirm: '1' }, true],
  [{ confirm: '2' }, false],
])('%j on three vantages equals a majority: %s', (changes, same) => {
  expect(isSamePolicy(policy, changedPolicy(policy, changes))).toBe(same);
});

test('without a config, the policy has the round length of the history', () => {
  expect(guessPolicy(vantages, hour(0))).toMatchObject({ vantages, every, quorum: 'majority', minimumVoters: 2 });
});
