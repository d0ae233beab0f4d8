/** Failures of DNS queries and defects of MX records. `lambda/smtp/dns-findings.ts` maps them to findings. */
import { ownValue } from '../wire/own-value.ts';

export type DnsFailureKind =
  | 'nxdomain'
  /** The name exists and has no record of the type. */
  | 'no-data'
  | 'servfail'
  | 'timeout'
  /** The resolver refused the query, or is not reachable. */
  | 'refused'
  | 'failed'
  /** The caller stopped the query. */
  | 'aborted'
  | 'mx-null'
  | 'mx-null-beside-others'
  | 'mx-alias'
  | 'mx-alias-loop'
  | 'mx-too-many'
  | 'mx-not-routable'
  /** The query for one address family was answered, and that for the other one was not. */
  | 'slow-family'
  /** The query for one address family was answered, and that for the other one failed. */
  | 'broken-family';

export interface DnsFailure {
  readonly kind: DnsFailureKind;
  /** One sentence with the name that was queried. */
  readonly detail: string;
}

/** The error codes of c-ares, as node:dns names them. */
const ERRORS: Readonly<Record<string, DnsFailureKind>> = {
  ENOTFOUND: 'nxdomain',
  ENODATA: 'no-data',
  ESERVFAIL: 'servfail',
  ETIMEOUT: 'timeout',
  ECANCELLED: 'timeout',
  EREFUSED: 'refused',
  ECONNREFUSED: 'refused',
  ELOADIPHLPAPI: 'refused',
  ENOTINITIALIZED: 'refused',
};

/** The failure of a query for `name` that a resolver rejected with `error`. */
export function resolutionFailure(name: string, error: unknown): DnsFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error && 'reason' in error && error.reason !== null ? ` (${error.reason})` : '';
  return { kind: ownValue(ERRORS, code) ?? 'failed', detail: `${name}: ${code || String(error)}${reason}` };
}
