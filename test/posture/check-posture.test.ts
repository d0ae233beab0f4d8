import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postureJsonSchema, posturePage } from '../../docs/posture.ts';
import { postureOutcome, worstFirst } from '../../lambda/posture/check-posture.ts';
import { POSTURE_AREAS } from '../../lambda/posture/codes/code.ts';
import { POSTURE_CODES, type PostureCode, postureCodeRow } from '../../lambda/posture/codes/codes.ts';
import { DNS_CODES } from '../../lambda/posture/codes/dns-codes.ts';
import { listOfZone } from '../../lambda/standards/dnsbl/list-keys.ts';
import { checked, goodKey, HEALTHY, mx, policy, policyText, rsaKey, type Spoilt } from './cases.ts';
import { MAIL_CASES } from './cases-of-mail-standards.ts';
import { TRANSPORT_CASES } from './transport-cases.ts';

const codes = Object.keys(POSTURE_CODES) as PostureCode[];

test('a healthy domain passes in every area', async () => {
  const { findings } = await checked({});
  expect(findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(postureOutcome(findings)).toBe('pass');
  expect(findings.map(({ code }) => code)).toEqual([
    'mx-valid',
    'spf-valid',
    'spf-sender-pass',
    'dkim-valid',
    'dmarc-enforced',
    'fcrdns-confirmed',
    'fcrdns-confirmed',
    'dnsbl-not-listed',
    'dnsbl-not-listed',
    'sts-enforced',
    'tlsrpt-valid',
    'dane-valid',
    'bimi-valid',
  ]);
});

const txt = (name: string, ...texts: string[]): Spoilt => ({ dns: { [name]: { TXT: texts } } });
const spf = (text: string, more: Spoilt['dns'] = {}): Spoilt => ({
  dns: { 'example.com': { MX: [mx('mx1.example.com')], TXT: [`v=spf1 ${text}`] }, ...more },
});
const apex = (...texts: string[]): Spoilt => ({ dns: { 'example.com': { MX: [mx('mx1.example.com')], TXT: texts } } });
const exchanger = (...hosts: string[]): Spoilt => ({
  dns: { 'example.com': { MX: hosts.map((host) => mx(host)), TXT: ['v=spf1 ip4:192.0.2.25 -all'] } },
});
const dmarc = (text: string) => txt('_dmarc.example.com', `v=DMARC1; ${text}`);
const rua = 'rua=mailto:reports@example.com';
const key = (text: string) => txt('s1._domainkey.example.com', text);
const sts = (body: string): Spoilt => ({ fetched: policy(body) });
const tlsa = (usage: number, data = 'ab'.repeat(32)): Spoilt => ({
  dns: { '_25._tcp.mx1.example.com': { TLSA: [{ usage, selector: 1, matching: 1, data }] } },
});
const listed = (address: string, answer: string, zone = 'zen.spamhaus.org'): Spoilt => ({
  dns: { [`${address.split('.').reverse().join('.')}.${zone}`]: { A: [answer] } },
});
const chain = (length: number) =>
  Object.fromEntries(
    Array.from({ length }, (_, nth) => [
      `s${nth + 1}.example.net`,
      { TXT: [`v=spf1 ${nth + 1 < length ? `include:s${nth + 2}.example.net` : 'ip4:192.0.2.25'} -all`] },
    ]),
  );

/** What is spoilt, the codes that appear, and what the detail or the record to publish says. */
const CASES: readonly (readonly [PostureCode, string, Spoilt, RegExp])[] = [
  ['mx-null-record', 'null MX', exchanger(''), /"0 \."/],
  ['mx-no-domain', 'no domain', { dns: { 'example.com': null } }, /NXDOMAIN/],
  ['mx-absent', 'no MX and no address', { dns: { 'example.com': { TXT: ['x'] } } }, /IN MX 10/],
  ['mx-implicit', 'no MX', { dns: { 'example.com': { A: ['192.0.2.1'] } } }, /192\.0\.2\.1/],
  ['mx-no-address', 'a host without an address', exchanger('gone.example.com'), /gone\.example\.com has no A/],
  [
    'mx-host-is-alias',
    'an alias',
    { dns: { 'mx1.example.com': { CNAME: ['a.example.net'], A: ['192.0.2.10'] } } },
    /alias of a\.example\.net/,
  ],
  ['mx-host-is-address', 'an address', exchanger('192.0.2.10'), /192\.0\.2\.10/],
  [
    'mx-host-not-routable',
    'a private address',
    { dns: { 'mx1.example.com': { A: ['10.0.0.1'] } } },
    /10\.0\.0\.1 \(private\)/,
  ],
  [
    'mx-many',
    '1,000 MX hosts',
    exchanger(...Array.from({ length: 1000 }, (_, nth) => `mx${nth}.example.com`)),
    /1000 MX hosts/,
  ],

  ['spf-missing', 'no record', apex('other'), /v=spf1 mx ip4:192\.0\.2\.25 ~all/],
  [
    'spf-missing',
    'no record of a domain without mail',
    { senders: [], dns: { 'example.com': { MX: [mx('')] } } },
    /"v=spf1 -all"/,
  ],
  ['spf-misspelt', 'quotes', apex('"v=spf1 ip4:192.0.2.25 -all"'), /IN TXT "v=spf1 ip4:192\.0\.2\.25 -all"/],
  [
    'spf-several',
    'two records',
    apex('v=spf1 ip4:192.0.2.25 ~all', 'v=spf1 mx -all'),
    /"v=spf1 ip4:192\.0\.2\.25 mx -all"/,
  ],
  ['spf-syntax', 'a mistake', spf('ipv4:192.0.2.25 -all'), /column 8: 'ipv4:192\.0\.2\.25'/],
  [
    'spf-include-broken',
    'a vanished include',
    spf('ip4:192.0.2.25 include:gone.example.net -all'),
    /include:gone\.example\.net of example\.com: gone\.example\.net does not exist/,
  ],
  [
    'spf-include-broken',
    'an include of itself',
    spf('ip4:192.0.2.25 include:example.com -all'),
    /example\.com includes example\.com/,
  ],
  [
    'spf-too-many-lookups',
    '11 lookups',
    spf('ip4:192.0.2.25 a mx include:s1.example.net -all', { ...chain(9) }),
    /11 lookups, 10 are allowed: a 1, mx 1, include:s1\.example\.net 9/,
  ],
  ['spf-lookups-at-limit', '10 lookups', spf('ip4:192.0.2.25 include:s1.example.net -all', chain(10)), /10 lookups/],
  [
    'spf-too-many-void-lookups',
    'three void lookups',
    spf('ip4:192.0.2.25 a:x.example.net a:y.example.net a:z.example.net -all'),
    /a:z\.example\.net of example\.com/,
  ],
  ['spf-void-lookup', 'a void lookup', spf('ip4:192.0.2.25 a:x.example.net -all'), /x\.example\.net has no address/],
  [
    'spf-too-many-mx',
    '11 MX hosts',
    spf('ip4:192.0.2.25 mx:many.example.net -all', {
      'many.example.net': { MX: Array.from({ length: 11 }, (_, nth) => mx(`m${nth}.example.net`)) },
    }),
    /11 MX hosts/,
  ],
  ['spf-allows-everyone', '+all', spf('+all'), /"v=spf1 ~all"/],
  ['spf-allows-everyone', 'all without a sign', spf('mx all'), /"v=spf1 mx ~all"/],
  ['spf-allows-everyone', 'half of all addresses', spf('ip4:0.0.0.0/1 ip4:192.0.2.25 -all'), /ip4:0\.0\.0\.0\/1/],
  [
    'spf-allows-everyone',
    'an included +all',
    spf('ip4:192.0.2.25 include:x.example.net -all', { 'x.example.net': { TXT: ['v=spf1 +all'] } }),
    /include:x\.example\.net of example\.com has \+all/,
  ],
  ['spf-neutral-all', '?all', spf('ip4:192.0.2.25 ?all'), /"v=spf1 ip4:192\.0\.2\.25 ~all"/],
  ['spf-neutral-all', 'no all', spf('ip4:192.0.2.25'), /without all/],
  [
    'spf-neutral-all',
    'no all behind a redirect',
    spf('redirect=x.example.net', { 'x.example.net': { TXT: ['v=spf1 ip4:192.0.2.25'] } }),
    /without all/,
  ],
  ['spf-ptr', 'ptr', spf('ip4:192.0.2.25 ptr -all'), /"v=spf1 ip4:192\.0\.2\.25 -all"/],
  ['spf-wide-network', 'a wide network', spf('ip4:192.0.0.0/12 -all'), /ip4:192\.0\.0\.0\/12/],
  ['spf-ignored-term', 'terms after all', spf('ip4:192.0.2.25 -all mx'), /column 28: mx/],
  [
    'spf-sender-refused',
    'another sender',
    { senders: ['198.51.100.1'] },
    /"v=spf1 ip4:192\.0\.2\.25 ip4:198\.51\.100\.1 -all"/,
  ],
  [
    'spf-sender-doubted',
    'softfail',
    { ...spf('ip4:192.0.2.25 ~all'), senders: ['2001:db8::1'] },
    /ip6:2001:db8::1 ~all/,
  ],
  ['spf-sender-error', 'permerror', spf('include:gone.example.net -all'), /permerror, by include/],

  ['dkim-missing', 'no record', { dns: { 's1._domainkey.example.com': null } }, /does not exist/],
  ['dkim-missing', 'other text', key('hello'), /are not key records/],
  [
    'dkim-several',
    'two keys',
    txt('s1._domainkey.example.com', `p=${goodKey}`, `k=rsa; p=${goodKey}`),
    /2 key records/,
  ],
  ['dkim-syntax', 'a key that is cut off', key(`v=DKIM1; p=${goodKey.slice(0, 200)}`), /cut off/],
  ['dkim-syntax', 'a mistake', key(`v=DKIM1; k rsa; p=${goodKey}`), /column 10/],
  ['dkim-revoked', 'a revoked key', key('v=DKIM1; p='), /p= is empty/],
  ['dkim-weak-key', '768 bits', key(`p=${rsaKey(768)}`), /768 bits/],
  ['dkim-short-key', '1024 bits', key(`p=${rsaKey(1024)}`), /1024 bits/],
  ['dkim-long-key', '4104 bits', key(`p=${rsaKey(4104)}`), /4104 bits/],
  ['dkim-key-type', 'another type', key(`k=dsa; p=${goodKey}`), /k=dsa/],
  ['dkim-sha1-only', 'SHA-1', key(`v=DKIM1; h=sha1; p=${goodKey}`), /IN TXT "v=DKIM1; p=/],
  ['dkim-not-for-mail', 'another service', key(`s=other; p=${goodKey}`), /neither/],
  ['dkim-testing', 'a test', key(`v=DKIM1; t=y; p=${goodKey}`), /IN TXT "v=DKIM1; p=/],
  [
    'dkim-shared-key',
    'one key twice',
    { ...txt('s2._domainkey.example.com', `p=${goodKey}`), selectors: ['s1', 's2'] },
    /s1.*, s2/,
  ],
  [
    'dkim-none',
    'nothing below _domainkey',
    { selectors: [], dns: { 's1._domainkey.example.com': null } },
    /_domainkey\.example\.com does not exist/,
  ],
  [
    'dkim-selector-unknown',
    'an unknown selector',
    { selectors: [], dns: { 's1._domainkey.example.com': null, '_domainkey.example.com': {} } },
    /common selectors/,
  ],

  [
    'dmarc-missing',
    'no record',
    { dns: { '_dmarc.example.com': null } },
    /"v=DMARC1; p=none; rua=mailto:dmarc-reports@example\.com"/,
  ],
  ['dmarc-misspelt', 'no semicolon', txt('_dmarc.example.com', 'v=DMARC1 p=none'), /"v=DMARC1; p=none"/],
  [
    'dmarc-misplaced',
    'at the domain',
    { dns: { ...apex('v=spf1 ip4:192.0.2.25 -all', `v=DMARC1; p=none; ${rua}`).dns, '_dmarc.example.com': null } },
    /^_dmarc\.example\.com\. IN TXT "v=DMARC1; p=none/m,
  ],
  ['dmarc-several', 'two records', txt('_dmarc.example.com', 'v=DMARC1; p=none', 'v=DMARC1; p=reject'), /2 records/],
  ['dmarc-syntax', 'a mistake', dmarc(`p=reject; adkim=strict; ${rua}`), /column 21: adkim=strict/],
  ['dmarc-policy-none', 'p=none', dmarc(`p=none; ${rua}`), /"v=DMARC1; p=quarantine; rua/],
  [
    'dmarc-policy-none',
    'sp=none of a parent',
    { ...dmarc(`p=reject; sp=none; ${rua}`), domain: 'out.example.com', selectors: [] },
    /"v=DMARC1; p=reject; sp=quarantine; rua/,
  ],
  ['dmarc-testing', 't=y', dmarc(`p=reject; t=y; ${rua}`), /"v=DMARC1; p=reject; rua/],
  ['dmarc-subdomains-weaker', 'sp=none', dmarc(`p=reject; sp=none; ${rua}`), /p=reject, but sp=none and np=none/],
  ['dmarc-removed-tag', 'pct', dmarc(`p=reject; pct=50; ${rua}`), /"v=DMARC1; p=reject; rua/],
  ['dmarc-unknown-tag', 'a misspelt tag', dmarc(`p=reject; rau=x; ${rua}`), /rau; did you mean rua\?/],
  ['dmarc-unknown-tag', 'an unknown tag', dmarc(`p=reject; policy=x; ${rua}`), /policy/],
  ['dmarc-no-reports', 'no reports', dmarc('p=reject'), /"v=DMARC1; p=reject; rua=mailto:dmarc-reports@example\.com"/],
  [
    'dmarc-reports-refused',
    'another domain',
    dmarc('p=reject; rua=mailto:a@example.net'),
    /^example\.com\._report\._dmarc\.example\.net\. IN TXT "v=DMARC1"$/m,
  ],

  ['fcrdns-no-name', 'no name', { dns: { '25.2.0.192.in-addr.arpa': null } }, /192\.0\.2\.25 has no PTR/],
  [
    'fcrdns-not-confirmed',
    'another address',
    { dns: { 'out.example.com': { A: ['192.0.2.99'] } } },
    /192\.0\.2\.25 is out\.example\.com, without/,
  ],
  [
    'fcrdns-other-address',
    'an MX host without a name',
    { dns: { '10.2.0.192.in-addr.arpa': null } },
    /192\.0\.2\.10 has no PTR/,
  ],

  ['dnsbl-listed', 'a sender', listed('192.0.2.25', '127.0.0.4'), /127\.0\.0\.4 XBL/],
  [
    'dnsbl-listed-minor',
    'a sender on a small list',
    listed('192.0.2.25', '127.0.0.2', 'psbl.surriel.com'),
    /PSBL: 127\.0\.0\.2/,
  ],
  ['dnsbl-listed-minor', 'an MX host', listed('192.0.2.10', '127.0.0.4'), /192\.0\.2\.10 on zen/],
  [
    'dnsbl-refused',
    'a refusal of the test',
    { dns: { '2.0.0.127.zen.spamhaus.org': { A: ['127.255.255.254'] } } },
    /127\.255\.255\.254/,
  ],
  ['dnsbl-refused', 'a refusal of an address', listed('192.0.2.25', '127.255.255.255'), /127\.255\.255\.255/],
  ['dnsbl-self-test', 'a list that ended', { dns: { '2.0.0.127.zen.spamhaus.org': null } }, /lacks 127\.0\.0\.2/],
  [
    'dnsbl-self-test',
    'a list of the whole world',
    { dns: { '1.0.0.127.zen.spamhaus.org': { A: ['127.0.0.2'] } } },
    /has 127\.0\.0\.1/,
  ],
  [
    'dnsbl-self-test',
    'a zone that was sold',
    { dns: { '2.0.0.127.zen.spamhaus.org': { A: ['203.0.113.7'] } } },
    /203\.0\.113\.7/,
  ],

  ['sts-absent', 'no record', { dns: { '_mta-sts.example.com': null } }, /mx: mx1\.example\.com/],
  ['sts-misspelt', 'no semicolon', txt('_mta-sts.example.com', 'v=STSv1 id=1'), /"v=STSv1; id=1"/],
  ['sts-several', 'two records', txt('_mta-sts.example.com', 'v=STSv1; id=1', 'v=STSv1; id=2'), /id=2/],
  ['sts-syntax', 'no id', txt('_mta-sts.example.com', 'v=STSv1;'), /no id=/],
  ['sts-host-missing', 'no host', { dns: { 'mta-sts.example.com': null } }, /no A or AAAA/],
  ['sts-host-missing', 'a private address', { dns: { 'mta-sts.example.com': { A: ['127.0.0.1'] } } }, /loopback/],
  [
    'sts-certificate',
    'a certificate',
    { fetched: { kind: 'certificate', detail: 'CERT_HAS_EXPIRED' } },
    /CERT_HAS_EXPIRED/,
  ],
  ['sts-policy-missing', '404', { fetched: { kind: 'status', status: 404, location: null } }, /404/],
  [
    'sts-policy-missing',
    'a redirect',
    { fetched: { kind: 'status', status: 301, location: 'https://www.example.com/' } },
    /to https/,
  ],
  ['sts-policy-type', 'HTML', { fetched: policy(policyText, 'text/html') }, /text\/html/],
  ['sts-policy-size', 'too large', { fetched: { kind: 'too-large' } }, /65,536/],
  ['sts-policy-syntax', 'a misspelt mode', sts(policyText.replace('enforce', 'enforced')), /did you mean enforce\?/],
  ['sts-policy-syntax', 'a mistake', sts(policyText.replace('mode', 'mood')), /mode is missing/],
  ['sts-policy-unreachable', 'no answer', { fetched: { kind: 'unreachable', detail: 'ETIMEDOUT' } }, /ETIMEDOUT/],
  [
    'sts-mx-not-in-policy',
    'a host that is missing',
    sts(policyText.replace('mx1', 'mx9')),
    /mx1\.example\.com is not in the policy/,
  ],
  [
    'sts-mx-not-in-tested-policy',
    'in a test',
    sts(policyText.replace('mx1', 'mx9').replace('enforce', 'testing')),
    /mx1\.example\.com/,
  ],
  ['sts-pattern-unused', 'a host too many', sts(`${policyText}mx: mx2.example.com\n`), /mx: mx2\.example\.com/],
  ['sts-pattern-unused', 'two hosts too many', sts(`${policyText}mx: mx2.example.com\nmx: mx3.example.com\n`), /mx3/],
  ['sts-testing', 'a test', sts(policyText.replace('enforce', 'testing')), /testing/],
  ['sts-none', 'none', sts(policyText.replace('enforce', 'none')), /none/],
  ['sts-short-max-age', 'an hour', sts(policyText.replace('604800', '3600')), /3600/],

  [
    'tlsrpt-absent',
    'no record',
    { dns: { '_smtp._tls.example.com': null, '_mta-sts.example.com': null, '_25._tcp.mx1.example.com': null } },
    /"v=TLSRPTv1; rua=mailto:tls-reports@example\.com"/,
  ],
  [
    'tlsrpt-missing',
    'no record beside MTA-STS',
    { dns: { '_smtp._tls.example.com': null, '_25._tcp.mx1.example.com': null } },
    /TLSRPTv1/,
  ],
  [
    'tlsrpt-missing',
    'no record beside DANE',
    { dns: { '_smtp._tls.example.com': null, '_mta-sts.example.com': null } },
    /TLSRPTv1/,
  ],
  [
    'tlsrpt-misspelt',
    'another version',
    txt('_smtp._tls.example.com', 'v=TLSRPT1; rua=mailto:a@example.com'),
    /TLSRPT1/,
  ],
  [
    'tlsrpt-several',
    'two records',
    txt('_smtp._tls.example.com', 'v=TLSRPTv1; rua=mailto:a@example.com', 'v=TLSRPTv1; rua=mailto:b@example.com'),
    /b@example/,
  ],
  [
    'tlsrpt-syntax',
    'a mistake',
    txt('_smtp._tls.example.com', 'v=TLSRPTv1; rua=a@example.com'),
    /mailto:a@example\.com/,
  ],

  ['dane-absent', 'no record', { dns: { '_25._tcp.mx1.example.com': null } }, /no record/],
  ['dane-unusable', 'PKIX', tlsa(1), /PKIX/],
  ['dane-syntax', 'a short digest', tlsa(3, 'abcd'), /32 octets, not 2/],
  ['dane-valid', 'without the AD bit', tlsa(3), /DNSSEC: not known/],
  [
    'dane-valid',
    'with the AD bit',
    { signed: { 'TLSA _25._tcp.mx1.example.com': true } },
    /DNSSEC: the resolver validated/,
  ],
  ...MAIL_CASES,
  ['no-answer', 'a failure of DNS', { dns: { '_dmarc.example.com': 'failed' } }, /ESERVFAIL/],
];

describe.each(CASES)('%s', (code, title, spoilt, words) => {
  test(title, async () => {
    const { findings } = await checked(spoilt);
    const found = findings.filter((finding) => finding.code === code);
    const texts = found.flatMap(({ detail, publish, evidence, subject }) => [subject, detail, ...publish, ...evidence]);
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(texts.join('\n')).toMatch(words);
  });
});

test('whatever is told has the command that shows it, and SPF the record as it was found', async () => {
  for (const [, title, spoilt] of CASES) {
    const { findings } = await checked(spoilt);
    for (const { outcome, area, code, command, evidence } of findings) {
      if (outcome !== 'fail' && outcome !== 'warn') continue;
      expect(command ?? 'no command', `${code}: ${title}`).toMatch(/^(?:dig|curl|openssl|nc) /);
      if (area === 'spf' && !/missing|misspelt/.test(code)) expect(evidence, `${code}: ${title}`).not.toEqual([]);
    }
  }
});

test.each([
  ['an include', 'v=spf1 include:gone.example.net -all', 'dig +short TXT gone.example.net'],
  ['a redirect', 'v=spf1 redirect=gone.example.net', 'dig +short TXT gone.example.net'],
  ['the record', 'v=spf1 +all', 'dig +short TXT example.com'],
])('the command of a failure of SPF: %s', async (_, record, command) => {
  const { findings } = await checked(txt('example.com', record));
  expect(findings.flatMap((one) => (one.area === 'spf' && one.outcome === 'fail' ? [one.command] : []))).toContain(
    command,
  );
});

test('every code has a case', () => {
  const covered = new Set<string>([...CASES, ...TRANSPORT_CASES].map(([code]) => code));
  const passing = ['mx-valid', 'spf-valid', 'spf-sender-pass', 'dkim-valid', 'dmarc-enforced', 'fcrdns-confirmed'];
  const healthy = [...passing, 'dnsbl-not-listed', 'sts-enforced', 'tlsrpt-valid', 'bimi-valid'];
  // zones.test.ts has the cases of name servers and of DNSSEC.
  const elsewhere = new Set<string>(Object.keys(DNS_CODES));
  expect(codes.filter((code) => !covered.has(code) && !healthy.includes(code) && !elsewhere.has(code))).toEqual([]);
});

test('a case that is not about a failure of DNS is never unable by one', async () => {
  for (const [code, title, spoilt] of CASES) {
    if (code === 'no-answer') continue;
    const { findings } = await checked(spoilt);
    expect(
      findings.map((finding) => finding.code),
      title,
    ).not.toContain('no-answer');
  }
});

test('area, code and subject of a failure or a warning are never those of another finding', async () => {
  const many = Array.from({ length: 1_000 }, (_, nth) => `mx${nth}.example.net`);
  const cases = [
    ...[...CASES, ...TRANSPORT_CASES].map(([, title, spoilt]) => [title, spoilt] as const),
    ['MX hosts of others', exchanger(...many)] as const,
  ];
  for (const [title, spoilt] of cases) {
    const { findings } = await checked(spoilt);
    const wrong = findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
    const identities = wrong.map(({ area, code, subject }) => `${area} ${code} ${subject}`);
    expect(
      identities.filter((one, nth) => identities.indexOf(one) !== nth),
      title,
    ).toEqual([]);
  }
});

describe('a failure of DNS is never a failure or a warning', () => {
  const names = Object.keys(HEALTHY);
  test.each(names)('of %s', async (name) => {
    const { findings } = await checked({ dns: { [name]: 'failed' } });
    expect(findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn')).toEqual([]);
    expect(postureOutcome(findings)).toBe('unable');
  });

  test('of all names', async () => {
    const dns = Object.fromEntries(names.map((name) => [name, 'failed'] as const));
    const failure = { kind: 'timeout', detail: 'ETIMEOUT' } as const;
    const { findings } = await checked({ dns, validator: async () => async () => ({ kind: 'failed', failure }) });
    expect(new Set(findings.map(({ outcome }) => outcome))).toEqual(new Set(['unable']));
    expect(new Set(findings.map(({ area }) => area))).toEqual(new Set(POSTURE_AREAS));
  });

  test.each(['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CNAME', 'TLSA'] as const)('of all queries for %s', async (type) => {
    const dns = Object.fromEntries(
      names.map((name) => {
        const entry = HEALTHY[name];
        return [name, typeof entry === 'object' ? { ...entry, [type]: 'failed' as const } : 'failed'] as const;
      }),
    );
    const { findings } = await checked({ dns });
    expect(findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn')).toEqual([]);
  });
});

test('a resolver that answers every name with the same address lists nobody', async () => {
  const names = ['2.0.0.127', '1.0.0.127', '25.2.0.192', '10.2.0.192'];
  const lies = ['zen.spamhaus.org', 'psbl.surriel.com'].flatMap((zone) => names.map((name) => `${name}.${zone}`));
  const { findings } = await checked({ dns: Object.fromEntries(lies.map((name) => [name, { A: ['203.0.113.99'] }])) });
  expect(findings.filter(({ code }) => code.startsWith('dnsbl-listed'))).toEqual([]);
});

test.each<[string, Spoilt]>([
  [
    'a wildcard with an empty key',
    {
      selectors: [],
      dns: {
        'example.com': { MX: [mx('')], TXT: ['v=spf1 -all'] },
        '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:reports@mx1.example.com'] },
        ...Object.fromEntries(
          ['s1', 's2', 'default'].map((name) => [`${name}._domainkey.example.com`, { TXT: ['v=DKIM1; p='] }]),
        ),
      },
      senders: [],
    },
  ],
  ['an MX host on a list that few receivers use', listed('192.0.2.10', '127.0.0.2', 'psbl.surriel.com')],
  [
    'a wide network of an included record',
    spf('ip4:192.0.2.25 include:x.example.net -all', { 'x.example.net': { TXT: ['v=spf1 ip4:52.100.0.0/14 -all'] } }),
  ],
  ['a lookup that depends on the message', spf('ip4:192.0.2.25 exists:%{i}.x.example.net -all')],
  ['an MX host without IPv6', { dns: { 'mx1.example.com': { A: ['192.0.2.10'], AAAA: [] } } }],
  [
    'another TXT record beside each',
    {
      dns: {
        '_dmarc.example.com': { TXT: ['note', 'v=DMARC1; p=reject; rua=mailto:reports@example.com'] },
        '_smtp._tls.example.com': { TXT: ['note', 'v=TLSRPTv1; rua=mailto:reports@example.com'] },
      },
    },
  ],
  ['a wildcard in the policy', sts(policyText.replace('mx1', '*'))],
  ['a relaxed record of SPF', spf('IP4:192.0.2.25 ~ALL')],
])('%s is no finding', async (_, spoilt) => {
  const { findings } = await checked(spoilt);
  expect(findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

test.each<[string, Record<string, 'failed' | { A: string[] }>]>([
  ['works', { '2.0.0.127': { A: ['127.0.0.2'] } }],
  ['has a sender', { '2.0.0.127': { A: ['127.0.0.2'] }, '25.2.0.192': { A: ['127.0.0.4'] } }],
  ['fails for a sender', { '2.0.0.127': { A: ['127.0.0.2'] }, '25.2.0.192': 'failed' }],
  ['fails', { '2.0.0.127': 'failed' }],
  ['refuses', { '2.0.0.127': { A: ['127.255.255.252'] } }],
  ['is not there', {}],
])('the key of a customer is not shown if the list %s', async (_, answers) => {
  const zone = 'Secret0key.zen.dq.spamhaus.net';
  const dns = Object.fromEntries(Object.entries(answers).map(([name, entry]) => [`${name}.${zone}`, entry]));
  const { findings, queries } = await checked({ lists: [listOfZone(zone)], dns });
  expect(queries.some((query) => query.includes('secret0key'))).toBe(true);
  expect(JSON.stringify(findings).toLowerCase()).not.toContain('secret0key');
  expect(findings.filter(({ area }) => area === 'dnsbl').length).toBeGreaterThan(0);
});

test('findings are ranked: failures first', async () => {
  const { findings } = await checked({
    dns: { '_dmarc.example.com': null, '_smtp._tls.example.com': null, 's1._domainkey.example.com': 'failed' },
  });
  const outcomes = worstFirst(findings).map(({ outcome }) => outcome);
  // Without DMARC, receivers show no logo either.
  expect(outcomes.slice(0, 4)).toEqual(['fail', 'warn', 'warn', 'unable']);
});

test('whatever DNS and the policy host say, the check ends with findings, and within its queries', async () => {
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc
      .constantFrom('v=spf1', 'v=DMARC1;', 'v=DKIM1;', 'v=STSv1;', 'v=TLSRPTv1;')
      .chain((version) => fc.string({ maxLength: 80 }).map((rest) => `${version} ${rest}`)),
    fc.constantFrom(
      'v=spf1 include:example.com a mx ptr -all',
      'v=spf1 redirect=mx1.example.com',
      'v=DMARC1; p=none; rua=mailto:a@mx1.example.com',
    ),
  );
  const host = fc.constantFrom('mx1.example.com', 'example.com', '', '192.0.2.1', 'gone.example.com', '\0\u00ff');
  const address = fc.constantFrom('192.0.2.25', '127.0.0.2', '10.0.0.1', '2001:db8::1', 'nonsense');
  const few = <Value>(values: fc.Arbitrary<Value>) => fc.array(values, { maxLength: 3 });
  const entry = fc.oneof(
    fc.constant('failed' as const),
    fc.record({
      A: few(address),
      AAAA: few(address),
      TXT: few(text),
      PTR: few(host),
      CNAME: few(host),
      MX: few(host.map((one) => mx(one))),
      TLSA: few(
        fc.record({
          usage: fc.nat(255),
          selector: fc.nat(255),
          matching: fc.nat(255),
          data: fc.constantFrom('', 'abcd'),
        }),
      ),
    }),
  );
  const zone = fc.record(Object.fromEntries(Object.keys(HEALTHY).map((name) => [name, entry])));
  await fc.assert(
    fc.asyncProperty(zone, text, async (dns, body) => {
      const { findings, queries } = await checked({ dns, fetched: policy(body), selectors: [] });
      expect(findings.length).toBeGreaterThan(0);
      expect(new Set(queries).size).toBeLessThan(300);
      for (const { detail, evidence } of findings)
        expect([detail, ...evidence].every(({ length }) => length <= 400)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a domain with 24 addresses and more does not ask without end', async () => {
  const { queries } = await checked(
    spf('ip4:198.51.100.0/29 ip4:203.0.113.0/29 ip4:192.0.2.0/28 ip4:192.0.2.64/29 ip4:192.0.2.128/29 -all'),
  );
  expect(queries.length).toBeLessThan(200);
});

describe('the table of codes', () => {
  test.each(codes)('%s has sentences and an RFC', (code) => {
    const { meaning, hint, rfc, outcome } = postureCodeRow(code);
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    if (outcome !== 'pass') expect(hint).toMatch(/^[A-Z].*[.?]$/);
    // BIMI is no RFC.
    expect(rfc).toMatch(/^(?:RFC \d{4}|BIMI draft) \d+(\.\d+)*$/);
    expect(`${meaning}${hint}`).not.toContain('|');
  });

  test('docs/posture.md and the JSON Schema have it', () => {
    const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    expect(file('docs/posture.md'), 'run `npx tsx docs/posture.ts`').toBe(posturePage());
    expect(file('smtp-quorum-posture.schema.json'), 'run `npx tsx docs/posture.ts`').toBe(postureJsonSchema());
  });
});
