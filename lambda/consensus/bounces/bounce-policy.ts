import { bounceMeasure, complaintMeasure, type Measure, RATE_LIMITS, type RateLimits } from '../../bounces/rates.ts';

/** Limits of bounces, and the one of complaints. Shares of 1. */
export interface BouncePolicy extends RateLimits {
  readonly complaints: number;
}

/** Google and Yahoo ask senders to stay below 0.1 % of complaints. */
export const BOUNCE_POLICY: BouncePolicy = { ...RATE_LIMITS, complaints: 0.001 };

/** What was reported is over when it is well below the limit, so that a rate near the limit is not reported again and again. */
const OVER = 0.8;

export interface PolicyMeasures {
  /** Whether a rate is reported. */
  readonly told: readonly Measure[];
  /** Of a rate that was reported: it is over if it passes. */
  readonly open: readonly Measure[];
}

export function measuresOf(policy: BouncePolicy): PolicyMeasures {
  const { warn, fail, atLeast, complaints } = policy;
  const lower = { warn: warn * OVER, fail, atLeast: Math.ceil(atLeast * OVER), complaints: complaints * OVER };
  return { told: both(policy), open: both(lower) };
}

function both({ complaints, ...limits }: BouncePolicy): readonly Measure[] {
  return [bounceMeasure(limits), complaintMeasure({ limit: complaints, atLeast: limits.atLeast })];
}

export function limitOf(
  { warn, fail, complaints }: BouncePolicy,
  metric: Measure['metric'],
  outcome: 'warn' | 'fail',
): number {
  if (metric === 'complaints') return complaints;
  return outcome === 'fail' ? fail : warn;
}
