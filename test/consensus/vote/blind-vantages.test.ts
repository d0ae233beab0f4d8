import { expect, test } from 'vitest';
import { blindVantages } from '../../../lambda/consensus/vote/blind-vantages.ts';
import { MINUTE, policyOf, rounds, START } from '../samples.ts';

const policy = policyOf(['a', 'b', 'c']);
const now = START + 3 * MINUTE + 5000;

/** Rows of letters by target and vantage; each target has an address of its own network, or that of `address`. */
function blindIn(
  targets: Readonly<Record<string, readonly string[]>>,
  before: readonly string[] = [],
  address?: string,
) {
  const sightings = Object.entries(targets).map(([target, rows], i) => {
    const byVantage = rows.map((row, k) => {
      const vantage = policy.vantages[k] ?? '';
      return [vantage, rounds(vantage, row).map((seen) => ({ ...seen, address: address ?? `192.0.${i}.1` }))] as const;
    });
    return [target, new Map(byVantage)] as const;
  });
  return [...blindVantages(new Map(sightings), policy, now, new Set(before)).keys()];
}

test.each([
  ['sees as the others do', { mx1: ['pppp', 'pppp', 'pppp'], mx2: ['ffff', 'ffff', 'ffff'] }, []],
  ['fails all that others pass', { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['ppff', 'pppp', 'pppp'] }, ['a']],
  [
    'fails one of three',
    { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['pppp', 'pppp', 'pppp'], mx3: ['pppp', 'pppp', 'pppp'] },
    [],
  ],
  ['is only the first to notice', { mx1: ['pppf', 'ppp.', 'ppp.'], mx2: ['pppf', 'ppp.', 'ppp.'] }, []],
  ['is only the last to notice', { mx1: ['fff.', 'fffp', 'fffp'], mx2: ['fff.', 'fffp', 'fffp'] }, []],
  ['agrees with a quorum', { mx1: ['ppff', 'ppff', 'pppp'], mx2: ['ppff', 'ppff', 'pppp'] }, []],
  ['says itself that it cannot', { mx1: ['uuuu', 'pppp', 'pppp'], mx2: ['uuuu', 'pppp', 'pppp'] }, ['a']],
  ['says nothing', { mx1: ['....', 'pppp', 'pppp'], mx2: ['....', 'pppp', 'pppp'] }, ['a']],
  ['says nothing, like all', { mx1: ['....', '....', '....'] }, []],
] as const)('a vantage that %s', (_, targets, blind) => {
  expect(blindIn(targets)).toEqual(blind);
});

test('two targets of one network may share one fate', () => {
  const targets = { mx1: ['ppff', 'pppp', 'pppp'], mx2: ['ppff', 'pppp', 'pppp'] };
  expect(blindIn(targets, [], '192.0.2.1')).toEqual([]);
  expect(blindIn(targets, [], '2001:db8:1::1')).toEqual([]);
});

test('a blind vantage stays so while others are away, until it passes what they do not see fail', () => {
  const alone = { mx1: ['..ff', 'pp..', 'pp..'], mx2: ['..ff', 'pp..', 'pp..'] };
  expect(blindIn(alone)).toEqual([]);
  expect(blindIn(alone, ['a'])).toEqual(['a']);
  expect(blindIn({ mx1: ['fffp', 'pppp', 'pppp'], mx2: ['fffp', 'pppp', 'pppp'] }, ['a'])).toEqual([]);
  expect(blindIn({ mx1: ['ffff', 'ffff', 'ffff'], mx2: ['ffff', 'ffff', 'ffff'] }, ['a'])).toEqual([]);
});
