/** A domain whose posture has no finding, and how to spoil it: each case names the codes that then appear. */
import { generateKeyPairSync } from 'node:crypto';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import { checkPosture } from '../../lambda/posture/check-posture.ts';
import type { PostureFinding } from '../../lambda/posture/finding.ts';
import type { FetchedPolicy } from '../../lambda/posture/policy-fetch.ts';
import type { PostureContext } from '../../lambda/posture/posture-context.ts';
import type { FetchedUrl } from '../../lambda/posture/url-fetch.ts';
import { listOfZone } from '../../lambda/standards/dnsbl/list-keys.ts';
import { type Answers, lookupOf, type RecordedLookup } from '../standards/answers.ts';
import { goodLogo, markCertificate } from '../standards/bimi/mark-certificates.ts';

export function rsaKey(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

export const goodKey = rsaKey(2048);
export const policyText = 'version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n';
export const policy = (body: string, contentType = 'text/plain'): FetchedPolicy => ({
  kind: 'policy',
  body,
  contentType,
});

const mx = (host: string, preference = 10) => ({ host, preference });

export { mx };

/** The files of BIMI of the healthy domain. */
export const bimiFiles = {
  'https://bimi.example.com/logo.svg': goodLogo,
  'https://bimi.example.com/mark.pem': await markCertificate(['example.com']),
};
export const bimiText = 'v=BIMI1; l=https://bimi.example.com/logo.svg; a=https://bimi.example.com/mark.pem';

export const HEALTHY: Answers = {
  'example.com': { MX: [mx('mx1.example.com')], TXT: ['v=spf1 ip4:192.0.2.25 -all'] },
  'mx1.example.com': { A: ['192.0.2.10'] },
  'out.example.com': { A: ['192.0.2.25'] },
  '10.2.0.192.in-addr.arpa': { PTR: ['mx1.example.com'] },
  '25.2.0.192.in-addr.arpa': { PTR: ['out.example.com'] },
  's1._domainkey.example.com': { TXT: [`v=DKIM1; k=rsa; p=${goodKey}`] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:reports@example.com'] },
  '_mta-sts.example.com': { TXT: ['v=STSv1; id=1'] },
  'mta-sts.example.com': { A: ['192.0.2.80'] },
  '_smtp._tls.example.com': { TXT: ['v=TLSRPTv1; rua=mailto:reports@example.com'] },
  '_25._tcp.mx1.example.com': {
    TLSA: [{ usage: 3, selector: 1, matching: 1, data: 'ab'.repeat(32) }],
  },
  'default._bimi.example.com': { TXT: [bimiText] },
  'bimi.example.com': { A: ['192.0.2.81'] },
  '2.0.0.127.zen.spamhaus.org': { A: ['127.0.0.2'] },
  '2.0.0.127.psbl.surriel.com': { A: ['127.0.0.2'] },
};

function fileOf(url: string): FetchedUrl {
  const body = (bimiFiles as Readonly<Record<string, string>>)[url];
  return body === undefined ? { kind: 'status', status: 404, location: null } : { kind: 'body', body, contentType: '' };
}

export type Spoilt = Partial<Omit<PostureContext, 'lookup' | 'fetchPolicy' | 'fetchUrl'>> & {
  /** Entries that replace those of `HEALTHY`; null removes a name. */
  readonly dns?: Readonly<Record<string, Answers[string] | null>>;
  readonly fetched?: FetchedPolicy;
  /** `TLSA _25._tcp.mx1.example.com`: whether the resolver validated the answer. It does not say it of others. */
  readonly signed?: Readonly<Record<string, boolean>>;
  /** What the URLs of BIMI answer, instead of the files of the healthy domain. */
  readonly files?: Readonly<Record<string, FetchedUrl>>;
};

export async function checked(spoilt: Spoilt) {
  const context = contextOf(spoilt);
  const findings: readonly PostureFinding[] = await checkPosture(context);
  return { findings, queries: context.queries };
}

export function contextOf({
  dns = {},
  fetched = policy(policyText),
  signed = {},
  files = {},
  ...given
}: Spoilt): PostureContext & RecordedLookup {
  const entries = Object.entries({ ...HEALTHY, ...dns }).flatMap(([name, entry]) =>
    entry === null ? [] : [[name, entry] as const],
  );
  const { lookup, queries } = lookupOf(Object.fromEntries(entries));
  return {
    domain: 'example.com',
    selectors: ['s1'],
    senders: ['192.0.2.25'],
    lists: ['zen.spamhaus.org', 'psbl.surriel.com'].map(listOfZone),
    ...given,
    lookup: signedLookup(lookup, signed),
    queries,
    fetchPolicy: async () => fetched,
    fetchUrl: async ({ href }) => files[href] ?? fileOf(href),
  };
}

function signedLookup(lookup: RecordLookup, signed: Readonly<Record<string, boolean>>): RecordLookup {
  return async (type, name) => {
    const authenticated = signed[`${type} ${name}`];
    const answer = await lookup(type, name);
    return authenticated === undefined ? answer : Object.assign({}, answer, { authenticated });
  };
}
