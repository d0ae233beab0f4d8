/** Decides which alerts about the bounces of a sending domain are due. */
import { isDeepStrictEqual } from 'node:util';
import type { BounceCounts } from '../../bounces/counts.ts';
import { findingOfProvider, findingsOf, type Measure, type RateFinding } from '../../bounces/rates.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { addBounceNews, type RateStep } from './bounce-alerts.ts';
import { type BouncePolicy, measuresOf } from './bounce-policy.ts';
import type { BounceVerdict, JudgedRate } from './bounce-verdict.ts';

export interface BounceQuestion {
  readonly domain: string;
  readonly previous: BounceVerdict | null;
  /** Of the last day. */
  readonly counts: BounceCounts;
  readonly policy: BouncePolicy;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The next verdict; null if there is nothing to remember. Each rate above a limit is reported once, again if a warning becomes
 * a failure, and once when it is over. Returns `previous` itself if nothing changed, so that nothing is written. Two judges with the same
 * input add the same alerts with the same ids.
 */
export function judgeBounceRates(question: BounceQuestion): BounceVerdict | null {
  const { domain, previous, policy, now } = question;
  const at = isoSeconds(now);
  const { told, open } = measuresOf(policy);
  const known = previous?.isGone ? [] : (previous?.rates ?? []);
  const found = told.flatMap((measure) => foundBy(measure, question));
  const kept = known.flatMap((rate) => stepOf(rate, found, measureOf(open, rate.metric), question));
  const fresh = found
    .filter(({ metric, finding }) => !known.some((rate) => isOf(rate, metric, finding.provider)))
    .map(({ metric, finding }): RateStep => ({ metric, finding, before: null, news: 'told' }));
  if (previous === null && fresh.length === 0) return null;
  const before = previous === null || previous.isGone ? newVerdict(domain, at, previous) : previous;
  const next = addBounceNews({ before, steps: [...fresh, ...kept], policy, at });
  return previous !== null && isDeepStrictEqual(bare(previous), next) ? previous : next;
}

interface Found {
  readonly metric: Measure['metric'];
  readonly finding: RateFinding;
}

/** All providers together are reported only if no single one explains it, in either window. */
function foundBy(measure: Measure, { domain, counts, now }: BounceQuestion): readonly Found[] {
  const own = findingsOf(counts, now, measure).filter(({ from }) => from === domain);
  const single = own.filter(({ provider }) => provider !== null);
  return (single.length > 0 ? single : own).map((finding) => ({ metric: measure.metric, finding }));
}

/** What became of a rate that was reported. */
function stepOf(
  rate: JudgedRate,
  found: readonly Found[],
  measure: Measure,
  { domain, counts, now }: BounceQuestion,
): readonly RateStep[] {
  const { metric, provider } = rate;
  const again = found.find((one) => isOf(rate, one.metric, one.finding.provider));
  const finding = again?.finding ?? findingOfProvider(counts, now, { from: domain, provider }, measure);
  // A provider that stands out takes the place of all together.
  if (provider === null && again === undefined && found.some((one) => one.metric === metric)) return [];
  if (finding.outcome === 'pass') return [{ metric, finding, before: rate, news: 'over' }];
  const isWorse = rate.outcome === 'warn' && finding.outcome === 'fail';
  return [{ metric, finding, before: rate, news: isWorse ? 'told' : null }];
}

function isOf(rate: JudgedRate, metric: Measure['metric'], provider: string | null): boolean {
  return rate.metric === metric && rate.provider === provider;
}

function measureOf(measures: readonly Measure[], metric: Measure['metric']): Measure {
  const found = measures.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`there is no measure of ${metric}`);
  return found;
}

/** The verdict without the attributes that the store adds. */
function bare({ domain, since, rates, episode, alerts, lastAlert, owed, isGone }: BounceVerdict): BounceVerdict {
  return { domain, since, rates, episode, alerts, lastAlert, owed, ...(isGone ? { isGone } : {}) };
}

/** Numbers of alerts are not given twice, also if bounces are watched again. */
function newVerdict(domain: string, at: string, previous: BounceVerdict | null): BounceVerdict {
  const { alerts = 0, lastAlert = null, owed = [] } = previous ?? {};
  return { domain, since: at, rates: [], episode: null, alerts, lastAlert, owed };
}

/** Ends the verdict of a domain when bounces are no longer watched, with an alert for what is open. Idempotent. */
export function withdrawBounces(verdict: BounceVerdict, policy: BouncePolicy, now: number): BounceVerdict {
  if (verdict.isGone) return verdict;
  const at = isoSeconds(now);
  const before = bare(verdict);
  const steps = before.rates.map(
    (rate): RateStep => ({ metric: rate.metric, finding: null, before: rate, news: 'over' }),
  );
  const why = 'withdrawn: the config no longer has `bounces`';
  return { ...addBounceNews({ before, steps, policy, at, why }), isGone: true };
}
