import type { IgnoredPosture } from '../consensus/posture/posture-policy.ts';
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
  readonly ignore: readonly IgnoredPosture[];
  /** Identifiers of the round trips whose sender is of the domain; absent if there is none. */
  readonly roundTrips?: readonly string[];
}

/** Whose DNS lists have keys for customers. */
export type ListKeyName = 'spamhaus' | 'abusix';

/** What was ignored until a day that has passed, as sentences: it is reported again. */
export function endedIgnores(posture: readonly PostureDomain[], now: number): readonly string[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return posture.flatMap(({ domain, ignore }) =>
    ignore
      .filter(({ until }) => until < today)
      .map(({ code, until }) => `posture of ${domain}: ${code} was ignored until ${until}, and is told again`),
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
