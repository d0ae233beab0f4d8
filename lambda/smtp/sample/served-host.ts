/** What sessions saw of a mail host, as far as its DNS records depend on it. */

import type { CertificateFacts, Sample } from './sample.ts';

export interface ServedHost {
  /** In lower case, without a dot at the end. */
  readonly name: string;
  readonly address: string | null;
  /** When it was seen, ISO 8601 UTC. */
  readonly at: string;
  /** The names that the server says, in lower case. Null if it said none. */
  readonly greeting: string | null;
  readonly ehlo: string | null;
  /** Null if the session did not get so far. */
  readonly starttls: 'offered' | 'not offered' | null;
  /** Null if there was no TLS. */
  readonly chain: ServedChain | null;
  /** Why nothing is known of the host; null if a session was held. */
  readonly unable: string | null;
}

export interface ServedChain {
  /** DNS names of the leaf. */
  readonly names: readonly string[];
  /** Whether the leaf has more names. */
  readonly moreNames: boolean;
  readonly publiclyTrusted: boolean | null;
  /** See `CertificateFacts.served`. Digests may be cut, to 16 digits at least. Empty if the chain could not be read. */
  readonly certificates: NonNullable<CertificateFacts['served']>;
}

/**
 * The host of a sample without parts.
 * @param at ISO 8601 UTC
 */
export function servedHostOf(sample: Sample, host: string, at: string): ServedHost {
  const { address, greeting, hello = null, tls, extensions } = sample;
  const keywords = extensions.beforeTls;
  return {
    name: host.toLowerCase().replace(/\.$/, ''),
    address,
    at,
    greeting: firstWord(greeting),
    ehlo: firstWord(hello),
    starttls: keywords && ('STARTTLS' in keywords ? 'offered' : 'not offered'),
    chain: tls === null ? null : servedChain(tls.certificate),
    unable: greeting === null ? (sample.detail ?? sample.code ?? 'no greeting') : null,
  };
}

/** RFC 5321 4.2 and 4.1.1.1: greeting and reply to EHLO begin with the name of the server. */
function firstWord(text: string | null): string | null {
  const word = /^\S{1,255}(?=\s|$)/.exec(text ?? '')?.[0];
  return word === undefined ? null : word.toLowerCase().replace(/\.$/, '');
}

function servedChain(certificate: CertificateFacts | null): ServedChain {
  const { names = [], served = [], publiclyTrusted = null } = certificate ?? {};
  return { names, moreNames: false, publiclyTrusted, certificates: served };
}
