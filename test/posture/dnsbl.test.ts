/** How lists are asked: a few questions at a time, and with keys that no finding has. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import { checkDnsbl } from '../../lambda/posture/checks/dnsbl/dnsbl.ts';
import { listOfZone } from '../../lambda/standards/dnsbl/list-keys.ts';
import { DEFAULT_LISTS } from '../../lambda/standards/dnsbl/lists.ts';
import { contextOf, type Spoilt } from './cases.ts';

/** The highest number of questions that were under way at the same time, by the zone. */
function counted(lookup: RecordLookup, zones: readonly string[]) {
  const most = new Map<string, number>();
  const under = new Map<string, number>();
  const counting: RecordLookup = async (type, name) => {
    const zone = zones.find((one) => name.endsWith(`.${one}`)) ?? 'others';
    const now = (under.get(zone) ?? 0) + 1;
    under.set(zone, now);
    most.set(zone, Math.max(most.get(zone) ?? 0, now));
    await new Promise((wait) => setTimeout(wait, 1));
    under.set(zone, (under.get(zone) ?? 0) - 1);
    return lookup(type, name);
  };
  return { lookup: counting, most };
}

test('at most four questions are under way to one list, and to several lists at the same time', async () => {
  const zones = ['zen.spamhaus.org', 'psbl.surriel.com', 'bl.spamcop.net'];
  const senders = Array.from({ length: 20 }, (_, nth) => `198.51.100.${nth}`);
  const dns = Object.fromEntries(zones.map((zone) => [`2.0.0.127.${zone}`, { A: ['127.0.0.2'] }]));
  const context = contextOf({ senders, dns, lists: zones.map(listOfZone) });
  const { lookup, most } = counted(context.lookup, zones);
  const findings = await checkDnsbl({ ...context, lookup });
  expect(findings.map(({ code }) => code)).toEqual(['dnsbl-not-listed', 'dnsbl-not-listed', 'dnsbl-not-listed']);
  for (const zone of zones) expect(most.get(zone)).toBe(4);
});

test('each list is tested before it is asked, and a broken one is not asked about addresses', async () => {
  const { queries, ...context } = contextOf({ lists: DEFAULT_LISTS });
  await checkDnsbl(context);
  const asked = queries.filter((query) => query.includes('25.2.0.192.') && !query.includes('in-addr'));
  // Only ZEN and PSBL pass their self-test in the healthy world.
  expect(asked).toEqual(['A 25.2.0.192.zen.spamhaus.org', 'A 25.2.0.192.psbl.surriel.com']);
  expect(queries.filter((query) => query.startsWith('A 2.0.0.127.')).length).toBeGreaterThan(5);
});

describe('a sender with IPv6', () => {
  const test6 = (ends: string) => `${ends}.0.0.0.0.0.f.7.f.f.f.f${'.0'.repeat(20)}.zen.spamhaus.org`;
  const sender = `1${'.0'.repeat(23)}.8.b.d.0.1.0.0.2.zen.spamhaus.org`;
  test.each<[string, NonNullable<Spoilt['dns']>, readonly string[]]>([
    ['the list has no IPv6', {}, ['dnsbl-not-listed']],
    ['listed', { [test6('2')]: { A: ['127.0.0.2'] }, [sender]: { A: ['127.0.0.2'] } }, ['dnsbl-listed']],
    ['not listed', { [test6('2')]: { A: ['127.0.0.2'] } }, ['dnsbl-not-listed']],
    [
      'the test is not answered',
      { [test6('2')]: 'failed', [sender]: { A: ['127.0.0.2'] } },
      ['no-answer', 'dnsbl-not-listed'],
    ],
    [
      'all of IPv6 is listed',
      { [test6('2')]: { A: ['127.0.0.2'] }, [test6('1')]: { A: ['127.0.0.2'] } },
      ['dnsbl-self-test', 'dnsbl-not-listed'],
    ],
  ])('%s', async (_, dns, codes) => {
    const findings = await checkDnsbl(
      contextOf({ senders: ['2001:db8::1'], lists: [listOfZone('zen.spamhaus.org')], dns }),
    );
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });
});

test('an allow list that does not work says nothing', async () => {
  const findings = await checkDnsbl(contextOf({ lists: [listOfZone('list.dnswl.org')] }));
  expect(findings).toEqual([]);
});

describe('keys', () => {
  const keys = { spamhaus: 'Abc0123456789defghijklmnop', abusix: 'f00ba4' };
  const secrets = Object.values(keys).map((key) => key.toLowerCase());

  test('the lists of the services are asked by the keys', async () => {
    const context = contextOf({ lists: DEFAULT_LISTS, listKeys: keys });
    await checkDnsbl(context);
    const zones = ['zen.dq.spamhaus.net', 'dbl.dq.spamhaus.net'].map((below) => `${secrets[0]}.${below}`);
    for (const zone of [...zones, `${secrets[1]}.combined.mail.abusix.zone`]) {
      expect(context.queries.some((query) => query.endsWith(zone))).toBe(true);
    }
    expect(context.queries.filter((query) => /\.(?:zen|dbl)\.spamhaus\.org$/.test(query))).toEqual([]);
  });

  test('no finding has them, whatever is answered', async () => {
    // A list, or a resolver, may repeat the name that it was asked.
    const entryOf = (name: string) =>
      fc.oneof(
        fc.constant('failed' as const),
        fc.constant({}),
        fc.constantFrom('127.0.0.2', '127.0.1.2', '127.255.255.250', '203.0.113.1').map((address) => ({
          A: [address],
          TXT: [`see https://example.net/${name.toUpperCase()}`],
        })),
      );
    const names = [
      ...['2.0.0.127', '1.0.0.127', '25.2.0.192', '10.2.0.192'].flatMap((name) => [
        `${name}.${secrets[0]}.zen.dq.spamhaus.net`,
        `${name}.${secrets[1]}.combined.mail.abusix.zone`,
      ]),
      ...['dbltest.com', 'invalid', 'example.com'].map((name) => `${name}.${secrets[0]}.dbl.dq.spamhaus.net`),
    ];
    const zone = fc.record(Object.fromEntries(names.map((name) => [name, entryOf(name)])));
    await fc.assert(
      fc.asyncProperty(zone, async (dns: NonNullable<Spoilt['dns']>) => {
        const findings = await checkDnsbl(contextOf({ lists: DEFAULT_LISTS, listKeys: keys, dns }));
        const text = JSON.stringify(findings).toLowerCase();
        for (const secret of secrets) expect(text).not.toContain(secret);
        expect(text).toContain('<key>.zen.dq.spamhaus.net');
      }),
      { numRuns: 300 },
    );
  });

  test('a text that is no key changes nothing', async () => {
    const context = contextOf({ lists: DEFAULT_LISTS, listKeys: { spamhaus: 'x.example.net', abusix: '' } });
    await checkDnsbl(context);
    expect(context.queries.filter((query) => query.includes('example.net') || query.includes('abusix'))).toEqual([]);
  });
});
