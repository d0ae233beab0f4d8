/** Further cases of SPF, DMARC, DNS lists and BIMI: what is spoilt, the codes that appear, and words of the finding. */
import type { PostureCode } from '../../lambda/posture/codes/codes.ts';
import type { FetchedUrl } from '../../lambda/posture/url-fetch.ts';
import { publicList } from '../../lambda/standards/dnsbl/lists.ts';
import { goodLogo, markCertificate, serverUsage } from '../standards/bimi/mark-certificates.ts';
import { bimiText, mx, type Spoilt } from './cases.ts';

const [logo, mark] = ['https://bimi.example.com/logo.svg', 'https://bimi.example.com/mark.pem'];
const bimi = (...texts: string[]): Spoilt => ({ dns: { 'default._bimi.example.com': { TXT: texts } } });
const body = (text: string): FetchedUrl => ({ kind: 'body', body: text, contentType: '' });
const answers = (url: string, fetched: FetchedUrl): Spoilt => ({ files: { [url]: fetched } });
const certificate = async (...given: Parameters<typeof markCertificate>) =>
  answers(mark, body(await markCertificate(...given)));
const dmarc = (text: string, more: Spoilt['dns'] = {}): Spoilt => ({
  dns: { '_dmarc.example.com': { TXT: [`v=DMARC1; ${text}`] }, ...more },
});
const rua = 'rua=mailto:reports@example.com';
const host = [mx('mx1.example.com')];

const domainLists = ['dbl.spamhaus.org', 'multi.surbl.org', 'list.dnswl.org'].map(publicList);
/** The entries by which the lists pass their self-test. */
const WORKING: NonNullable<Spoilt['dns']> = {
  'dbltest.com.dbl.spamhaus.org': { A: ['127.0.1.2'] },
  'test.surbl.org.multi.surbl.org': { A: ['127.0.0.254'] },
  '2.0.0.127.list.dnswl.org': { A: ['127.0.10.0'] },
};
const lists = (dns: Spoilt['dns'] = {}): Spoilt => ({ lists: domainLists, dns: { ...WORKING, ...dns } });
const answered = (name: string, address: string) => lists({ [name]: { A: [address] } });
const deaf = (hosts: Spoilt['dns']): Spoilt =>
  dmarc('p=reject; rua=mailto:a@reports.example.org', {
    'example.com._report._dmarc.reports.example.org': { TXT: ['v=DMARC1'] },
    ...hosts,
  });

type MailCase = readonly [PostureCode, string, Spoilt, RegExp];

const OF_DMARC: readonly MailCase[] = [
  [
    'spf-void-lookup',
    'exists without an address',
    { dns: { 'example.com': { MX: host, TXT: ['v=spf1 ip4:192.0.2.25 exists:x.example.net -all'] } } },
    /exists:x\.example\.net of example\.com: x\.example\.net has no address/,
  ],
  [
    'spf-include-broken',
    'two broken includes',
    {
      dns: {
        'example.com': {
          MX: host,
          TXT: ['v=spf1 ip4:192.0.2.25 include:a.gone.example.net include:b.gone.example.net -all'],
        },
      },
    },
    /include:b\.gone\.example\.net of example\.com: b\.gone\.example\.net does not exist/,
  ],
  [
    'spf-wide-network',
    'two wide networks',
    { dns: { 'example.com': { MX: host, TXT: ['v=spf1 ip4:192.0.0.0/12 ip4:198.0.0.0/9 -all'] } } },
    /column 8: ip4:192\.0\.0\.0\/12; column 25: ip4:198\.0\.0\.0\/9/,
  ],
  [
    'dmarc-syntax',
    'two mistakes',
    dmarc(`p=reject; adkim=strict; aspf=strict; ${rua}`),
    /column 21: adkim=strict has no meaning; column 35: aspf=strict/,
  ],
  ['dmarc-not-applied', 'no policy and no reports', dmarc('p=rejct'), /p=rejct/],
  ['dmarc-syntax', 'an invalid sp', dmarc(`p=reject; sp=rejct; ${rua}`), /column 21: sp=rejct/],
  ['dmarc-policy-none', 'an invalid sp', dmarc(`p=reject; sp=rejct; ${rua}`), /rejct/],
  [
    'dmarc-not-aligned',
    'no key and no SPF',
    { dns: { 's1._domainkey.example.com': null, 'example.com': { MX: host } } },
    /SPF does not pass/,
  ],
  [
    'dmarc-not-aligned',
    'a revoked key, and a sender that SPF refuses',
    { senders: ['198.51.100.1'], dns: { 's1._domainkey.example.com': { TXT: ['v=DKIM1; p='] } } },
    /no DKIM key/,
  ],
  ['dmarc-spf-only', 'no key', { dns: { 's1._domainkey.example.com': null } }, /example\.com has no DKIM key/],
  [
    'dmarc-spf-only',
    'nothing below _domainkey',
    { selectors: [], dns: { 's1._domainkey.example.com': null } },
    /example\.com has no DKIM key/,
  ],
  ['dmarc-reports-undeliverable', 'no such domain', deaf({}), /reports\.example\.org does not exist/],
  ['dmarc-reports-undeliverable', 'null MX', deaf({ 'reports.example.org': { MX: [mx('')] } }), /null MX/],
  [
    'dmarc-reports-undeliverable',
    'a domain without MX and address',
    deaf({ 'reports.example.org': { TXT: ['x'] } }),
    /neither an MX record nor an address/,
  ],
];

