import { bounceMeasure, complaintMeasure, type Measure, RATE_LIMITS, type RateLimits } from '../../bounces/rates.ts';

/** Limits of bounces, and the one of complaints. Shares of 1. */
export interface BouncePolicy extends RateLimits {
  readonly complaints: number;
}

/** Google and Yahoo ask senders to stay below 0.1 % of complaints. */
export const BOUNCE_POLICY: BouncePolicy = { ...RATE_LIMITS, complaints: 0.001 };

/** What was told is over when it is well below the limit: a rate at the limit is not told again and again. */
const OVER = 0.8;

export interface PolicyMeasures {
  /** When a rate is told. */
  readonly told: readonly Measure[];
  /** While a rate is told: it is over if it passes. */
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
