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
  /** All of them, also those that the config ignores: the judge does not report those. */
  readonly findings: readonly PostureFinding[];
  /**
   * Zones of DNS lists, as they are shown, that were not due in this run: what is known of them stays as it is. Absent if all
   * were asked.
   */
  readonly notAsked?: readonly string[];
  /** All policies of MTA-STS that senders may have in their caches. Absent if the known ones stay as they are. */
  readonly policies?: readonly RememberedPolicy[];
}
