/** Cases of what sessions, former policies and certificates add to a posture. */
import type { AnswerMessage } from '../../lambda/dns/messages/answer-message.ts';
import type { RecordValues } from '../../lambda/dns/records/records.ts';
import type { PostureCode } from '../../lambda/posture/codes/codes.ts';
import type { RememberedPolicy } from '../../lambda/posture/remembered-policy.ts';
import type { ServedChain, ServedHost } from '../../lambda/smtp/sample/served-host.ts';
import { mx, policy, policyText, type Spoilt } from './cases.ts';

export const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY = 86_400_000;
const iso = (days: number) => new Date(NOW + days * DAY).toISOString();

const host = 'mx1.example.com';
const name = `_25._tcp.${host}`;
const digests = (octet: string) => ({ sha256: octet.repeat(32), sha512: octet.repeat(64) });

export interface ChainParts {
  readonly key?: string;
  readonly days?: number;
  readonly issuerDays?: number;
  readonly names?: readonly string[];
  readonly moreNames?: boolean;
  readonly publiclyTrusted?: boolean | null;
}

/** A leaf whose key has digests of one octet, and its issuer with `ca`. */
export function servedChain(given: ChainParts = {}): ServedChain {
  const { key = 'ab', days = 60, issuerDays = 900, names = [host], moreNames = false, publiclyTrusted = true } = given;
  const certificates = [
    { certificate: digests('c1'), key: digests(key), validTo: iso(days), linked: true },
    { certificate: digests('c2'), key: digests('ca'), validTo: iso(issuerDays), linked: true },
  ];
  return { names, moreNames, publiclyTrusted, certificates };
}

export function servedHost(given: Partial<ServedHost> = {}): ServedHost {
  return {
    name: host,
    address: '192.0.2.10',
    at: iso(0),
    greeting: host,
    ehlo: host,
    starttls: 'offered',
    chain: servedChain(),
    unable: null,
    ...given,
  };
}

const said = (given: Partial<ServedHost>): Spoilt => ({ served: [servedHost(given)], now: NOW });
const unable = said({
  address: null,
  greeting: null,
  ehlo: null,
  starttls: null,
  chain: null,
  unable: 'no answer within 10 s',
});

type TlsaValue = RecordValues['TLSA'];

/** `3 1 1 ab`: the data is the octet, as often as the digest is long. */
export function tlsaRecord(text: string): TlsaValue {
  const [usage = 0, selector = 0, matching = 0] = text.split(' ').map(Number);
  const data = (text.split(' ')[3] ?? '').repeat(matching === 2 ? 64 : 32);
  return { usage, selector, matching, data };
}

const SIGNED = { [`TLSA ${name}`]: true };
const tlsa = (texts: string, chain: ChainParts = {}, more: Spoilt = {}): Spoilt => ({
  dns: { [name]: { TLSA: texts.split(', ').map(tlsaRecord) }, ...more.dns },
  signed: { ...SIGNED, ...more.signed },
  served: more.served ?? [servedHost({ chain: servedChain(chain) })],
  now: NOW,
  ...(more.askServer === undefined ? {} : { askServer: more.askServer }),
});

/** The zone of the host, whose server has these records. It answers no other question. */
const zone = (texts: readonly string[], given: Partial<AnswerMessage> = {}): Spoilt => ({
  dns: { [host]: { A: ['192.0.2.10'], NS: ['ns1.example.com'] }, 'ns1.example.com': { A: ['192.0.2.53'] } },
  askServer: async (address, type, asked) => {
    if (address !== '192.0.2.53' || type !== 'TLSA') return SILENT;
    const answers = texts.map((text) => ({ name: asked, type: 'TLSA' as const, ttl: 3_600, data: tlsaRecord(text) }));
    const flags = { rcode: 0, authoritative: true, validated: false, recursive: false, edns: true };
    return { kind: 'answer', name: asked, ...flags, answers, authority: [], ...given };
  },
});
const SILENT = { kind: 'failed', failure: { kind: 'timeout', detail: 'no answer' } } as const;

