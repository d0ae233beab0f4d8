import type { PostureArea } from '../../posture/codes/code.ts';
import type { PostureFinding } from '../../posture/finding.ts';
import type { RememberedPolicy } from '../../posture/remembered-policy.ts';

/** What one vantage found out about a domain in one run. */
export interface PostureRun {
  /** In A-labels and lower case, without a dot at the end. */
  readonly domain: string;
  readonly vantage: string;
  /** ISO 8601 UTC with seconds. */
  readonly began: string;
  readonly ended: string;
  /** The areas that were checked. What is known of all others stays as it is. */
  readonly areas: readonly PostureArea[];
  readonly findings: readonly PostureFinding[];
  /** All policies of MTA-STS that senders may have in their caches. Absent if the known ones stay as they are. */
  readonly policies?: readonly RememberedPolicy[];
}
