import type { PostureArea } from '../../posture/codes/code.ts';
import type { PostureFinding } from '../../posture/finding.ts';
import type { RememberedPolicy } from '../../posture/remembered-policy.ts';

/** A finding over several runs of one vantage. Times are those at which runs began, ISO 8601 UTC. */
export interface TrackedFinding extends Omit<PostureFinding, 'code'> {
  /** Any release may have written it, with codes that this one does not know. */
  readonly code: string;
  /** The first run that saw it. */
  readonly since: string;
  /** Whether a second run saw it. */
  readonly confirmed: boolean;
  /** The first of the runs that do not see it any more; null while it is seen. A second such run removes the finding. */
  readonly gone: string | null;
  /** The first of the last runs that could not tell (`unable`); null if the last run could. */
  readonly unknown: string | null;
}

/** What a vantage knows of a domain after a run: all areas together. */
export interface PostureState {
  readonly domain: string;
  readonly vantage: string;
  /** When it was written, ISO 8601 UTC with milliseconds; later than any state of this vantage and domain before. */
  readonly at: string;
  /** When the last run began that checked an area, as far as it was written. */
  readonly areas: Readonly<Partial<Record<PostureArea, string>>>;
  readonly findings: readonly TrackedFinding[];
  readonly policies: readonly RememberedPolicy[];
}

/** The same finding in another run, or at another vantage, has the same identity. */
export function findingIdentity({
  area,
  code,
  subject,
}: {
  readonly area: string;
  readonly code: string;
  readonly subject: string;
}): string {
  return `${area} ${code} ${subject}`;
}
