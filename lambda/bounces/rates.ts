/** Bounce rates over a sliding hour and day, and what stands out. */

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
  readonly bounced: number;
  /** Delivered and bounced. */
  readonly total: number;
  /** A share of 1; null if nothing was delivered or bounced. */
  readonly share: number | null;
}

export function rateOf(rows: readonly CountRow[]): Rate {
  const bounced = rows.reduce((sum, row) => sum + row.bounced, 0);
  const total = rows.reduce((sum, row) => sum + row.delivered, bounced);
  return { bounced, total, share: total === 0 ? null : bounced / total };
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
  const found = (['hour', 'day'] as const).flatMap((window) => windowFindings(counts, now, window, limits));
  const distinct = found.filter(
    ({ from, provider }, nth) => found.findIndex((one) => one.from === from && one.provider === provider) === nth,
  );
  return distinct.toSorted(
    (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || b.rate.bounced - a.rate.bounced,
  );
}

function windowFindings(
  counts: BounceCounts,
  now: number,
  window: WindowName,
  limits: RateLimits,
): readonly RateFinding[] {
  const rows = sumRows(counts, now - WINDOWS[window], now + 1);
  const day = sumRows(counts, now - WINDOWS.day, now + 1);
  const domains = [...new Set(rows.map(({ from }) => from))];
  return domains.flatMap((from) => {
    const own = rows.filter((row) => row.from === from);
    const findingOf = (part: readonly CountRow[], provider: string | null): readonly RateFinding[] => {
      const rate = rateOf(part);
      const outcome = outcomeOfRate(rate, limits);
      if (outcome === 'pass') return [];
      const others = rateOf(own.filter((row) => !part.includes(row)));
      return [{ outcome, window, from, provider, rate, others, codes: bouncesByCode(part, day) }];
    };
    const providers = own.flatMap((row) => findingOf([row], row.provider));
    // One provider that explains it all is told once.
    return providers.length === 0 ? findingOf(own, null) : providers;
  });
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
