import { expect, test } from 'vitest';
import { readWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { castVote } from '../../../lambda/consensus/vote/cast-vote.ts';
import { MINUTE, policyOf, rounds, START, sampleOf } from '../samples.ts';

/** Without a second opinion: two failures for `down`, two passes for `up`. */
const policy = policyOf(['a', 'b'], { secondOpinion: false });
const now = START + 4 * MINUTE + 5000;

test.each([
  ['ppppp', 'up', 'passed', null],
  ['ppppf', 'up', '1 of 2 failures: connection-refused', '12:04'],
  ['pppff', 'down', 'failed at connect: connection-refused', '12:03'],
  ['ppffp', 'down', 'failed at connect: connection-refused; 1 passed since', '12:02'],
  ['pffpp', 'up', 'passed', null],
  ['pfpfp', 'up', 'passed', null],
  ['....f', 'abstain', 'first failures: 1 of 2', '12:04'],
  ['....p', 'up', 'passed', null],
  ['ppppw', 'up', 'passed with a warning: certificate-expiring', null],
  ['ppppu', 'abstain', 'unable to probe: port-blocked', null],
  ['ppfuf', 'down', 'failed at connect: connection-refused', '12:02'],
  ['ppp..', 'up', 'passed', null],
  ['pp...', 'abstain', 'stale: last round 2026-11-22T12:01:00Z', null],
  ['.....', 'abstain', 'no recent round', null],
])('%s votes %s: %s', (letters, expected, why, since) => {
  const ballot = castVote(rounds('a', letters), policy, now);
  expect(ballot).toMatchObject({ vote: expected, why, since: since === null ? null : `2026-11-22T${since}:00Z` });
});

test('one more failed probe is needed with a second opinion', () => {
  const asked = policyOf(['a', 'b']);
  expect(castVote(rounds('a', 'ppppf'), asked, now).vote).toBe('up');
  expect(castVote(rounds('a', 'pppff'), asked, now).vote).toBe('down');
});

test('a vantage that voted down needs two passes in a row to vote up, also if its failures have left the window', () => {
  const before = '2026-11-22T11:30:00Z';
  expect(castVote(rounds('a', 'pfpfp'), policy, now, before)).toMatchObject({ vote: 'down', since: before });
  expect(castVote(rounds('a', 'pfpfpp'.slice(1)), policy, now, before).vote).toBe('up');
});

test('a warning counts after as many rounds as a failure', () => {
  expect(castVote(rounds('a', 'ppppw'), policy, now).warning).toBeNull();
  expect(castVote(rounds('a', 'pppww'), policy, now).warning).toEqual({
    code: 'certificate-expiring',
    since: '2026-11-22T12:03:00Z',
  });
});

test('a vote does not change because the name of a round that was delivered late leaves the window', () => {
  const seconds = (at: number) => isoSeconds(START + at * 1000);
  for (const late of [60, 150, 229]) {
    const opinion = { ...sampleOf('p', 'a', START + (263 - late) * 1000), began: seconds(263) };
    const recorded = [...rounds('a', 'fffffp').map((seen) => ({ ...seen, began: seen.round })), opinion];
    const votes = [300, 330, 360, 390, 420, 449].map((at) => {
      const judged = START + at * 1000;
      const read = recorded.filter(({ round }) => Date.parse(round) >= judged - readWindow(policy));
      return castVote(read, policy, judged, seconds(0)).vote;
    });
    expect(new Set(votes)).toEqual(new Set([late > 150 ? 'down' : 'up']));
  }
});

test('a round with a name far in the future is ignored', () => {
  expect(castVote(rounds('a', 'ff', now + 5 * MINUTE), policy, now).why).toBe('no recent round');
});

test('a vantage that cannot probe says why, in few words', () => {
  const seen = rounds('a', 'ppppu').map((one) => ({
    ...one,
    detail: 'environment variable X is not set'.padEnd(400, '.'),
  }));
  const { why } = castVote(seen, policy, now);
  expect(why).toMatch(/^unable to probe: port-blocked: environment variable X is not set\.+$/);
  expect(why.length).toBeLessThan(200);
});
