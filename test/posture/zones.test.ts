/** The areas `dns` and `dnssec` with scripted servers. test/servers/dnssec.test.ts has real ones. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataType, DnskeyData, DsData } from '../../lambda/dns/messages/record-data.ts';
import { checkDns } from '../../lambda/posture/checks/dns.ts';
import { checkDnssec } from '../../lambda/posture/checks/dnssec.ts';
import { DNS_CODES } from '../../lambda/posture/codes/dns-codes.ts';
import type { PostureFinding } from '../../lambda/posture/finding.ts';
import { dsRecords, fitsKey, lifeLeft } from '../../lambda/posture/zones/signatures.ts';
import { namesUpwards } from '../../lambda/posture/zones/zone.ts';
import { serversBehind } from '../../lambda/posture/zones/zone-servers.ts';
import type { Answers } from '../standards/answers.ts';
import { contextOf, mx } from './cases.ts';
import {
  askScripts,
  delegating,
  message,
  type Resolved,
  record,
  type Script,
  serving,
  signature,
  validatorOf,
} from './zone-world.ts';

const zone = 'example.com';
const servers = ['ns1.example.net', 'ns2.example.net'];
const FOUND: Answers = {
  [zone]: { MX: [mx('mx1.example.com')], NS: ['NS2.example.net', 'ns1.example.net'] },
  'mx1.example.com': { A: ['192.0.2.10'], AAAA: ['2001:db8::10'] },
  'ns1.example.net': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
  'ns2.example.net': { A: ['192.0.2.2'], AAAA: ['2001:db8::2'] },
  com: { NS: ['a.example.org'] },
  'a.example.org': { A: ['192.0.2.99'] },
};
const good = serving(zone, { servers });
const SCRIPTS: Readonly<Record<string, Script>> = {
  '192.0.2.1': good,
  '192.0.2.2': good,
  '2001:db8::1': good,
  '2001:db8::2': good,
  '192.0.2.99': delegating(zone, servers),
};

interface World {
  readonly domain?: string;
  readonly dns?: Readonly<Record<string, Answers[string] | null>>;
  readonly scripts?: Readonly<Record<string, Script>>;
}

async function dnsOf({ domain = zone, dns = {}, scripts = {} }: World) {
  const askServer = askScripts({ ...SCRIPTS, ...scripts });
  const findings = await checkDns(contextOf({ domain, dns: { ...FOUND, ...dns }, askServer }));
  return { findings, asked: askServer.asked };
}

const brief = (findings: readonly PostureFinding[]) =>
  findings.map(({ outcome, code, subject }) => `${outcome} ${code} ${subject}`);
const textOf = (findings: readonly PostureFinding[]) =>
  findings.flatMap(({ detail, publish, evidence }) => [detail, ...publish, ...evidence]).join('\n');

const six = 'pass dns-both-families example.com';
const silent = {
  '192.0.2.1': 'silent',
  '192.0.2.2': 'silent',
  '2001:db8::1': 'silent',
  '2001:db8::2': 'silent',
} as const;
const refused = { rcode: 5, authoritative: false } as const;
const resolverAnswers = { authoritative: false, recursive: true } as const;
const all = (script: Script) => Object.fromEntries(Object.keys(silent).map((address) => [address, script]));
const serial = (number: number, primary?: string) =>
  serving(zone, { servers, serial: number, ...(primary === undefined ? {} : { primary }) });

const answersOf = (script: Script, type: DataType, name: string, times: number) =>
  typeof script === 'function' ? script(type, name, times) : {};

const CASES: readonly (readonly [string, World, readonly string[], RegExp])[] = [
  ['all is well', {}, ['pass dns-servers-agree example.com', six], /2 name servers, serial 1/],
  [
    'a mail domain inside of a zone',
    { domain: 'mail.example.com', dns: { 'mail.example.com': { MX: [mx('mx1.example.com')] } } },
    ['pass dns-servers-agree example.com', 'pass dns-both-families mail.example.com'],
    /serial 1/,
  ],
  [
    'an alias is in the zone above it, whatever its target is',
    { domain: 'a.example.com', dns: { 'a.example.com': { CNAME: ['example.org'], NS: ['ns9.example.org'] } } },
    ['pass dns-servers-agree example.com', 'pass dns-both-families a.example.com'],
    /serial 1/,
  ],
  [
    'the NS records are not answered',
    { dns: { [zone]: { NS: 'failed' } } },
    ['unable no-answer example.com'],
    /SERVFAIL/,
  ],
  [
    'one name server',
    {
      dns: { [zone]: { NS: ['ns1.example.net'] } },
      scripts: {
        ...all(serving(zone, { servers: ['ns1.example.net'] })),
        '192.0.2.99': delegating(zone, ['ns1.example.net']),
      },
    },
    ['warn dns-single-server example.com', 'pass dns-servers-agree example.com', 'pass dns-both-families example.com'],
    /only ns1\.example\.net[\s\S]*IN NS ns2\.example\.com\./,
  ],
  [
    'two names of one server',
    { dns: { 'ns2.example.net': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } } },
    ['warn dns-single-server example.com', 'pass dns-servers-agree example.com', six],
    /have the same addresses/,
  ],
  [
    'a name server without an address',
    { dns: { 'ns2.example.net': { TXT: ['x'] } } },
    ['warn dns-server-no-address ns2.example.net', 'pass dns-servers-agree example.com', six],
    /no A or AAAA record/,
  ],
  [
    'a name server whose address is not answered',
    { dns: { 'ns2.example.net': 'failed' } },
    ['unable no-answer ns2.example.net', 'pass dns-servers-agree example.com', six],
    /SERVFAIL/,
  ],
  [
    'a name server that is an alias',
    { dns: { 'ns2.example.net': { CNAME: ['b.example.net'], A: ['192.0.2.2'], AAAA: ['2001:db8::2'] } } },
    ['warn dns-server-is-alias ns2.example.net', 'pass dns-servers-agree example.com', six],
    /alias of b\.example\.net/,
  ],
  [
    'a private address',
    { dns: { 'ns2.example.net': { A: ['10.0.0.1'], AAAA: ['2001:db8::2'] } } },
    ['warn dns-server-not-routable ns2.example.net', 'pass dns-servers-agree example.com', six],
    /10\.0\.0\.1 \(private\)/,
  ],
  [
    'a lame server: REFUSED',
    { scripts: { '192.0.2.2': refused } },
    ['warn dns-server-lame ns2.example.net [192.0.2.2]', six],
    /it answers REFUSED/,
  ],
  [
    'a lame server: SERVFAIL',
    { scripts: { '192.0.2.2': { rcode: 2 } } },
    ['warn dns-server-lame ns2.example.net [192.0.2.2]', six],
    /SERVFAIL/,
  ],
  [
    'a lame server: a referral',
    { scripts: { '192.0.2.2': delegating(zone, servers) } },
    ['warn dns-server-lame ns2.example.net [192.0.2.2]', six],
    /not authoritative/,
  ],
  [
    'a lame server: of another zone',
    { scripts: { '192.0.2.2': serving('example.org', {}) } },
    ['warn dns-server-lame ns2.example.net [192.0.2.2]', six],
    /no SOA record/,
  ],
  [
    'a server that is silent here',
    { scripts: { '192.0.2.2': 'silent' } },
    ['unable dns-server-silent ns2.example.net [192.0.2.2]', six],
    /ETIMEOUT/,
  ],
  [
    'this machine has no IPv6',
    { scripts: { '2001:db8::1': 'silent', '2001:db8::2': 'silent' } },
    ['pass dns-servers-agree example.com', six],
    /serial 1/,
  ],
  [
    'one server is silent by IPv6, another answers by it',
    { scripts: { '2001:db8::2': 'silent' } },
    ['unable dns-server-silent ns2.example.net [2001:db8::2]', six],
    /ETIMEOUT/,
  ],
  [
    'none answers, and the parent does',
    { scripts: silent },
    ['fail dns-no-server-answers example.com', six],
    /none of 2 name servers answers[\s\S]*ns1\.example\.net \[192\.0\.2\.1\]/,
  ],
  [
    'none answers, nor does the parent',
    { scripts: { ...silent, '192.0.2.99': 'silent' } },
    ['unable dns-server-silent example.com', six],
    /port 53 may be blocked/,
  ],
  ['all refuse', { scripts: all(refused) }, ['fail dns-no-server-answers example.com', six], /REFUSED/],
  [
    'a resolver answers in place of all servers',
    { scripts: all(resolverAnswers) },
    ['unable dns-intercepted example.com', six],
    /a resolver answers in place/,
  ],
  [
    'a server that is behind',
    {
      scripts: {
        '192.0.2.2': serial(2_026_112_601),
        '192.0.2.1': serial(2_026_112_605),
        '2001:db8::1': serial(2_026_112_605),
        '2001:db8::2': serial(2_026_112_605),
      },
    },
    ['warn dns-serial-behind ns2.example.net [192.0.2.2] at serial 2026112601', six],
    /ns1\.example\.net \[192\.0\.2\.1\]: serial 2026112605/,
  ],
  [
    'a transfer under way: it ends before the second look',
    {
      scripts: {
        '192.0.2.2': (type, name, times) => {
          const script = serial(times === 0 ? 0 : 1);
          return typeof script === 'function' ? script(type, name, times) : {};
        },
      },
    },
    ['pass dns-servers-agree example.com', six],
    /serial/,
  ],
  [
    'a server that moves, and is behind all the same',
    {
      scripts: {
        '192.0.2.2': (type, name, times) => answersOf(serial(1 + times), type, name, times),
        '192.0.2.1': serial(5),
        '2001:db8::1': serial(5),
        '2001:db8::2': serial(5),
      },
    },
    ['pass dns-servers-agree example.com', six],
    /serial 1 and 5|serial 5 and 1/,
  ],
  [
    'two operators with serials of their own',
    {
      scripts: {
        '192.0.2.2': serial(2_026_112_601, 'ns2.example.net'),
        '2001:db8::2': serial(2_026_112_601, 'ns2.example.net'),
      },
    },
    ['pass dns-servers-agree example.com', six],
    /serial 1 and 2026112601/,
  ],
  [
    'the registry has other servers',
    { scripts: { '192.0.2.99': delegating(zone, ['ns1.example.net', 'old.example.net']) } },
    ['warn dns-parent-differs example.com', six],
    /the parent has ns1\.example\.net, old\.example\.net; the zone has ns1\.example\.net, ns2\.example\.net[\s\S]*IN NS old\.example\.net\./,
  ],
  [
    'the registry answers for the zone itself, so that nothing is known of it',
    { scripts: { '192.0.2.99': serving(zone, { servers: ['other.example.net'] }) } },
    ['pass dns-servers-agree example.com', six],
    /serial/,
  ],
  [
    'the servers have other NS records',
    {
      scripts: {
        '192.0.2.2': serving(zone, { servers: ['ns2.example.net'] }),
        '2001:db8::2': serving(zone, { servers: ['ns2.example.net'] }),
      },
    },
    ['warn dns-servers-differ example.com', six],
    /2 different sets[\s\S]*ns2\.example\.net \[192\.0\.2\.2\]: ns2\.example\.net/,
  ],
  [
    'an MX host without IPv6',
    { dns: { 'mx1.example.com': { A: ['192.0.2.10'] } } },
    ['pass dns-servers-agree example.com', 'pass dns-mx-without-ipv6 example.com'],
    /no IPv6 address: mx1\.example\.com/,
  ],
  [
    'no MX host with IPv4',
    { dns: { 'mx1.example.com': { AAAA: ['2001:db8::10'] } } },
    ['pass dns-servers-agree example.com', 'warn dns-mx-without-ipv4 example.com'],
    /no IPv4 address: mx1\.example\.com/,
  ],
  [
    'one of two name servers with IPv6',
    { dns: { 'ns2.example.net': { A: ['192.0.2.2'] } } },
    ['pass dns-servers-agree example.com', 'pass dns-servers-without-ipv6 example.com'],
    /IPv6 addresses: ns1\.example\.net, of 2/,
  ],
  [
    'name servers without IPv4',
    { dns: { 'ns1.example.net': { AAAA: ['2001:db8::1'] }, 'ns2.example.net': { AAAA: ['2001:db8::2'] } } },
    ['pass dns-servers-agree example.com', 'warn dns-servers-without-ipv4 example.com'],
    /no IPv4 address: ns1/,
  ],
];

describe('name servers', () => {
  test.each(CASES)('%s', async (_, world, expected, text) => {
    const { findings } = await dnsOf(world);
    expect(brief(findings)).toEqual(expected);
    expect(textOf(findings)).toMatch(text);
  });

  test('no question is sent to an address that is not public', async () => {
    const hidden = { A: ['127.0.0.1', '169.254.169.254', '10.0.0.2'], AAAA: ['::1', 'fd00::1'] };
    const { asked } = await dnsOf({
      dns: { 'ns1.example.net': hidden, 'ns2.example.net': hidden, 'a.example.org': hidden },
    });
    expect(asked).toEqual([]);
  });

  test('a zone with 1,000 name servers of many addresses is bounded', async () => {
    const names = Array.from({ length: 1_000 }, (_, nth) => `n${nth}.example.net`);
    const many = { A: Array.from({ length: 50 }, (_, nth) => `192.0.2.${nth}`), AAAA: ['2001:db8::1'] };
    const { asked } = await dnsOf({
      dns: { [zone]: { NS: names }, ...Object.fromEntries(names.map((name) => [name, many])) },
    });
    expect(asked.length).toBeLessThan(100);
  });

  test('without a way to ask servers only names and addresses are checked', async () => {
    const findings = await checkDns(contextOf({ dns: FOUND }));
    expect(brief(findings)).toEqual([six]);
  });
});

test('a serial is compared as RFC 1982 has it', () => {
  const view = (address: string, number: number) =>
    ({ kind: 'serves', name: 'ns', address, serial: number, primary: 'ns1' }) as const;
  const behind = (...serials: number[]) =>
    serversBehind(serials.map((number, nth) => view(`192.0.2.${nth}`, number))).map(({ serial: one }) => one);
  expect(behind(1, 2)).toEqual([1]);
  expect(behind(0xffffffff, 0)).toEqual([0xffffffff]);
  expect(behind(5, 5)).toEqual([]);
  expect(behind(7)).toEqual([]);
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (older, ahead) => {
      expect(behind(older, (older + ahead) % 2 ** 32)).toEqual([older]);
    }),
  );
});

test('names upwards', () => {
  expect(namesUpwards('a.example.com')).toEqual(['a.example.com', 'example.com', 'com']);
  expect(namesUpwards(Array.from({ length: 100 }, () => 'a').join('.'))).toHaveLength(8);
});

const NOW = Date.UTC(2026, 10, 26);
const signed = (type: 'SOA' | 'DNSKEY', [from, until]: readonly [number, number] = [-1, 30]) => ({
  authenticated: true,
  answers: [signature(zone, type, NOW, [from, until])],
});
const key: DnskeyData = { flags: 257, algorithm: 13, key: 'AwEAAQ==', keyTag: 1_808 };
const ds: DsData = {
  keyTag: 1_808,
  algorithm: 13,
  digestType: 2,
  digest: dsRecords(zone, [key])[0]?.split(' ').at(-1) ?? '',
};
const keys = (...data: DnskeyData[]) => ({ answers: data.map((one) => record(zone, 'DNSKEY', one)) });
const delegation = (...data: DsData[]) => ({ answers: data.map((one) => record(zone, 'DS', one)) });
const BASE: Resolved = {
  [`NS ${zone}`]: { answers: [record(zone, 'NS', 'ns1.example.net')] },
  [`MX ${zone}`]: { answers: [record(zone, 'MX', mx('mx1.example.com'))] },
};
const bogus = (cd: Resolved): Resolved => ({
  [`SOA ${zone}`]: 'servfail',
  [`SOA ${zone} CD`]: signed('SOA'),
  [`DS ${zone}`]: delegation(ds),
  [`DNSKEY ${zone}`]: 'servfail',
  [`DNSKEY ${zone} CD`]: keys(key),
  ...cd,
});

async function dnssecOf(resolved: Resolved, dns: World['dns'] = {}) {
  return checkDnssec(
    contextOf({ dns: { ...FOUND, ...dns }, now: NOW, validator: validatorOf({ ...BASE, ...resolved }) }),
  );
}

const RESOLUTIONS: readonly (readonly [string, Resolved, readonly string[], RegExp])[] = [
  [
    'signed',
    { [`SOA ${zone}`]: signed('SOA'), [`DNSKEY ${zone}`]: signed('DNSKEY') },
    ['pass dnssec-valid example.com'],
    /algorithm 13 until 2026-12-26/,
  ],
  ['not signed', {}, ['pass dnssec-unsigned example.com'], /not signed/],
  [
    'keys without a DS record',
    { [`DNSKEY ${zone}`]: keys(key) },
    ['warn dnssec-no-ds example.com'],
    new RegExp(`IN DS 1808 13 2 ${ds.digest}`),
  ],
  [
    'an unknown algorithm',
    { [`DS ${zone}`]: delegation({ ...ds, algorithm: 253 }) },
    ['warn dnssec-not-validated example.com'],
    /253/,
  ],
  [
    'resolvers that do not agree',
    { [`SOA ${zone}`]: { validated: true } },
    ['unable dnssec-not-agreed example.com'],
    /second resolver/,
  ],
  [
    'a resolver that does not answer for the zone',
    { [`NS ${zone}`]: 'timeout' },
    ['unable no-answer example.com'],
    /timeout/,
  ],
  ['a resolver that does not answer', { [`SOA ${zone}`]: 'timeout' }, ['unable no-answer example.com'], /timeout/],
  ['DS that is not answered', { [`DS ${zone}`]: 'timeout' }, ['unable no-answer example.com'], /timeout/],
  ['keys that are not answered', { [`DNSKEY ${zone}`]: 'servfail' }, ['unable no-answer example.com'], /servfail/],
  ['SERVFAIL also without validation', { [`SOA ${zone}`]: 'servfail' }, ['unable no-answer example.com'], /servfail/],
  ['bogus', bogus({}), ['fail dnssec-bogus example.com'], /SERVFAIL with validation/],
  [
    'bogus: a DS record and no key',
    bogus({ [`DNSKEY ${zone} CD`]: {} }),
    ['fail dnssec-ds-without-key example.com'],
    /DS 1808 \(algorithm 13\); example\.com has no DNSKEY/,
  ],
  [
    'bogus: the DS record of another key',
    bogus({ [`DS ${zone}`]: delegation({ ...ds, digest: 'ab' }) }),
    ['fail dnssec-ds-without-key example.com'],
    new RegExp(`has the key 1808[\\s\\S]*IN DS 1808 13 2 ${ds.digest}`),
  ],
  [
    'bogus: expired',
    bogus({ [`SOA ${zone} CD`]: signed('SOA', [-30, -1]) }),
    ['fail dnssec-expired example.com'],
    /ended at 2026-11-25/,
  ],
  [
    'bogus: not yet valid',
    bogus({ [`SOA ${zone} CD`]: signed('SOA', [1, 30]) }),
    ['fail dnssec-bogus example.com'],
    /begin at 2026-11-27/,
  ],
  ['bogus: no signatures', bogus({ [`SOA ${zone} CD`]: {} }), ['fail dnssec-bogus example.com'], /no signature/],
  [
    'bogus: keys cannot be read',
    bogus({ [`DNSKEY ${zone} CD`]: 'timeout' }),
    ['fail dnssec-bogus example.com'],
    /SERVFAIL/,
  ],
  [
    'a tolerated end',
    { [`SOA ${zone}`]: signed('SOA', [-30, -1]), [`DNSKEY ${zone}`]: signed('DNSKEY') },
    ['fail dnssec-expired example.com'],
    /tolerates/,
  ],
  [
    'a near end',
    { [`SOA ${zone}`]: signed('SOA'), [`DNSKEY ${zone}`]: signed('DNSKEY', [-29, 1]) },
    ['warn dnssec-expires-soon example.com'],
    /end at 2026-11-27/,
  ],
];

describe('DNSSEC', () => {
  test.each(RESOLUTIONS)('%s', async (_, resolved, expected, text) => {
    const findings = await dnssecOf(resolved);
    expect(brief(findings)).toEqual(expected);
    expect(textOf(findings)).toMatch(text);
  });

  test.each<[string, Resolved, readonly string[]]>([
    [
      'bogus',
      { 'TLSA _25._tcp.mx1.example.com': 'servfail', 'TLSA _25._tcp.mx1.example.com CD': {} },
      ['fail dnssec-bogus TLSA _25._tcp.mx1.example.com'],
    ],
    ['not answered at all', { 'TLSA _25._tcp.mx1.example.com': 'servfail' }, []],
    ['answered the second time', {}, []],
  ])('records of a zone that is not signed, %s', async (_, resolved, expected) => {
    const findings = await dnssecOf(resolved, { '_25._tcp.mx1.example.com': 'failed' });
    expect(brief(findings)).toEqual(['pass dnssec-unsigned example.com', ...expected]);
  });

  test('a zone that is answered when it is asked again is not bogus', async () => {
    const ask = await validatorOf({ ...BASE, ...bogus({}) })();
    let times = 0;
    const flaky: typeof ask = (type, name, unchecked) => {
      const isFirst = type === 'SOA' && !unchecked && times++ === 0;
      return type === 'SOA' && !isFirst ? ask(type, name, true) : ask(type, name, unchecked);
    };
    const findings = await checkDnssec(contextOf({ dns: FOUND, now: NOW, validator: async () => flaky }));
    expect(brief(findings)).toEqual(['unable no-answer example.com']);
  });

  test('records of a zone that is bogus have no finding of their own', async () => {
    const findings = await dnssecOf(bogus({}), { '_25._tcp.mx1.example.com': 'failed', 'mx1.example.com': 'failed' });
    expect(brief(findings)).toEqual(['fail dnssec-bogus example.com']);
  });

  test('the zones of MX hosts, each once', async () => {
    const hosts = ['mx1.example.net', 'mx2.example.net', '192.0.2.1', ''].map((host) => record(zone, 'MX', mx(host)));
    const findings = await dnssecOf({
      [`MX ${zone}`]: { answers: hosts },
      'NS example.net': { answers: [record('example.net', 'NS', 'ns1.example.net')] },
    });
    expect(brief(findings)).toEqual(['pass dnssec-unsigned example.com', 'pass dnssec-unsigned example.net']);
  });

  test.each(['no-trusted-path', 'not-validating', 'no-answer'] as const)('%s: nothing is judged', async (reason) => {
    expect(await checkDnssec(contextOf({ dns: FOUND, validator: async () => reason }))).toEqual([]);
    expect(await checkDnssec(contextOf({ dns: FOUND }))).toEqual([]);
  });
});

test.each<[string, number, number, string]>([
  ['a month, three weeks left', -9, 21, 'enough'],
  ['a month, three days and a bit left', -27, 3.1, 'enough'],
  ['a month, two days left', -28, 2, 'little'],
  ['a year, five days left', -360, 5, 'enough'],
  ['a year, two days left', -363, 2, 'little'],
  // A signer that signs each answer for two days.
  ['two days, one left', -1, 1, 'enough'],
  ['two weeks, five days left, as BIND renews', -9, 5, 'enough'],
  ['ended', -30, 0, 'none'],
])('what is left of a signature of %s', (_, from, until, left) => {
  const day = 86_400_000;
  expect(lifeLeft({ from: NOW + from * day, until: NOW + until * day }, NOW)).toBe(left);
});

/** RFC 4034 5.4. */
test('the DS record of the example of RFC 4509 2.3', () => {
  const example: DnskeyData = {
    flags: 256,
    algorithm: 5,
    key: 'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==',
    keyTag: 60_485,
  };
  const digest = 'd4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a';
  expect(dsRecords('dskey.example.com', [example])).toEqual([`dskey.example.com. IN DS 60485 5 2 ${digest}`]);
  expect(fitsKey({ keyTag: 60_485, algorithm: 5, digestType: 2, digest }, 'dskey.example.com', [example])).toBe(true);
  expect(fitsKey({ keyTag: 60_485, algorithm: 5, digestType: 2, digest }, 'example.com', [example])).toBe(false);
  expect(
    fitsKey(
      { keyTag: 60_485, algorithm: 5, digestType: 1, digest: '2bb183af5f22588179a53b0a98631fad1a292118' },
      'dskey.example.com',
      [example],
    ),
  ).toBe(true);
});

