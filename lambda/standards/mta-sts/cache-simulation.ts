/** Which former policies senders may still hold, and whether they would deliver today: RFC 8461 3.3, 4, 5.1. Never throws. */

import { LONGEST_MAX_AGE, matchesStsPattern, type StsMode } from './policy.ts';

/** A policy that was served. */
export interface CachedPolicy {
  /** Of the TXT record at that time. */
  readonly id: string;
  readonly mode: StsMode;
  /** Patterns. */
  readonly mx: readonly string[];
  /** Seconds for which a sender may keep it. */
  readonly maxAge: number;
  /** When it may have been fetched last, ISO 8601 UTC. */
  readonly lastSeen: string;
}

/** An MX host as it is today. */
export interface PresentHost {
  readonly name: string;
  /** Whether it offers TLS with a certificate that senders accept for its name (4.2); null if that is not known. */
  readonly hasCertificate: boolean | null;
}

export interface PresentMail {
  /** The policy that a sender reads now; null if there is none, or if it cannot be read. */
  readonly policy: Omit<CachedPolicy, 'lastSeen'> | null;
  readonly hosts: readonly PresentHost[];
}

export interface HeldPolicy {
  readonly policy: CachedPolicy;
  /** When the last copy expires, epoch milliseconds. */
  readonly until: number;
  /**
   * `all`: every sender with a copy, because nothing tells it to read another one (3.1), or because there is none that it can
   * read. `some`: senders that did not ask again, or could not read the present policy.
   */
  readonly holders: 'all' | 'some';
  /** Hosts of today to which a sender with this policy does not deliver; none if the policy is not in force. */
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

/** The former policies that have not expired, in the order of `former`. The present policy is none of them. */
export function heldPolicies(
  former: readonly CachedPolicy[],
  { policy, hosts }: PresentMail,
  now: number,
): readonly HeldPolicy[] {
  return former.flatMap((one): HeldPolicy[] => {
    const until = expiryOf(one);
    // A damaged time is that of no policy.
    if (!(until > now) || (policy !== null && isSamePolicy(one, policy))) return [];
    const refused = one.mode === 'enforce' ? hosts.filter((host) => !accepts(one, host)) : [];
    const names = (some: readonly PresentHost[]) => some.map(({ name }) => name);
    const holders = policy === null || policy.id === one.id ? 'all' : 'some';
    const accepted = hosts.filter((host) => !refused.includes(host));
    return [{ policy: one, until, holders, refused: names(refused), accepted: names(accepted) }];
  });
}

/** Epoch milliseconds. 3.2: no copy is older than about a year. */
function expiryOf({ lastSeen, maxAge }: CachedPolicy): number {
  return Date.parse(lastSeen) + Math.min(maxAge, LONGEST_MAX_AGE) * 1000;
}

/** Both name and certificate must fit. What is not known is not held against the host. */
export function accepts({ mx }: Pick<CachedPolicy, 'mx'>, { name, hasCertificate }: PresentHost): boolean {
  return hasCertificate !== false && mx.some((pattern) => matchesStsPattern(name, pattern));
}

/** Id and text: a sender that holds one has no reason to act otherwise than with the other. */
function isSamePolicy(one: Omit<CachedPolicy, 'lastSeen'>, other: Omit<CachedPolicy, 'lastSeen'>): boolean {
  return one.id === other.id && isSameText(one, other);
}

/** The order of the patterns has no meaning. */
export function isSameText(
  one: Omit<CachedPolicy, 'lastSeen' | 'id'>,
  other: Omit<CachedPolicy, 'lastSeen' | 'id'>,
): boolean {
  const patterns = ({ mx }: Pick<CachedPolicy, 'mx'>) =>
    [...new Set(mx.map((pattern) => pattern.toLowerCase()))].sort().join(' ');
  return one.mode === other.mode && one.maxAge === other.maxAge && patterns(one) === patterns(other);
}

/** Policies that are remembered. A domain that changes its policy more often has a sender hold the oldest ones for nothing. */
const MOST_POLICIES = 10;

/**
 * The memory with the policy that was read just now: a policy that was replaced may have been fetched until then. Without a
 * policy that could be read, nothing is known to have changed.
 * @param at ISO 8601 UTC
 */
export function withPresentPolicy(
  former: readonly CachedPolicy[],
  present: Omit<CachedPolicy, 'lastSeen'> | null,
  at: string,
): readonly CachedPolicy[] {
  const current = former.filter((one) => expiryOf(one) > Date.parse(at));
  if (present === null) return current;
  const { id, mode, mx, maxAge } = present;
  const last = former.at(-1);
  const wasSame = last !== undefined && isSamePolicy(last, present);
  const others = current.filter((one) => one !== last && !isSamePolicy(one, present));
  const replaced = last === undefined || wasSame || !current.includes(last) ? [] : [{ ...last, lastSeen: at }];
  return [...others, ...replaced, { id, mode, mx, maxAge, lastSeen: at }].slice(-MOST_POLICIES);
}
