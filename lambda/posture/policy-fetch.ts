/** Fetches the policy of MTA-STS over HTTPS: RFC 8461 3.3. */

import { type FetchedUrl, type UrlFetchOptions, urlFetch } from './url-fetch.ts';

type FetchedBody = Extract<FetchedUrl, { kind: 'body' }>;

export type FetchedPolicy =
  | Exclude<FetchedUrl, FetchedBody>
  | (Omit<FetchedBody, 'kind'> & { readonly kind: 'policy' });

/** Never rejects. `addresses`: those of the host, tried in order. */
export type FetchPolicy = (host: string, addresses: readonly string[]) => Promise<FetchedPolicy>;

/** RFC 8461 3.3 suggests this limit. */
const MOST_OCTETS = 65_536;

export function policyUrl(domain: string): string {
  return policyUrlOf(`mta-sts.${domain}`);
}

function policyUrlOf(host: string): string {
  return `https://${host}/.well-known/mta-sts.txt`;
}

export function policyFetch(options: Pick<UrlFetchOptions, 'port' | 'ca' | 'within'>): FetchPolicy {
  const fetch = urlFetch({ ...options, mostOctets: MOST_OCTETS, accept: 'text/plain' });
  return async (host, addresses) => {
    const url = policyUrlOf(host);
    // A name that ends with a number is no host of a URL.
    if (!URL.canParse(url)) return { kind: 'unreachable', detail: `${host}: this name cannot be in a URL` };
    const fetched = await fetch(new URL(url), addresses);
    return fetched.kind === 'body' ? { ...fetched, kind: 'policy' } : fetched;
  };
}

/** Fetches from each host once, for all that ask in one run. */
export function fetchOnce(fetch: FetchPolicy): FetchPolicy {
  const known = new Map<string, Promise<FetchedPolicy>>();
  return (host, addresses) => {
    const fetched = known.get(host) ?? fetch(host, addresses);
    known.set(host, fetched);
    return fetched;
  };
}
