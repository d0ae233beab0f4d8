import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerText, listingWeight } from '../../../lambda/standards/dnsbl/dns-list.ts';
import { domainQuery, readListAnswer, testQueries } from '../../../lambda/standards/dnsbl/list-answer.ts';
import { isListKey, listOfZone, listsDue, withListKeys } from '../../../lambda/standards/dnsbl/list-keys.ts';
import { ABUSIX, DBL, DEFAULT_LISTS, DNS_LISTS, publicList, ZEN } from '../../../lambda/standards/dnsbl/lists.ts';

const surbl = publicList('multi.surbl.org');
const dnswl = publicList('list.dnswl.org');

test.each([
  ['127.0.0.2', ZEN, '127.0.0.2 SBL: source of spam', 'fail'],
  ['127.0.0.10', ZEN, '127.0.0.10 PBL: the provider says that no mail comes from here', 'fail'],
  ['127.0.0.77', ZEN, '127.0.0.77', 'fail'],
  ['127.0.1.2', DBL, '127.0.1.2 low reputation', 'fail'],
  ['127.0.1.105', DBL, '127.0.1.105 a legitimate domain that others abuse', 'warn'],
  ['127.0.1.99', DBL, '127.0.1.99', 'fail'],
  ['127.0.0.8', surbl, '127.0.0.8 PH: phishing', 'fail'],
  // The example of SURBL: 80 is MW and ABUSE.
  ['127.0.0.80', surbl, '127.0.0.80 MW: malware, ABUSE: spam', 'fail'],
  ['127.0.0.128', surbl, '127.0.0.128 CR: a cracked site', 'warn'],
  ['127.0.0.136', surbl, '127.0.0.136 PH: phishing, CR: a cracked site', 'fail'],
  ['127.0.0.4', surbl, '127.0.0.4', 'fail'],
  ['127.0.0.2', publicList('psbl.surriel.com'), '127.0.0.2', 'warn'],
  ['127.0.0.200', ABUSIX, '127.0.0.200 listed by hand', 'fail'],
  ['127.0.0.2', publicList('bl.example.net'), '127.0.0.2', 'warn'],
] as const)('%s: %#', (answer, list, text, weight) => {
  expect([answerText(list, answer), listingWeight(list, [answer])]).toEqual([text, weight]);
});

test('of several answers, the heaviest counts', () => {
  expect(listingWeight(DBL, ['127.0.1.102', '127.0.1.103'])).toBe('warn');
  expect(listingWeight(DBL, ['127.0.1.102', '127.0.1.2'])).toBe('fail');
});

describe('what is no listing', () => {
  test.each([
    ['SURBL blocks the resolver', surbl, '127.0.0.1', 'refused'],
    ['DBL, asked about an address', DBL, '127.0.1.255', 'refused'],
    ['dnswl, over its limit', dnswl, '127.0.0.255', 'refused'],
    ['a typing error in the zone', ZEN, '127.255.255.252', 'refused'],
    ['a public resolver', ZEN, '127.255.255.254', 'refused'],
    ['too many questions', ZEN, '127.255.255.255', 'refused'],
    ['a key that is not valid', ZEN, '127.255.255.250', 'refused'],
    ['the same answer of another list', ZEN, '127.0.0.1', 'listed'],
    ['the edge of refusals', ZEN, '127.255.254.255', 'listed'],
    ['a sold zone', ZEN, '203.0.113.1', 'foreign'],
    ['an address of IPv6', ZEN, '::1', 'foreign'],
  ] as const)('%s', (_, { refusals }, answer, kind) => expect(readListAnswer([answer], refusals).kind).toBe(kind));
});

test('the test entries of RFC 5782 5, and those of lists that have others', () => {
  expect(testQueries('domain', publicList('bl.example.net'))).toEqual({
    listed: 'test.bl.example.net',
    unlisted: 'invalid.bl.example.net',
  });
  expect(testQueries('domain', DBL).listed).toBe('dbltest.com.dbl.spamhaus.org');
  expect(testQueries('domain', surbl).listed).toBe('test.surbl.org.multi.surbl.org');
  expect(testQueries(4, ZEN).listed).toBe('2.0.0.127.zen.spamhaus.org');
  expect(domainQuery('Example.COM.', 'dbl.spamhaus.org')).toBe('example.com.dbl.spamhaus.org');
});

