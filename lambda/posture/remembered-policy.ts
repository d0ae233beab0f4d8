import type { CachedPolicy } from '../standards/mta-sts/cache-simulation.ts';

/**
 * A policy of MTA-STS that was served, and that senders may still have in their caches: RFC 8461 3.3, 5.1. `lastSeen` of a
 * policy that was replaced: when the next one was first seen, because it may have been fetched until then. Of the present one
 * it may be up to a day old: an item is not written because of it.
 */
export type RememberedPolicy = CachedPolicy;