const former = (given: Partial<RememberedPolicy> = {}): Spoilt => ({
  policyMemory: [{ id: '1', mode: 'enforce', mx: ['old.example.com'], maxAge: 604_800, lastSeen: iso(-1), ...given }],
  now: NOW,
});
const reports = (rua: string): Spoilt => ({
  dns: {
    '_smtp._tls.example.com': { TXT: [`v=TLSRPTv1; rua=${rua}`] },
    'null.example.com': { MX: [mx('', 0)] },
    'broken.example.com': 'failed',
  },
});
const sts = (body: string): Spoilt => ({ fetched: policy(body) });
const until = (validTo: string): Spoilt => ({
  fetched: { kind: 'policy', body: policyText, contentType: 'text/plain', validTo },
  now: NOW,
});
const web = (
  fetched: Awaited<ReturnType<NonNullable<Spoilt['fetchCertificate']>>>,
  address = '192.0.2.80',
): Spoilt => ({
  dns: { 'webmail.example.com': { A: [address] } },
  webHosts: ['webmail.example.com'],
  fetchCertificate: async () => fetched,
  now: NOW,
});
const twoHosts = {
  'example.com': { MX: [mx(host), mx('mx2.example.com')], TXT: ['v=spf1 ip4:192.0.2.25 -all'] },
  'mx2.example.com': { A: ['192.0.2.11'] },
  '11.2.0.192.in-addr.arpa': { PTR: ['mx2.example.com'] },
};

