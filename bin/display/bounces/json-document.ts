import { type BounceCounts, sumRows } from '../../../lambda/bounces/counts.ts';
import { hintOfCode } from '../../../lambda/bounces/provider-codes.ts';
import { type Rate, type RateFinding, rateOf, WINDOWS } from '../../../lambda/bounces/rates.ts';
import { bounceOutcome } from './rates.ts';

/** What `bounces --json` prints. `smtp-quorum-bounces.schema.json` describes it. No part of it names a person or a message. */
export function bounceDocument(counts: BounceCounts, findings: readonly RateFinding[], now: number) {
  const day = sumRows(counts, now - WINDOWS.day, now + 1);
  return {
    version: 1,
    at: new Date(now).toISOString(),
    outcome: bounceOutcome(counts, findings),
    day: rateDocument(rateOf(day)),
    findings: findings.map(({ outcome, window, from, provider, rate, others, codes }) => ({
      outcome,
      window,
      from,
      provider,
      rate: rateDocument(rate),
      others: rateDocument(others),
      codes: codes.map(({ code, bounced, first, text }) => ({
        code,
        bounced,
        first: new Date(first).toISOString(),
        text,
        hint: hintOfCode(provider ?? '', code, text),
      })),
    })),
    providers: day.map((row) => ({
      from: row.from,
      provider: row.provider,
      delivered: row.delivered,
      bounced: row.bounced,
      deferred: row.deferred,
      meanDelaySeconds: row.delivered === 0 ? null : round(row.delay / row.delivered, 1),
      longestDelaySeconds: row.longest,
    })),
  } as const;
}

function rateDocument({ bounced, total, share }: Rate) {
  return { bounced, total, percent: share === null ? null : round(share * 100, 2) };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
