import type { RunDns } from '../dns/records/dns-of-run.ts';
import type { LookupBounds } from '../dns/records/query-budget.ts';
import type { Ports } from '../ports.ts';
import type { FetchCertificate } from '../posture/certificate-fetch.ts';
import type { FetchPolicy } from '../posture/policy-fetch.ts';
import type { FetchUrl } from '../posture/url-fetch.ts';
import type { PostureStore } from './posture-store.ts';

/** What a run of posture needs from its environment: AWS, or one machine. */
export interface PosturePorts extends Omit<Ports, 'history'> {
  readonly history: PostureStore;
  /** DNS with one cache, for one run. */
  openDns(bounds: LookupBounds): RunDns;
  readonly fetchPolicy: FetchPolicy;
  readonly fetchUrl: FetchUrl;
  readonly fetchCertificate: FetchCertificate;
  /** Milliseconds until this run is ended. */
  timeLeft(): number;
}