const OF_LISTS: readonly MailCase[] = [
  ['dnsbl-domain-listed', 'DBL', answered('example.com.dbl.spamhaus.org', '127.0.1.4'), /DBL: 127\.0\.1\.4 phishing/],
  [
    'dnsbl-domain-listed',
    'SURBL',
    answered('example.com.multi.surbl.org', '127.0.0.80'),
    /127\.0\.0\.80 MW: malware, ABUSE: spam/,
  ],
  [
    'dnsbl-domain-listed-minor',
    'a domain that others abuse',
    answered('example.com.dbl.spamhaus.org', '127.0.1.102'),
    /others abuse/,
  ],
  [
    'dnsbl-domain-listed-minor',
    'a cracked site',
    answered('example.com.multi.surbl.org', '127.0.0.128'),
    /CR: a cracked site/,
  ],
  [
    'dnsbl-domain-listed',
    'a cracked site that sends spam',
    answered('example.com.multi.surbl.org', '127.0.0.192'),
    /ABUSE: spam, CR/,
  ],
  ['dnsbl-not-listed', 'a list of domains', lists(), /Spamhaus DBL: example\.com not listed/],
  ['dnsbl-allowed', 'an allow list', answered('25.2.0.192.list.dnswl.org', '127.0.4.2'), /127\.0\.4\.2 trust: medium/],
  [
    'dnsbl-refused',
    'SURBL blocks the resolver',
    answered('test.surbl.org.multi.surbl.org', '127.0.0.1'),
    /SURBL: it answers 127\.0\.0\.1/,
  ],
  [
    'dnsbl-refused',
    'DBL, asked about an address',
    answered('example.com.dbl.spamhaus.org', '127.0.1.255'),
    /127\.0\.1\.255/,
  ],
  [
    'dnsbl-refused',
    'DBL refuses the domain',
    answered('example.com.dbl.spamhaus.org', '127.255.255.254'),
    /127\.255\.255\.254/,
  ],
  [
    'dnsbl-self-test',
    'DBL without its test entry',
    lists({ 'dbltest.com.dbl.spamhaus.org': null }),
    /lacks dbltest\.com/,
  ],
  ['dnsbl-self-test', 'a list of all domains', answered('invalid.multi.surbl.org', '127.0.0.64'), /it has invalid/],
  [
    'dnsbl-self-test',
    'a zone of domains that was sold',
    answered('test.surbl.org.multi.surbl.org', '203.0.113.7'),
    /203\.0\.113\.7/,
  ],
];

const OF_BIMI: readonly MailCase[] = [
  ['bimi-declined', 'no logo', bimi('v=BIMI1; l=; a=;'), /l=; a=/],
  ['bimi-misspelt', 'no semicolon', bimi('v=BIMI1 l=https://bimi.example.com/logo.svg'), /"v=BIMI1; l=https:\/\/bimi/],
  ['bimi-several', 'two records', bimi(bimiText, 'v=BIMI1; l='), /2 records/],
  ['bimi-syntax', 'not HTTPS', bimi('v=BIMI1; l=http://example.com/a.svg'), /column 10/],
  ['bimi-policy', 'policy none', dmarc(`p=none; ${rua}`), /DMARC policy of example\.com is none/],
  ['bimi-policy', 'no DMARC', { dns: { '_dmarc.example.com': null } }, /no DMARC policy/],
  [
    'bimi-policy',
    'subdomains without a policy',
    dmarc(`p=reject; sp=none; ${rua}`),
    /subdomains of example\.com is none/,
  ],
  ['bimi-no-certificate', 'a= is missing', bimi(`v=BIMI1; l=${logo}`), /a= is empty/],
  ['bimi-logo', '404', answers(logo, { kind: 'status', status: 404, location: null }), /HTTP status 404/],
  [
    'bimi-logo',
    'a redirect',
    answers(logo, { kind: 'status', status: 302, location: 'https://example.net/' }),
    /302, to https:\/\/example\.net\//,
  ],
  ['bimi-logo', 'another profile', answers(logo, body(goodLogo.replace('tiny-ps', 'tiny'))), /baseProfile/],
  [
    'bimi-logo',
    'a certificate of the host',
    answers(logo, { kind: 'certificate', detail: 'CERT_HAS_EXPIRED' }),
    /CERT_HAS_EXPIRED/,
  ],
  ['bimi-logo', 'too large', answers(logo, { kind: 'too-large' }), /too large/],
  ['bimi-logo', 'no host', { dns: { 'bimi.example.com': null } }, /bimi\.example\.com has no address/],
  ['bimi-logo', 'a private host', { dns: { 'bimi.example.com': { A: ['169.254.169.254'] } } }, /169\.254\.169\.254/],
  ['bimi-certificate', 'of another domain', await certificate(['example.net']), /it is for DNS:example\.net/],
  ['bimi-certificate', 'expired', await certificate(['example.com'], -3), /it expired on \d{4}-/],
  [
    'bimi-certificate',
    'expired by the clock of the run',
    { ...(await certificate(['example.com'])), now: Date.now() + 400 * 86_400_000 },
    /it expired on \d{4}-/,
  ],
  ['bimi-certificate', 'soon', await certificate(['example.com'], 5), /in 4 days|in 5 days/],
  ['bimi-certificate', 'of a server', await certificate(['example.com'], 300, serverUsage), /not for logos/],
  ['bimi-certificate', 'HTML', answers(mark, body('<html>')), /no certificate in PEM/],
  ['bimi-unreachable', 'no answer', answers(mark, { kind: 'unreachable', detail: 'ETIMEDOUT' }), /ETIMEDOUT/],
];

export const MAIL_CASES: readonly MailCase[] = [...OF_DMARC, ...OF_LISTS, ...OF_BIMI];
