import { expect, test } from 'vitest';
import { blindVantages } from '../../../lambda/consensus/vote/blind-vantages.ts';
import { MINUTE, policyOf, rounds, START } from '../samples.ts';

const policy = policyOf(['a', 'b', 'c']);
const now = START + 3 * MINUTE + 5000;

/** The blind vantages, by rows of letters per target and vantage. Each target has an address in its own network, or `address`. */
function blindIn(
  targets: Readonly<Record<string, readonly string[]>>,
  before: readonly string[] = [],
  address?: string,
) {
  const observations = Object.entries(targets).map(([target, rows], i) => {
    const byVantage = rows.map((row, k) => {
      const vantage = policy.vantages[k] ?? '';
      return [vantage, rounds(vantage, row).map((seen) => ({ ...seen, address: address ?? `192.0.${i}.1` }))] as const;
    });
    return [target, new Map(byVantage)] as const;
  });
  return [...blindVantages(new Map(observations), policy, now, new Set(before)).keys()];
}

test.each([
  ['has the same results as the others', { mx1: ['pppp', 'pppp', 'pppp'], mx2: ['ffff', 'ffff', 'ffff'] }, []],
  [
    'fails all targets that pass at the others',
    { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['ppff', 'pppp', 'pppp'] },
    ['a'],
  ],
  [
    'fails one of three targets',
    { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['pppp', 'pppp', 'pppp'], mx3: ['pppp', 'pppp', 'pppp'] },
    [],
  ],
  ['is the first to see an outage', { mx1: ['pppf', 'ppp.', 'ppp.'], mx2: ['pppf', 'ppp.', 'ppp.'] }, []],
  ['is the last to see a recovery', { mx1: ['fff.', 'fffp', 'fffp'], mx2: ['fff.', 'fffp', 'fffp'] }, []],
  ['agrees with a quorum', { mx1: ['ppff', 'ppff', 'pppp'], mx2: ['ppff', 'ppff', 'pppp'] }, []],
  ['has only `unable` samples', { mx1: ['uuuu', 'pppp', 'pppp'], mx2: ['uuuu', 'pppp', 'pppp'] }, ['a']],
  ['has no samples', { mx1: ['....', 'pppp', 'pppp'], mx2: ['....', 'pppp', 'pppp'] }, ['a']],
  ['has no samples, like all others', { mx1: ['....', '....', '....'] }, []],
] as const)('a vantage that %s', (_, targets, blind) => {
  expect(blindIn(targets)).toEqual(blind);
});

test('two failing targets in one network do not make a vantage blind', () => {
  const targets = { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['ppff', 'pppp', 'pppp'] };
  expect(blindIn(targets, [], '192.0.2.1')).toEqual([]);
  expect(blindIn(targets, [], '2001:db8:1::1')).toEqual([]);
});

test('a blind vantage stays blind while others have no samples, until targets that do not fail there pass', () => {
  const onlyVantage = { mx1: ['..ff', 'pp..', 'pp..'], mx2: ['..ff', 'pp..', 'pp..'] };
  expect(blindIn(onlyVantage)).toEqual([]);
  expect(blindIn(onlyVantage, ['a'])).toEqual(['a']);
  expect(blindIn({ mx1: ['fffp', 'pppp', 'pppp'], mx2: ['fffp', 'pppp', 'pppp'] }, ['a'])).toEqual([]);
  expect(blindIn({ mx1: ['ffff', 'ffff', 'ffff'], mx2: ['ffff', 'ffff', 'ffff'] }, ['a'])).toEqual([]);
});

test('a vantage that fails alone at two of six targets is not blind, though every vantage probes at another second', () => {
  const staggered = { ...policy, stagger: true };
  const seen = (row: string, vantage: string, place: number) =>
    rounds(vantage, row).map((observation) => ({ ...observation, address: `192.0.${place}.1` }));
  const observations = new Map(
    Array.from({ length: 6 }, (_, place) => {
      const rows = [place < 2 ? 'ppff' : 'pppp', 'pppp', 'pppp'];
      const byVantage = rows.map((row, at) => [policy.vantages[at] ?? '', seen(row, policy.vantages[at] ?? '', place)]);
      return [`mx${place}`, new Map(byVantage as [string, ReturnType<typeof seen>][])] as const;
    }),
  );
  expect([...blindVantages(observations, staggered, now + MINUTE).keys()]).toEqual([]);
});
