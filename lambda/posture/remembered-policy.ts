import type { StsMode } from '../standards/mta-sts/policy.ts';

/** A policy of MTA-STS that was served, and that senders may still have in their caches: RFC 8461 3.3, 5.1. */
export interface RememberedPolicy {
  /** Of the TXT record at that time. */
  readonly id: string;
  readonly mode: StsMode;
  /** Patterns in lower case. */
  readonly mx: readonly string[];
  /** Seconds for which a sender may keep it. */
  readonly maxAge: number;
  /**
   * ISO 8601 UTC. Of a policy that was replaced: when the next one was first seen, because it may have been fetched until
   * then. Of the present one it may be up to a day old: an item is not written because of it.
   */
  readonly lastSeen: string;
}