describe('the table', () => {
  test.each(DNS_LISTS.map((list) => [list.name, list] as const))('%s', (_, list) => {
    expect(list.page).toMatch(/^https:\/\//);
    expect(list.removal).toMatch(/^https:\/\//);
    expect(list.seen).toMatch(/^2026-\d\d-\d\d$/);
    expect(list.everyAtLeast).toBeGreaterThanOrEqual(900);
    for (const code of Object.keys(list.codes)) {
      expect(readListAnswer([list.bits ? `127.0.0.${code}` : code], list.refusals).kind).toBe('listed');
    }
    for (const refusal of list.refusals ?? []) expect(readListAnswer([refusal], list.refusals).kind).toBe('refused');
  });

  test('lists that ended, and lists of networks of others, are not there', () => {
    const zones = DNS_LISTS.map(({ zone }) => zone).join(' ');
    expect(zones).not.toMatch(/sorbs|spamcannibal|inps|ahbl|lashback|dnsbl-[23]\.uceprotect/);
  });

  test('defaults have lists of addresses, of domains, and an allow list', () => {
    expect(DEFAULT_LISTS.map(({ zone, kind }) => `${kind} ${zone}`)).toEqual([
      'addresses zen.spamhaus.org',
      'addresses bl.spamcop.net',
      'addresses psbl.surriel.com',
      'addresses bl.mailspike.net',
      'addresses dnsbl-1.uceprotect.net',
      'addresses dnsbl.dronebl.org',
      'domains dbl.spamhaus.org',
      'domains multi.surbl.org',
      'allowed list.dnswl.org',
      'addresses combined.mail.abusix.zone',
    ]);
  });
});

describe('keys', () => {
  test('replace the public zones; a list without one needs a key', () => {
    const lists = withListKeys(DEFAULT_LISTS, { spamhaus: 'KEY1', abusix: 'key2' });
    expect(lists.map(({ zone }) => zone).filter((zone) => zone.startsWith('key'))).toEqual([
      'key1.zen.dq.spamhaus.net',
      'key1.dbl.dq.spamhaus.net',
      'key2.combined.mail.abusix.zone',
    ]);
    expect(lists.map(({ shownZone }) => shownZone).join(' ')).not.toMatch(/key\d/i);
    expect(lists).toHaveLength(DEFAULT_LISTS.length);
    expect(withListKeys(DEFAULT_LISTS, {})).toEqual(DEFAULT_LISTS.filter(({ needsKey }) => needsKey !== true));
  });

  test('a list that the caller left out stays out', () => {
    const keys = { spamhaus: 'key1', abusix: 'key2' };
    expect(withListKeys([publicList('psbl.surriel.com')], keys)).toEqual([publicList('psbl.surriel.com')]);
    expect(withListKeys([], keys)).toEqual([]);
  });

  test.each([
    ['abc123', true],
    ['ABC', true],
    ['', false],
    ['a.b', false],
    ['a b', false],
    ['a-b', false],
    ['x'.repeat(64), false],
  ])('%j is a key: %j', (text, is) => expect(isListKey(text)).toBe(is));

  test.each([
    ['abc.zen.dq.spamhaus.net', '<key>.zen.dq.spamhaus.net', 'Spamhaus ZEN'],
    ['ABC.dbl.dq.spamhaus.net.', '<key>.dbl.dq.spamhaus.net', 'Spamhaus DBL'],
    ['abc.combined.mail.abusix.zone', '<key>.combined.mail.abusix.zone', 'Abusix'],
    ['zen.dq.spamhaus.net', 'zen.dq.spamhaus.net', 'zen.dq.spamhaus.net'],
    ['a-b.zen.dq.spamhaus.net', 'a-b.zen.dq.spamhaus.net', 'a-b.zen.dq.spamhaus.net'],
    ['Multi.surbl.org', 'multi.surbl.org', 'SURBL'],
  ])('%s is shown as %s', (zone, shownZone, name) => expect(listOfZone(zone)).toMatchObject({ shownZone, name }));
});

describe('how often a list is asked', () => {
  const quarter = 900;

  test('within `everyAtLeast`, once: whichever run is the first', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.constantFrom(300, 900, 1_800, 3_600), (from, cadence) => {
        for (const list of DEFAULT_LISTS) {
          const runs = Math.max(1, Math.ceil(list.everyAtLeast / cadence));
          const asked = Array.from(
            { length: runs },
            (_, nth) => listsDue([list], (from + nth) * cadence, cadence).length,
          );
          expect(asked.reduce((sum, one) => sum + one, 0)).toBe(1);
        }
      }),
    );
  });

  test('every quarter of an hour all lists but the allow list, which is asked each hour', () => {
    const at = (nth: number) => listsDue(DEFAULT_LISTS, nth * quarter, quarter).map(({ name }) => name);
    expect(at(0)).toContain('dnswl');
    for (const nth of [1, 2, 3])
      expect(at(nth)).toEqual(DEFAULT_LISTS.map(({ name }) => name).filter((one) => one !== 'dnswl'));
    expect(at(4)).toContain('dnswl');
  });
});
