import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Ballot, Vote } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { decideVerdict, quorumProblem, votesNeeded } from '../../../lambda/consensus/quorum/decide-verdict.ts';
import { MINUTE, policyOf, START, sampleOf } from '../samples.ts';

/** The ballot of a letter: `u`p, `p`assed just now, `d`own, `D`own for an hour, `w`arning, `-` abstains. */
function ballotOf(letter: string, index: number): Ballot {
  const vote: Vote = letter === '-' ? 'abstain' : letter.toLowerCase() === 'd' ? 'down' : 'up';
  const since = vote === 'down' ? isoSeconds(START - (letter === 'D' ? 60 : 2) * MINUTE) : null;
  const warning = letter === 'w' ? { code: 'certificate-expiring', since: isoSeconds(START) } : null;
  const newest = letter === 'p' ? sampleOf('p', `v${index}`, START) : null;
  const failures = letter === 'D' ? 60 : letter === 'd' ? 2 : 0;
  return { vantage: `v${index}`, vote, why: 'said so', since, failures, problems: [], warning, newest };
}

function verdictOf(letters: string, troubled = false, quorum: Parameters<typeof votesNeeded>[0] = 'majority') {
  const ballots = [...letters].map(ballotOf);
  const policy = policyOf(
    ballots.map(({ vantage }) => vantage),
    { quorum },
  );
  return decideVerdict(ballots, policy, troubled ? 'down' : 'up', START);
}

describe('the examples of docs/consensus.md', () => {
  const page = readFileSync(new URL('../../../docs/consensus.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([updDw-]+)` +\| (\S+) +\| (yes|no) +\| `(\w+)`/gm)];

  test('exist', () => expect(rows.length).toBeGreaterThan(10));

  test.each(rows.map(([, votes, quorum, troubled, verdict]) => ({ votes, quorum, troubled, verdict })))(
    '$votes, quorum $quorum, troubled: $troubled is $verdict',
    ({ votes = '', quorum = '', troubled, verdict }) => {
      const parsed = quorum === 'majority' ? 'majority' : Number(quorum);
      expect(verdictOf(votes, troubled === 'yes', parsed).verdict).toBe(verdict);
    },
  );
});

test.each([
  ['majority', 5, 5, 3],
  ['majority', 4, 5, 3],
  ['majority', 2, 3, 2],
  [2, 3, 3, 2],
  [2, 4, 4, 3],
  [3, 3, 3, 3],
  [3, 2, 3, 2],
  [{ down: 4, of: 5 }, 5, 5, 4],
  [{ down: 4, of: 5 }, 3, 5, 3],
  [{ down: 1, of: 2 }, 2, 2, 2],
] as const)('quorum %j of %i entitled among %i is %i', (quorum, entitled, vantages, needed) => {
  expect(votesNeeded(quorum, entitled, vantages)).toBe(needed);
});

test.each([
  ['majority', 3, null],
  [2, 3, null],
  [2, 4, /not a majority: use 3/],
  [{ down: 1, of: 2 }, 2, /not a majority: use 2/],
  [4, 3, /never be reached/],
] as const)('quorum %j of %i vantages', (quorum, vantages, fault) => {
  if (fault === null) expect(quorumProblem(quorum, vantages)).toBeNull();
  else expect(quorumProblem(quorum, vantages)).toMatch(fault);
});

test('the reason has the count of votes', () => {
  expect(verdictOf('ddu').reason).toBe('2 of 3 entitled vantages voted down, quorum 2');
  expect(verdictOf('Duu').reason).toContain('v0 failing for 60 minutes');
  expect(verdictOf('u--').reason).toContain('1 of 3 vantages entitled to vote, 2 needed');
});

describe('properties', () => {
  const letters = fc.array(fc.constantFrom('u', 'p', 'd', 'D', 'w', '-'), { minLength: 1, maxLength: 9 });
  const quorum = fc.oneof(fc.constant('majority' as const), fc.integer({ min: 1, max: 9 }));
  const rank = { unknown: -1, up: 0, degraded: 1, down: 2 } as const;

  test('one more failing vantage never improves the verdict', () => {
    fc.assert(
      fc.property(letters, fc.nat(), fc.boolean(), quorum, (row, at, troubled, needed) => {
        const more = [...row];
        const place = at % row.length;
        // A vantage with a warning is left alone: its failure may be too recent to make the target degraded.
        fc.pre('up'.includes(row[place] ?? '-'));
        more[place] = 'd';
        const [before, after] = [row, more].map((votes) => verdictOf(votes.join(''), troubled, needed).verdict);
        expect(rank[after ?? 'unknown']).toBeGreaterThanOrEqual(rank[before ?? 'unknown']);
      }),
    );
  });

  test('the verdict stays down if an abstaining vantage votes down', () => {
    fc.assert(
      fc.property(letters, fc.nat(), quorum, (row, at, needed) => {
        const place = at % row.length;
        fc.pre(row[place] === '-' && verdictOf(row.join(''), false, needed).verdict === 'down');
        const more = row.map((letter, i) => (i === place ? 'd' : letter)).join('');
        expect(verdictOf(more, false, needed).verdict).toBe('down');
      }),
    );
  });

  test('the order of the votes does not matter', () => {
    const shuffled = letters.chain((row) =>
      fc.tuple(fc.constant(row), fc.shuffledSubarray(row, { minLength: row.length, maxLength: row.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.boolean(), quorum, ([row, other], troubled, needed) => {
        const [one, two] = [row, other].map((votes) => verdictOf(votes.join(''), troubled, needed).verdict);
        expect(one).toBe(two);
      }),
    );
  });

  test('down needs more than half of the entitled vantages, and the minimum number of voters', () => {
    fc.assert(
      fc.property(letters, fc.boolean(), quorum, (row, troubled, needed) => {
        fc.pre(verdictOf(row.join(''), troubled, needed).verdict === 'down');
        const [down, entitled] = [row.filter((l) => 'dD'.includes(l)).length, row.filter((l) => l !== '-').length];
        expect(down * 2).toBeGreaterThan(entitled);
        expect(entitled).toBeGreaterThanOrEqual(Math.min(2, row.length));
      }),
    );
  });
});

test('the reason names the threshold of a warning in words', () => {
  const warned = ballotOf('w', 0);
  const ballots = [0, 1].map((index) => ({
    ...warned,
    vantage: `v${index}`,
    warning: { code: 'certificate-expiring@7 days', since: isoSeconds(START) },
  }));
  expect(decideVerdict(ballots, policyOf(['v0', 'v1']), 'up', START)).toMatchObject({
    verdict: 'degraded',
    reason:
      '0 of 2 entitled vantages voted down, quorum 2; at least 2 of 2 warn: certificate-expiring (threshold 7 days)',
    warning: 'certificate-expiring@7 days',
  });
});