/** What is spoilt, the code that appears, and what its texts say. */
export const TRANSPORT_CASES: readonly (readonly [PostureCode, string, Spoilt, RegExp])[] = [
  [
    'fcrdns-greeting',
    'another name in the greeting',
    said({ greeting: 'mail.example.org', ehlo: 'mail.example.org' }),
    /greets as mail\.example\.org; the name of its address is mx1/,
  ],
  [
    'fcrdns-greeting',
    'no name in the greeting',
    said({ greeting: 'esmtp', ehlo: 'esmtp' }),
    /'esmtp', which is no host name/,
  ],
  [
    'fcrdns-greeting',
    'without the address of the session',
    said({ address: null, greeting: 'other.example.com', ehlo: null }),
    /mx1\.example\.com greets as other/,
  ],
  [
    'fcrdns-ehlo',
    'another name in the reply to EHLO',
    said({ ehlo: 'localhost.localdomain' }),
    /answers EHLO as localhost\.localdomain/,
  ],
  [
    'fcrdns-greeting',
    'two servers behind one name',
    {
      served: ['192.0.2.10', null].map((address) => servedHost({ address, greeting: 'esmtp', ehlo: 'esmtp' })),
      now: NOW,
    },
    /'esmtp', which is no host name/,
  ],
  ['dane-unusable', 'two records', tlsa('1 1 1 ab, 0 1 1 ab'), /1 1 1 ab.*; 0 1 1 ab/],
  ['fcrdns-not-compared', 'no session', unable, /mx1\.example\.com: no answer within 10 s/],
  [
    'dane-mismatch',
    'the key was left behind by a renewal',
    tlsa('3 1 1 ab', { key: 'cd' }),
    new RegExp(`IN TLSA 3 1 1 ${'cd'.repeat(32)}`),
  ],
  [
    'dane-mismatch',
    'both digests of another key',
    tlsa('3 1 1 ab, 3 1 2 ab', { key: 'cd' }),
    /SHA-512 instead.*no such key is served/s,
  ],
  [
    'dane-not-compared',
    'a session of more than an hour ago',
    tlsa('3 1 1 ab', {}, { served: [servedHost({ at: iso(-76 / 1440), chain: servedChain({ key: 'cd' }) })] }),
    /no session with mx1\.example\.com is known/,
  ],
  [
    'dane-valid',
    'a session of an hour ago',
    tlsa('3 1 1 ab', {}, { served: [servedHost({ at: iso(-74 / 1440) })] }),
    /they fit/,
  ],
  [
    'dane-not-compared',
    'an authority that DNS has whole and that is not served',
    tlsa('2 0 0 ee'),
    /RFC 7672 3\.1\.2 requires/,
  ],
  ['dane-mismatch', 'an authority that is not served', tlsa('2 1 1 ee'), /2 1 1 ee/],
  [
    'dane-mismatch',
    'one of two servers behind a name',
    tlsa(
      '3 1 1 ab',
      {},
      { served: [servedHost(), servedHost({ address: '192.0.2.12', chain: servedChain({ key: 'cd' }) })] },
    ),
    /192\.0\.2\.12/,
  ],
  [
    'dane-mismatch',
    'records at the end of an alias',
    tlsa(
      '3 1 1 ab',
      {},
      {
        dns: {
          [host]: { CNAME: ['real.example.net'], A: ['192.0.2.10'] },
          '_25._tcp.real.example.net': { TLSA: [tlsaRecord('3 1 1 ee')] },
        },
        signed: { 'TLSA _25._tcp.real.example.net': true },
      },
    ),
    /_25\._tcp\.real\.example\.net\. IN TLSA 3 1 1 (?:ab){32}/,
  ],
  [
    'dane-valid',
    'records of the alias itself',
    tlsa(
      '3 1 1 ab',
      {},
      {
        dns: { [host]: { CNAME: ['real.example.net'], A: ['192.0.2.10'] }, 'real.example.net': { A: ['192.0.2.10'] } },
      },
    ),
    /they fit mx1/,
  ],
  [
    'dane-valid',
    'compared',
    tlsa('3 1 1 ab'),
    /they fit mx1\.example\.com \[192\.0\.2\.10\]; DNSSEC: the resolver validated/,
  ],
  ['dane-valid', 'the present and the next key', tlsa('3 1 1 ab, 3 1 1 ff', { days: 3 }), /they fit/],
  ['dane-valid', 'by the authority', tlsa('2 1 1 ca', { days: 3 }), /they fit/],
  ['dane-valid', 'without a session', { ...tlsa('3 1 1 ab'), served: null }, /not compared with the server/],
  [
    'dane-wrong-name',
    'by the authority, with another name',
    tlsa('2 1 1 ca', { names: ['www.example.org'] }),
    /neither the name of the host/,
  ],
  ['dane-expired', 'by the authority, expired', tlsa('2 1 1 ca', { days: -2 }), /expired on 2026-11-24/],
  [
    'dane-no-starttls',
    'no STARTTLS',
    tlsa('3 1 1 ab', {}, { served: [servedHost({ starttls: 'not offered', chain: null })] }),
    /does not offer STARTTLS/,
  ],
  ['dane-not-compared', 'no session', tlsa('3 1 1 ab', {}, unable), /no answer within 10 s/],
  [
    'dane-not-compared',
    'no session with this host',
    tlsa('3 1 1 ab', {}, { served: [] }),
    /no session with mx1\.example\.com is known/,
  ],
  [
    'dane-not-compared',
    'TLS failed',
    tlsa('3 1 1 ab', {}, { served: [servedHost({ chain: null })] }),
    /no certificate was seen/,
  ],
  [
    'dane-not-compared',
    'names that are not all known',
    tlsa('2 1 1 ca', { names: [], moreNames: true }),
    /not all names/,
  ],
  [
    'dane-not-judged',
    'another key, and nobody knows whether that is signed',
    { ...tlsa('3 1 1 ab', { key: 'cd' }), signed: { [`TLSA ${name}`]: false } },
    /does not say that the records are signed/,
  ],
  [
    'dane-not-judged',
    'no STARTTLS, and nobody knows whether the records are signed',
    { ...said({ starttls: 'not offered', chain: null }), signed: { [`TLSA ${name}`]: false } },
    /STARTTLS/,
  ],
  ['dane-no-successor', 'two days before the end', tlsa('3 1 1 ab', { days: 2 }), /expires in 2 days, and 3 1 1 abab/],
  ['dane-no-successor', 'two days after it', tlsa('3 1 1 ab', { days: -2 }), /expired 2 days ago/],
  [
    'dane-record-going',
    'the record is no longer in the zone',
    tlsa('3 1 1 ab', {}, zone(['3 1 1 ff'])),
    /no longer in the zone.*IN TLSA 3 1 1 (?:ab){32}/s,
  ],
  ['dane-valid', 'the zone has both keys', tlsa('3 1 1 ab', {}, zone(['3 1 1 ff', '3 1 1 ab'])), /they fit/],
  [
    'dane-valid',
    'a resolver answers in place of the server',
    tlsa('3 1 1 ab', {}, zone(['3 1 1 ff'], { authoritative: false })),
    /they fit/,
  ],
  ['dane-valid', 'the server fails', tlsa('3 1 1 ab', {}, zone(['3 1 1 ff'], { rcode: 2 })), /they fit/],
  [
    'dane-unsigned',
    'a zone that is not signed',
    { validator: async () => async () => SILENT, signed: { [`TLSA ${name}`]: false } },
    /in a zone that is not signed/,
  ],
  [
    'dane-unsigned-domain',
    'a signed host under an unsigned domain',
    tlsa('3 1 1 ab', {}, { signed: { 'MX example.com': false } }),
    /MX record of example\.com that names mx1\.example\.com is not signed/,
  ],
  [
    'dane-lookup-fails',
    'SERVFAIL in a signed zone',
    { dns: { [name]: 'failed' }, signed: { [`A ${host}`]: true } },
    /although the address of mx1\.example\.com is answered and signed/,
  ],
  ['no-answer', 'SERVFAIL in a zone that may not be signed', { dns: { [name]: 'failed' } }, /SERVFAIL/],
  [
    'tlsrpt-destination',
    'a domain that does not exist',
    reports('mailto:a@gone.example.com'),
    /gone\.example\.com does not receive mail/,
  ],
  ['tlsrpt-destination', 'a domain without mail', reports('mailto:a@null.example.com'), /null\.example\.com/],
  [
    'tlsrpt-destination',
    'one of two',
    reports('mailto:a@example.com,https://gone.example.com/v1'),
    /gone\.example\.com has no address/,
  ],
  ['tlsrpt-valid', 'an HTTPS address', reports('https://mta-sts.example.com/v1'), /https/],
  ['tlsrpt-valid', 'a domain whose query fails', reports('mailto:a@broken.example.com'), /broken/],
  [
    'sts-mx-certificate',
    'an MX host without a public certificate',
    said({ chain: servedChain({ publiclyTrusted: false }) }),
    /mx1\.example\.com has no certificate/,
  ],
  [
    'sts-mx-certificate',
    'an MX host without STARTTLS',
    said({ starttls: 'not offered', chain: null }),
    /mx1\.example\.com/,
  ],
  [
    'sts-tested-mx-certificate',
    'the same with a policy that is a test',
    { ...said({ chain: servedChain({ publiclyTrusted: false }) }), ...sts(policyText.replace('enforce', 'testing')) },
    /mx1/,
  ],
  [
    'sts-former-policy-refuses',
    'the MX moved, and the id stayed',
    former(),
    /id 1 .*every sender that read it may hold it until 2026-12-02 12:00 UTC, and do not deliver to mx1\.example\.com/s,
  ],
  [
    'sts-former-policy-refuses',
    'the MX moved, and MTA-STS was ended',
    { ...former({ id: '7' }), dns: { '_mta-sts.example.com': null } },
    /id 7/,
  ],
  [
    'sts-former-policy-refuses',
    'the former policy fits, and the certificate does not',
    {
      ...former({ mx: [host] }),
      ...said({ chain: servedChain({ publiclyTrusted: false }) }),
      dns: { '_mta-sts.example.com': null },
    },
    /do not deliver to mx1/,
  ],
  [
    'sts-former-policy-partly-refuses',
    'the MX moved, and the id changed',
    former({ id: '0' }),
    /id 0 .*senders that have not read the present one/s,
  ],
  [
    'sts-former-policy-partly-refuses',
    'a second MX under the same id',
    { ...former({ mx: [host] }), dns: twoHosts, ...sts(policyText.replace('max_age', 'mx: mx2.example.com\nmax_age')) },
    /do not deliver to mx2\.example\.com/,
  ],
  ['sts-former-policy-held', 'a longer max_age', former({ id: '0', mx: [host], maxAge: 864_000 }), /id 0/],
  ['sts-id-unchanged', 'another body', former(), /the id is still 1.*_mta-sts\.example\.com\. IN TXT "v=STSv1; id=2"/s],
  [
    'sts-id-unchanged',
    'an id of letters',
    { ...former({ id: 'abc' }), dns: { '_mta-sts.example.com': { TXT: ['v=STSv1; id=abc'] } } },
    /id=abc1"/,
  ],
  [
    'sts-id-unchanged',
    'an id with a zero before it',
    { ...former({ id: 'a099' }), dns: { '_mta-sts.example.com': { TXT: ['v=STSv1; id=a099'] } } },
    /id=a100"/,
  ],
  ['sts-id-changed-alone', 'the same body', former({ id: '0', mx: [host] }), /id 0 -> 1/],
  ['sts-certificate-expiring', 'thirteen days', until(iso(13.5)), /13 days left, until 2026-12-10/],
  ['web-certificate-valid', 'two months', web({ kind: 'valid', validTo: iso(60.5) }), /60 days left/],
  ['web-certificate-expiring', 'a week', web({ kind: 'valid', validTo: iso(7.5) }), /7 days left/],
  [
    'web-certificate',
    'of another name',
    web({ kind: 'invalid', detail: 'webmail.example.com: ERR_TLS_CERT_ALTNAME_INVALID' }),
    /ALTNAME/,
  ],
  ['web-certificate', 'no address', { webHosts: ['gone.example.com'] }, /gone\.example\.com has no A/],
  [
    'web-host-unreachable',
    'no answer',
    web({ kind: 'unreachable', detail: 'webmail.example.com: ECONNREFUSED' }),
    /ECONNREFUSED/,
  ],
  [
    'web-host-unreachable',
    'not asked',
    { dns: { 'webmail.example.com': { A: ['192.0.2.80'] } }, webHosts: ['webmail.example.com'] },
    /was not asked/,
  ],
];
