/** The addresses that are learnt: which they are, and what a listing of each means. */
import { describe, expect, test } from 'vitest';
import { checkDnsbl } from '../../lambda/posture/checks/dnsbl/dnsbl.ts';
import { checkFcrdns } from '../../lambda/posture/checks/fcrdns.ts';
import { mailAddresses } from '../../lambda/posture/mail-addresses.ts';
import { listOfZone } from '../../lambda/standards/dnsbl/list-keys.ts';
import { contextOf, mx, type Spoilt } from './cases.ts';

const HOSTS = {
  'mail.example.com': { A: ['203.0.113.8'] },
  'smtp.example.net': { A: ['203.0.113.9'] },
  '_spf.example.net': { TXT: ['v=spf1 ip4:203.0.113.10 -all'] },
};
const withSpf = (record: string): NonNullable<Spoilt['dns']> => ({
  ...HOSTS,
  'example.com': { MX: [mx('mx1.example.com')], A: ['203.0.113.7'], TXT: [record] },
});

describe('learnt addresses', () => {
  const mxHost = '192.0.2.10 mx';
  const own = '203.0.113.7 a';
  test.each<[string, string, readonly string[]]>([
    ['MX host and domain', 'v=spf1 -all', [mxHost, own]],
    ['ip4', 'v=spf1 ip4:203.0.113.1 -all', ['203.0.113.1 spf', mxHost, own]],
    [
      'a network of /30',
      'v=spf1 ip4:203.0.113.1/30 -all',
      [mxHost, own, ...[0, 1, 2, 3].map((nth) => `203.0.113.${nth} spf`)],
    ],
    ['not one of /28', 'v=spf1 ip4:203.0.113.0/28 -all', [mxHost, own]],
    ['ip6', 'v=spf1 ip6:2001:db8::1 ip6:2001:db8:1::/64 -all', ['2001:db8::1 spf', mxHost, own]],
    ['not those that are refused', 'v=spf1 -ip4:203.0.113.1 ~ip4:203.0.113.2 ?mx -all', [mxHost, own]],
    ['mx', 'v=spf1 mx -all', ['192.0.2.10 spf', own]],
    ['mx of another domain', 'v=spf1 mx:example.net -all', [mxHost, own]],
    ['a', 'v=spf1 a -all', ['203.0.113.7 spf', mxHost]],
    ['a host of the domain', 'v=spf1 a:Mail.Example.com -all', ['203.0.113.8 spf', mxHost, own]],
    [
      'not a host of others, of an include, or with a macro',
      'v=spf1 a:smtp.example.net include:_spf.example.net a:%{i}.example.com -all',
      [mxHost, own],
    ],
    ['not a private one', 'v=spf1 ip4:10.0.0.1 ip6:fd00::1 -all', [mxHost, own]],
  ])('%s', async (_, record, expected) => {
    const { addresses, failure } = await mailAddresses(contextOf({ senders: [], dns: withSpf(record) }), 29);
    expect(addresses.map(({ address, source }) => `${address} ${source}`)).toEqual(expected);
    expect(failure).toBeNull();
  });

  test('of too many, those of networks are left out, and an MX host within a network sends', async () => {
    const record = 'v=spf1 ip4:192.0.2.8/29 ip4:198.51.100.0/29 ip4:198.51.100.8/29 ip4:198.51.100.16/29 -all';
    const { addresses, omitted } = await mailAddresses(contextOf({ senders: [], dns: withSpf(record) }), 29);
    expect(addresses.slice(0, 2).map(({ address, source }) => `${address} ${source}`)).toEqual(['192.0.2.10 spf', own]);
    expect([addresses.length, omitted]).toEqual([24, 9]);
  });

  test('one that is given is not learnt again', async () => {
    const { addresses } = await mailAddresses(
      contextOf({ senders: ['203.0.113.7'], dns: withSpf('v=spf1 a -all') }),
      29,
    );
    expect(addresses[0]).toEqual({ address: '203.0.113.7', source: 'given' });
    expect(addresses).toHaveLength(2);
  });

  test.each([
    [
      'one that a round trip showed surely sends',
      ['203.0.113.20'],
      ['203.0.113.20 trip', '192.0.2.10 mx', '203.0.113.7 a'],
    ],
    ['also if DNS names it, too', ['203.0.113.7'], ['203.0.113.7 trip', '192.0.2.10 mx']],
    ['not a private one', ['10.0.0.1'], ['192.0.2.10 mx', '203.0.113.7 a']],
  ])('%s', async (_, tripAddresses, expected) => {
    const context = { ...contextOf({ senders: [], dns: withSpf('v=spf1 -all') }), tripAddresses };
    const { addresses } = await mailAddresses(context, 29);
    expect(addresses.map(({ address, source }) => `${address} ${source}`)).toEqual(expected);
  });

  test('one that a round trip showed and the SPF record has is still one that surely sends', async () => {
    const dns = withSpf('v=spf1 ip4:203.0.113.20 -all');
    const { addresses } = await mailAddresses(
      { ...contextOf({ senders: [], dns }), tripAddresses: ['203.0.113.20'] },
      29,
    );
    expect(addresses[0]).toEqual({ address: '203.0.113.20', source: 'trip' });
    expect(addresses).toHaveLength(3);
  });

  test('a record with 1,000 hosts costs a few queries', async () => {
    const record = `v=spf1 ${Array.from({ length: 1_000 }, (_, nth) => `a:h${nth}.example.com`).join(' ')} -all`;
    const context = contextOf({ senders: [], dns: withSpf(record) });
    await mailAddresses(context, 29);
    expect(context.queries.length).toBeLessThan(25);
  });

  test('a host of the record without an answer leaves the addresses open', async () => {
    const dns = { ...withSpf('v=spf1 a:mail.example.com -all'), 'mail.example.com': 'failed' as const };
    expect((await mailAddresses(contextOf({ senders: [], dns }), 29)).failure).not.toBeNull();
  });
});

describe('a listing on ZEN', () => {
  const codesFor = async (record: string, entry: string) => {
    const lists = [listOfZone('zen.spamhaus.org')];
    const dns = { ...withSpf(record), [`${entry}.zen.spamhaus.org`]: { A: ['127.0.0.4'] } };
    return (await checkDnsbl(contextOf({ senders: [], lists, dns }))).map(({ code }) => code);
  };
  test.each([
    ['the only server of a domain, by mx', 'v=spf1 mx -all', '10.2.0.192', 'dnsbl-listed'],
    ['the only server of a domain, by a', 'v=spf1 a -all', '7.113.0.203', 'dnsbl-listed'],
    ['an MX host that does not send', 'v=spf1 -all', '10.2.0.192', 'dnsbl-listed-minor'],
    ['a web server', 'v=spf1 mx -all', '7.113.0.203', 'dnsbl-listed-minor'],
    ['a host of an include', 'v=spf1 include:_spf.example.net -all', '10.113.0.203', 'dnsbl-not-listed'],
  ])('%s', async (_, record, entry, code) => {
    expect(await codesFor(record, entry)).toEqual([code]);
  });
});

test('the name of a web server is no finding', async () => {
  const findings = await checkFcrdns(contextOf({ senders: [], dns: withSpf('v=spf1 mx -all') }));
  expect(findings.map(({ subject, code }) => `${subject} ${code}`)).toEqual(['192.0.2.10 fcrdns-confirmed']);
});