test('every code has a case', () => {
  const covered = [...CASES, ...RESOLUTIONS].flatMap(([, , expected]) => expected.map((one) => one.split(' ')[1]));
  expect(Object.keys(DNS_CODES).filter((code) => !covered.includes(code))).toEqual([]);
});

test('whatever servers and resolvers say, the checks end with findings that are bounded', async () => {
  const name = fc.constantFrom(
    zone,
    'com',
    'ns1.example.net',
    'mx1.example.com',
    'gone.example.com',
    '',
    'a\\.b.example.com',
    'x'.repeat(250),
  );
  const number = fc.nat(0xffffffff);
  const data: Readonly<Record<'NS' | 'SOA' | 'DS' | 'DNSKEY' | 'RRSIG' | 'MX' | 'CNAME', fc.Arbitrary<unknown>>> = {
    NS: name,
    CNAME: name,
    MX: fc.record({ host: name, preference: fc.nat(65_535) }),
    SOA: fc.record({
      primary: name,
      contact: name,
      serial: number,
      refresh: number,
      retry: number,
      expire: number,
      minimum: number,
    }),
    DS: fc.record({
      keyTag: fc.nat(65_535),
      algorithm: fc.nat(255),
      digestType: fc.nat(255),
      digest: fc.constantFrom('', 'ab'),
    }),
    DNSKEY: fc.record({
      flags: fc.nat(65_535),
      algorithm: fc.nat(255),
      key: fc.constantFrom('', 'AwEAAQ=='),
      keyTag: fc.nat(65_535),
    }),
    RRSIG: fc.record({
      covered: fc.nat(65_535),
      algorithm: fc.nat(255),
      keyTag: fc.nat(65_535),
      signer: name,
      inception: number.map((one) => one * 1_000),
      expiration: number.map((one) => one * 1_000),
    }),
  };
  const records = fc.array(
    fc
      .constantFrom(...(Object.keys(data) as (keyof typeof data)[]))
      .chain((type) => fc.tuple(name, data[type]).map(([owner, value]) => record(owner, type, value as never))),
    { maxLength: 6 },
  );
  const answer = fc.record({
    rcode: fc.constantFrom(0, 0, 0, 2, 3, 5),
    authoritative: fc.boolean(),
    recursive: fc.boolean(),
    validated: fc.boolean(),
    answers: records,
    authority: records,
  });
  const answers = fc.infiniteStream(fc.oneof(answer, fc.constantFrom('servfail' as const, 'timeout' as const)));
  await fc.assert(
    fc.asyncProperty(answers, fc.boolean(), async (stream, authenticated) => {
      const next = () => stream.next().value;
      const reply = async (asked: string) => {
        const found = next();
        return typeof found === 'string'
          ? { kind: 'failed' as const, failure: { kind: found as 'servfail', detail: asked } }
          : message(asked, found);
      };
      const context = contextOf({
        dns: FOUND,
        now: NOW,
        // Serials that differ are looked at twice, with a pause between.
        askServer: async (_, type, asked) => (type === 'SOA' ? message(asked, { rcode: 5 }) : reply(asked)),
        validator: async () => async (_, asked) => {
          const found = await reply(asked);
          return found.kind === 'failed' ? found : { kind: 'answer', message: found, authenticated };
        },
      });
      for (const findings of [await checkDns(context), await checkDnssec(context)]) {
        for (const { detail, evidence } of findings)
          expect([detail, ...evidence].every(({ length }) => length <= 400)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
