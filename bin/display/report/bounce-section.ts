/** The section of a report about bounces. */
import type { Rate } from '../../../lambda/bounces/rates.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { ProviderBounces, SenderBounces } from '../../../lambda/reports/bounces/bounce-report.ts';

export const BOUNCE_TITLES = [
  'Sender',
  'Provider',
  'Delivered',
  'Bounced',
  'Rate',
  'Codes',
  'Complaints',
  'Deferred',
  'Mean delay',
] as const;

/** Providers of one domain that are shown, and codes of one provider. */
const MOST = { providers: 12, codes: 4 } as const;

/** A row for each provider, in the order of `BOUNCE_TITLES`. */
export function bounceFigures({ domain, providers }: SenderBounces): readonly (readonly string[])[] {
  return providers
    .slice(0, MOST.providers)
    .map((one) => [
      domain,
      one.provider,
      String(one.delivered),
      String(one.bounced),
      percentText(one.bounceRate),
      codesText(one) || '-',
      one.complained === 0 ? '-' : `${one.complained} (${percentText(one.complaintRate)})`,
      String(one.deferred),
      one.delay === null ? '-' : `${one.delay.mean.toFixed(1)} s`,
    ]);
}

/** One domain in a few lines. */
export function bounceLines(sender: SenderBounces): readonly string[] {
  const { domain, bounceRate, complaintRate, providers } = sender;
  const left = providers.length - MOST.providers;
  const complaints =
    complaintRate.bounced === 0 ? '' : `; complaints ${complaintRate.bounced} (${percentText(complaintRate)})`;
  return [
    `${domain}: ${bounceRate.bounced} of ${bounceRate.total} bounced (${percentText(bounceRate)})${complaints}`,
    ...bounceFigures(sender).map(([, provider = '', delivered, bounced, rate, codes, complained, deferred, delay]) => {
      const more = [
        codes === '-' ? '' : codes,
        complained === '-' ? '' : `complaints ${complained}`,
        deferred === '0' ? '' : `deferred ${deferred}`,
        delay === '-' ? '' : `mean delay ${delay}`,
      ].filter((text) => text !== '');
      return `  ${provider}: delivered ${delivered}, bounced ${bounced} (${rate})${more.length === 0 ? '' : `; ${more.join('; ')}`}`;
    }),
    ...(left > 0 ? [`  and ${left} more providers`] : []),
  ];
}

function codesText({ codes }: ProviderBounces): string {
  const shown = codes.slice(0, MOST.codes).map(({ code, count }) => `${code} ${count}`);
  return [...shown, ...(codes.length > MOST.codes ? [`${codes.length - MOST.codes} more`] : [])].join(', ');
}

function percentText({ share }: Rate): string {
  return share === null ? '-' : `${Number((share * 100).toFixed(2))} %`;
}

/** Shares in percent, delays in seconds. */
export function bouncesJson(senders: readonly SenderBounces[]): readonly object[] {
  return senders.map(({ domain, bounceRate, complaintRate, providers, hours }) => ({
    domain,
    bounceRate: percentOf(bounceRate),
    complaintRate: percentOf(complaintRate),
    providers: providers.map((one) => ({
      ...one,
      bounceRate: percentOf(one.bounceRate),
      complaintRate: percentOf(one.complaintRate),
    })),
    hours: hours.map(({ at, ...counts }) => ({ hour: isoSeconds(at), ...counts })),
  }));
}

function percentOf({ share }: Rate): number | null {
  return share === null ? null : Number((share * 100).toFixed(4));
}
