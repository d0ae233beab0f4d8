import type { BouncePolicy } from '../consensus/bounces/bounce-policy.ts';
import type { CheckedBounces } from './schema/bounces.ts';

/** What is watched of sent mail, with all defaults. */
export interface BounceSettings {
  readonly policy: BouncePolicy;
  /** Whether events of Amazon SES are counted. */
  readonly ses: boolean;
  /** Logs of Postfix, for one machine. */
  readonly logs: readonly string[];
}

export function bounceSettings(checked: CheckedBounces): BounceSettings | undefined {
  if (checked === undefined) return undefined;
  const { sources, ...policy } = checked;
  return {
    policy,
    ses: sources.some(({ ses }) => ses === true),
    logs: sources.flatMap(({ log }) => (log === undefined ? [] : [log])),
  };
}
