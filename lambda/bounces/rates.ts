/** Rates of bounces and complaints over a sliding hour and day, and what stands out. */

import type { Outcome } from '../smtp/sample/sample.ts';
import { type BounceCounts, type CodeCount, type CountRow, mergeRows, sumRows } from './counts.ts';

export interface RateLimits {
  /** Shares of 1. */
  readonly warn: number;
  readonly fail: number;
  /** Deliveries and bounces below which a rate says nothing. */
  readonly atLeast: number;
}

/** Google, Yahoo and Amazon SES ask for fewer than 2 % to 5 %. */
export const RATE_LIMITS: RateLimits = { warn: 0.01, fail: 0.02, atLeast: 50 };

const HOUR = 3_600_000;
export const WINDOWS = { hour: HOUR, day: 24 * HOUR } as const;
export type WindowName = keyof typeof WINDOWS;

export interface Rate {
  /** Of complaints, how many complained. */
  readonly bounced: number;
  /** Delivered and bounced; of complaints, delivered. */
  readonly total: number;
  /** A share of 1; null if nothing was delivered or bounced. */
  readonly share: number | null;
}

export function rateOf(rows: readonly CountRow[]): Rate {
  const bounced = rows.reduce((sum, row) => sum + row.bounced, 0);
  const total = rows.reduce((sum, row) => sum + row.delivered, bounced);
  return { bounced, total, share: total === 0 ? null : bounced / total };
}

export function complaintRateOf(rows: readonly CountRow[]): Rate {
  const bounced = rows.reduce((sum, row) => sum + row.complained, 0);
  const total = rows.reduce((sum, row) => sum + row.delivered, 0);
  // A complaint may come a day after the delivery.
  return { bounced, total, share: total === 0 ? null : Math.min(1, bounced / total) };
}

/** What is compared with limits. */
export interface Measure {
  readonly metric: 'bounces' | 'complaints';
  rateOf(rows: readonly CountRow[]): Rate;
  outcomeOf(rate: Rate): Outcome;
}

export function bounceMeasure(limits: RateLimits): Measure {
  return { metric: 'bounces', rateOf, outcomeOf: (rate) => outcomeOfRate(rate, limits) };
}

/** Complaints that are no accident, where there are few deliveries. */
const FEW_COMPLAINTS = 3;

/**
 * Complaints have one limit. One complaint must not exceed it by itself: there are three, or as many deliveries as make one
 * complaint no more than the limit.
 */
export function complaintMeasure({ limit, atLeast }: { readonly limit: number; readonly atLeast: number }): Measure {
  const outcomeOf = ({ bounced, total, share }: Rate): Outcome => {
    const isKnown = total >= atLeast && (bounced >= FEW_COMPLAINTS || total * limit >= 1);
    return share !== null && isKnown && share >= limit ? 'fail' : 'pass';
  };
  return { metric: 'complaints', rateOf: complaintRateOf, outcomeOf };
}

export interface RateFinding {
  readonly outcome: Outcome;
  readonly window: WindowName;
  /** The domain of the sender. */
  readonly from: string;
  /** Null: over all providers. */
  readonly provider: string | null;
  readonly rate: Rate;
  /** The other providers in the same window. */
  readonly others: Rate;
  /** Most frequent first. */
  readonly codes: readonly (CodeCount & { readonly code: string })[];
}

export function outcomeOfRate({ share, total }: Rate, { warn, fail, atLeast }: RateLimits): Outcome {
  if (share === null || total < atLeast) return 'pass';
  if (share >= fail) return 'fail';
  return share >= warn ? 'warn' : 'pass';
}

const ORDER: readonly Outcome[] = ['fail', 'warn'];

/** Findings of each sending domain, worst first: each provider above a limit, and the domain as a whole. The hour comes before the day, which is left out if it says the same. */
export function rateFindings(counts: BounceCounts, now: number, limits: RateLimits): readonly RateFinding[] {
  return findingsOf(counts, now, bounceMeasure(limits));
}

export function findingsOf(counts: BounceCounts, now: number, measure: Measure): readonly RateFinding[] {
  const found = (['hour', 'day'] as const).flatMap((window) => windowFindings(windowOf(counts, now, window), measure));
  const distinct = found.filter(
    ({ from, provider }, nth) => found.findIndex((one) => one.from === from && one.provider === provider) === nth,
  );
  return distinct.toSorted(
    (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || b.rate.bounced - a.rate.bounced,
  );
}

/** One provider, or all together, in the window in which it stands out; without limits, in the day. */
export function findingOfProvider(
  counts: BounceCounts,
  now: number,
  { from, provider }: Pick<RateFinding, 'from' | 'provider'>,
  measure: Measure,
): RateFinding {
  const [hour, day] = (['hour', 'day'] as const).map((name) => {
    const window = windowOf(counts, now, name);
    const own = window.rows.filter((row) => row.from === from);
    const part = own.filter((row) => provider === null || row.provider === provider);
    return findingOf(window, own, part, provider, from, measure);
  }) as [RateFinding, RateFinding];
  return hour.outcome === 'pass' ? day : hour;
}

interface Window {
  readonly name: WindowName;
  readonly rows: readonly CountRow[];
  readonly day: readonly CountRow[];
}

function windowOf(counts: BounceCounts, now: number, name: WindowName): Window {
  const day = sumRows(counts, now - WINDOWS.day, now + 1);
  return { name, day, rows: name === 'day' ? day : sumRows(counts, now - WINDOWS[name], now + 1) };
}

function windowFindings(window: Window, measure: Measure): readonly RateFinding[] {
  const domains = [...new Set(window.rows.map(({ from }) => from))];
  return domains.flatMap((from) => {
    const own = window.rows.filter((row) => row.from === from);
    const above = (part: readonly CountRow[], provider: string | null): readonly RateFinding[] => {
      const finding = findingOf(window, own, part, provider, from, measure);
      return finding.outcome === 'pass' ? [] : [finding];
    };
    const providers = own.flatMap((row) => above([row], row.provider));
    // One provider that explains it all is reported once.
    return providers.length === 0 ? above(own, null) : providers;
  });
}

function findingOf(
  { name, day }: Window,
  own: readonly CountRow[],
  part: readonly CountRow[],
  provider: string | null,
  from: string,
  measure: Measure,
): RateFinding {
  const rate = measure.rateOf(part);
  const others = measure.rateOf(own.filter((row) => !part.includes(row)));
  const codes = measure.metric === 'bounces' ? bouncesByCode(part, day) : [];
  return { outcome: measure.outcomeOf(rate), window: name, from, provider, rate, others, codes };
}

/** Most frequent first. When each began is looked for in the whole day. */
function bouncesByCode(rows: readonly CountRow[], day: readonly CountRow[]): RateFinding['codes'] {
  const merged = rows.reduce<CountRow | undefined>((sum, row) => mergeRows(sum, row), undefined);
  const same = day.filter(({ from, provider }) => rows.some((row) => row.from === from && row.provider === provider));
  return Object.entries(merged?.codes ?? {})
    .map(([code, count]) => ({
      ...count,
      code,
      first: Math.min(...same.map((row) => row.codes[code]?.first ?? Infinity)),
    }))
    .filter(({ bounced }) => bounced > 0)
    .toSorted((a, b) => b.bounced - a.bounced);
}
