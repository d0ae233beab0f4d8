import type { BoundedLookup, LookupBounds } from '../dns/records/cached-lookup-with-limits.ts';
import type { Ports } from '../ports.ts';
import type { FetchPolicy } from '../posture/policy-fetch.ts';
import type { PostureStore } from './posture-store.ts';

/** What a run of posture needs from its environment: AWS, or one machine. */
export interface PosturePorts extends Omit<Ports, 'history'> {
  readonly history: PostureStore;
  /** A lookup with one cache, for one run. */
  openLookup(bounds: LookupBounds): BoundedLookup;
  readonly fetchPolicy: FetchPolicy;
  /** Milliseconds until this run is ended. */
  timeLeft(): number;
}
