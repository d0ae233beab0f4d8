/** What became of the mail of each sending domain in a time span. */
import { type BounceCounts, type CountRow, mergeRows } from '../../bounces/counts.ts';
import { complaintRateOf, type Rate, rateOf } from '../../bounces/rates.ts';
import { openBounceHistory } from '../../history/bounces/bounce-history.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { ReportSource } from '../source/report-source.ts';

export interface ProviderBounces
  extends Pick<CountRow, 'provider' | 'delivered' | 'deferred' | 'bounced' | 'complained' | 'rejected'> {
  readonly bounceRate: Rate;
  readonly complaintRate: Rate;
  /** Seconds to a delivery: the mean and the longest. Null if nothing was delivered. */
  readonly delay: { readonly mean: number; readonly longest: number } | null;
  /** Codes of bounces, most frequent first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
}

export interface SenderBounces {
  readonly domain: string;
  readonly bounceRate: Rate;
  readonly complaintRate: Rate;
  /** Most mail first. */
  readonly providers: readonly ProviderBounces[];
  /** Oldest first; hours without mail are left out. The start of each is epoch milliseconds. */
  readonly hours: readonly ({ readonly at: number } & Pick<
    CountRow,
    'delivered' | 'deferred' | 'bounced' | 'complained'
  >)[];
}

const HOUR = 3_600_000;

/** Most mail first. */
export async function readBounceReport(
  source: Pick<ReportSource, 'table'>,
  span: TimeSpan,
): Promise<readonly SenderBounces[]> {
  const counts = await openBounceHistory(source.table).counts(span.from, span.to);
  const rows = [...counts.values()].flatMap((slot) => [...slot.values()]);
  const domains = [...new Set(rows.map(({ from }) => from))];
  const all = domains.map((domain) => senderBounces(domain, rows, counts));
  return all.toSorted((a, b) => b.bounceRate.total - a.bounceRate.total || (a.domain < b.domain ? -1 : 1));
}

function senderBounces(domain: string, rows: readonly CountRow[], counts: BounceCounts): SenderBounces {
  const own = rows.filter(({ from }) => from === domain);
  const providers = [...new Set(own.map(({ provider }) => provider))].flatMap((provider) => {
    const row = sumOf(own.filter((one) => one.provider === provider));
    return row === undefined ? [] : [providerBounces(row)];
  });
  return {
    domain,
    bounceRate: rateOf(own),
    complaintRate: complaintRateOf(own),
    providers: providers.toSorted((a, b) => b.bounceRate.total - a.bounceRate.total || b.deferred - a.deferred),
    hours: hoursOf(domain, counts),
  };
}

function providerBounces(row: CountRow): ProviderBounces {
  const { provider, delivered, deferred, bounced, complained, rejected, delay, longest, codes } = row;
  return {
    ...{ provider, delivered, deferred, bounced, complained, rejected },
    bounceRate: rateOf([row]),
    complaintRate: complaintRateOf([row]),
    delay: delivered === 0 ? null : { mean: delay / delivered, longest },
    codes: Object.entries(codes)
      .flatMap(([code, count]) => (count.bounced === 0 ? [] : [{ code, count: count.bounced }]))
      .toSorted((a, b) => b.count - a.count),
  };
}

function hoursOf(domain: string, counts: BounceCounts): SenderBounces['hours'] {
  const hours = new Map<number, CountRow[]>();
  for (const [at, slot] of counts) {
    const own = [...slot.values()].filter(({ from }) => from === domain);
    const hour = at - (at % HOUR);
    if (own.length > 0) hours.set(hour, [...(hours.get(hour) ?? []), ...own]);
  }
  return [...hours]
    .toSorted(([a], [b]) => a - b)
    .map(([at, own]) => {
      const of = (kind: 'delivered' | 'deferred' | 'bounced' | 'complained') =>
        own.reduce((sum, row) => sum + row[kind], 0);
      return {
        at,
        delivered: of('delivered'),
        deferred: of('deferred'),
        bounced: of('bounced'),
        complained: of('complained'),
      };
    });
}

function sumOf(rows: readonly CountRow[]): CountRow | undefined {
  return rows.reduce<CountRow | undefined>((sum, row) => mergeRows(sum, row), undefined);
}
