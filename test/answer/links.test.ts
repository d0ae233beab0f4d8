import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledgeLink, linkKeys, linkToken, readLinkToken } from '../../lambda/answer/acknowledge-link.ts';
import { INCIDENTS, NOW } from './answered.ts';
import { LINK_KEY } from './clicks.ts';

const grant = { incident: INCIDENTS.target, address: 'ops@example.com', expires: NOW / 1000 + 60 };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~\u0000é';

describe('tokens', () => {
  test('a token is read back until it expires, and by any of the keys', () => {
    const token = linkToken(grant, LINK_KEY);
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(readLinkToken(token, [LINK_KEY], NOW)).toEqual(grant);
    expect(readLinkToken(token, ['x'.repeat(32), LINK_KEY], NOW)).toEqual(grant);
    expect(readLinkToken(token, [LINK_KEY], NOW + 59_999)).toEqual(grant);
    expect(readLinkToken(token, [LINK_KEY], NOW + 60_000)).toBeNull();
    expect(readLinkToken(token, ['x'.repeat(32)], NOW)).toBeNull();
    expect(readLinkToken(token, [], NOW)).toBeNull();
  });

  test('whatever the incident and the address are, they are read back', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.string({ maxLength: 200 }),
        fc.nat(1_000_000),
        (incident, address, more) => {
          const made = { incident, address, expires: NOW / 1000 + 1 + more };
          expect(readLinkToken(linkToken(made, LINK_KEY), [LINK_KEY], NOW)).toEqual(made);
        },
      ),
    );
  });

  test('no token in which a character was changed, added or left out is accepted', () => {
    const token = linkToken(grant, LINK_KEY);
    fc.assert(
      fc.property(
        fc.nat(token.length),
        fc.constantFrom('change', 'add', 'remove'),
        fc.constantFrom(...ALPHABET),
        (at, how, character) => {
          const rest = token.slice(how === 'add' ? at : at + 1);
          const mutated = token.slice(0, at) + (how === 'remove' ? '' : character) + rest;
          return mutated === token || readLinkToken(mutated, [LINK_KEY], NOW) === null;
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('each character of a token counts, also the bits of the last one that base64url does not use', () => {
    const token = linkToken(grant, LINK_KEY);
    for (let at = 0; at < token.length; at++) {
      for (const character of ALPHABET) {
        if (character === token[at]) continue;
        expect(readLinkToken(token.slice(0, at) + character + token.slice(at + 1), [LINK_KEY], NOW)).toBeNull();
      }
    }
  });

  test('the grant of one token with the signature of another is refused', () => {
    const [mine = ''] = linkToken(grant, LINK_KEY).split('.');
    const [, other = ''] = linkToken({ ...grant, address: 'other@example.com' }, LINK_KEY).split('.');
    expect(readLinkToken(`${mine}.${other}`, [LINK_KEY], NOW)).toBeNull();
  });

  test.each(['', '.', '..', 'a.b', 'a.b.c', '.'.repeat(2000), 'A'.repeat(100_000), `${linkToken(grant, LINK_KEY)}.x`])(
    'refused without an error: %.40s',
    (token) => expect(readLinkToken(token, [LINK_KEY], NOW)).toBeNull(),
  );
});

test('a link begins with the address of the answers, and is valid for its lifetime', () => {
  const maker = { key: LINK_KEY, lifetime: 86_400_000 };
  const link = acknowledgeLink(
    INCIDENTS.target,
    'ops@example.com',
    { ...maker, url: 'https://alerts.example.com/quorum/' },
    NOW,
  );
  expect(link.startsWith('https://alerts.example.com/quorum/acknowledge/')).toBe(true);
  const token = link.slice(link.lastIndexOf('/') + 1);
  expect(readLinkToken(token, [LINK_KEY], NOW)?.expires).toBe(NOW / 1000 + 86_400);
});

test('a key is refused where it is short, and a second one is taken behind white space', () => {
  expect(() => linkKeys('hunter2')).toThrow('32 characters or more');
  expect(() => linkKeys('  ')).toThrow('32 characters or more');
  expect(() => linkKeys(`${LINK_KEY} short`)).toThrow('32 characters or more');
  expect(linkKeys(` ${LINK_KEY}\n${'x'.repeat(32)}\n`)).toEqual([LINK_KEY, 'x'.repeat(32)]);
});
