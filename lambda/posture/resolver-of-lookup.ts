/** A resolver for sessions whose answers are those of a lookup: one run asks each question once, and of the same servers. */

import type { DnsFailureKind } from '../dns/dns-failure.ts';
import type { DnsAnswer, RecordLookup } from '../dns/records/records.ts';
import type { NameResolver } from '../dns/resolver.ts';

export function resolverOfLookup(lookup: RecordLookup): NameResolver {
  return {
    resolve4: async (name) => [...valuesOrError(await lookup('A', name))],
    resolve6: async (name) => [...valuesOrError(await lookup('AAAA', name))],
    resolveCname: async (name) => [...valuesOrError(await lookup('CNAME', name))],
    resolveMx: async (name) =>
      valuesOrError(await lookup('MX', name)).map(({ host, preference }) => ({ exchange: host, priority: preference })),
  };
}

/** The codes of c-ares, which `resolutionFailure` reads. */
const CODES: Readonly<Partial<Record<DnsFailureKind, string>>> = {
  servfail: 'ESERVFAIL',
  timeout: 'ETIMEOUT',
  refused: 'EREFUSED',
};

/** @throws Error with a code, as the methods of node:dns do */
function valuesOrError<Value>(answer: DnsAnswer<Value>): readonly Value[] {
  switch (answer.kind) {
    case 'found':
      return answer.values;
    case 'none':
      throw dnsError(answer.exists ? 'ENODATA' : 'ENOTFOUND');
    case 'failed':
      throw dnsError(CODES[answer.failure.kind] ?? 'EBADRESP');
    default:
      return answer satisfies never;
  }
}

function dnsError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
