import { localVantage } from './schema/aws-regions.ts';

/** A domain whose posture is watched, with all defaults. */
export interface PostureDomain {
  /** In A-labels and lower case, without a dot at the end. */
  readonly domain: string;
  /** DKIM selectors that are in use. */
  readonly selectors: readonly string[];
  /** Addresses that send its mail; empty where they are learnt from DNS. */
  readonly senders: readonly string[];
  /** Zones of further DNS lists. */
  readonly lists: readonly string[];
  /** Further hosts whose certificates are watched. */
  readonly hosts: readonly string[];
  readonly ignore: readonly IgnoredFinding[];
}

/** A finding that is not told until its last day. */
export interface IgnoredFinding {
  readonly code: string;
  /** Null for every subject. */
  readonly subject: string | null;
  readonly reason: string;
  /** The last day, UTC: `2027-03-31`. */
  readonly until: string;
}

/** Whose DNS lists have keys for customers. */
export type ListKeyName = 'spamhaus' | 'abusix';

/** Whether a finding is ignored at a time, epoch milliseconds. */
export function isIgnored(
  ignore: readonly IgnoredFinding[],
  finding: { readonly code: string; readonly subject: string },
  now: number,
): boolean {
  const today = new Date(now).toISOString().slice(0, 10);
  return ignore.some(
    ({ code, subject, until }) =>
      code === finding.code && (subject === null || subject === finding.subject) && until >= today,
  );
}

/**
 * Where posture is watched from: the home region and the first vantage in another region, because answers of DNS differ by
 * place. One machine has one vantage.
 */
export function postureVantages(config: {
  readonly home: string;
  readonly policy: { readonly vantages: readonly string[] };
}): readonly string[] {
  const { home, policy } = config;
  if (policy.vantages.includes(localVantage)) return [localVantage];
  return [home, ...policy.vantages.filter((vantage) => vantage !== home).slice(0, 1)];
}
