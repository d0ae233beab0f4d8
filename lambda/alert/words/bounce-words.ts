/** The words of an alert about bounces or complaints: its first line, its title and its sections. */

import type { Alert } from '../../consensus/judgement/incident.ts';
import type { BounceNews, ToldRate } from '../../consensus/news/bounce-news.ts';
import type { EvidenceLimits } from './evidence-limits.ts';
import { safeText } from './safe-text.ts';
import { clockTime, durationText, millisecondsBetween } from './time-text.ts';

/** `example.com: Microsoft began 5.7.515 at 09:12 UTC: 41 of 60 bounced in the last hour; others 0.4 %`. */
export function bounceLine(alert: Alert, { rates, more }: BounceNews): string {
  const [first] = rates;
  const domain = safeText(alert.subject, 80);
  if (first === undefined) return `${domain}: ${safeText(alert.reason, 300)}`;
  const others = rates.length - 1 + more;
  const line = alert.kind === 'bounces-over' ? overText(first, alert) : toldText(first, alert);
  return `${domain}: ${line}${others === 0 ? '' : `, and ${others} more`}`;
}

/** `Microsoft 5.7.515, 68 %`, for a subject line. */
export function bounceTitle({ rates, more }: BounceNews): string {
  const [first] = rates;
  if (first === undefined) return '';
  const others = rates.length - 1 + more;
  const what = first.metric === 'complaints' ? 'complaints' : (first.codes[0]?.code ?? 'bounces');
  const share = first.total === 0 ? '' : `, ${shareText(first)}`;
  return `${placeOf(first)} ${safeText(what, 16)}${share}${others === 0 ? '' : `, and ${others} more`}`;
}

function toldText(rate: ToldRate, alert: Alert): string {
  const { metric, count, total, codes, window } = rate;
  if (metric === 'complaints')
    return `${count} of ${total} recipients at ${placeOf(rate)} complained in the last ${window} (${shareText(rate)})${othersText(rate)}`;
  const counted = `${count} of ${total} bounced in the last ${window}${othersText(rate)}`;
  const [first] = codes;
  if (first === undefined) return `${placeOf(rate)}: ${counted}`;
  const code = safeText(first.code, 16);
  const began = `at ${safeText(clockTime(rate.since, alert.at), 32)}`;
  if (rate.provider !== null) return `${placeOf(rate)} began ${code} ${began}: ${counted}`;
  return `${counted}, ${first.count} of them with ${code}, from ${began.slice(3)} on`;
}

function overText(rate: ToldRate, alert: Alert): string {
  const what = rate.metric === 'complaints' ? 'complaints' : 'bounces';
  const length = millisecondsBetween(rate.since, alert.at);
  const lasted =
    length === null ? '' : `; it lasted ${durationText(length)}, from ${safeText(clockTime(rate.since, alert.at), 32)}`;
  return `${what} at ${placeOf(rate)} are over: ${safeText(alert.reason, 200)}${lasted}`;
}

function placeOf({ provider }: ToldRate): string {
  return provider === null ? 'all providers' : safeText(provider, 80);
}

function othersText({ provider, others }: ToldRate): string {
  return provider === null || others.total === 0 ? '' : `; others ${shareText(others)}`;
}

/** `0.4 %`, `68 %`. */
function shareText({ count, total }: { readonly count: number; readonly total: number }): string {
  const value = total === 0 ? 0 : (100 * count) / total;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} %`;
}

const TITLES = { bounces: 'bounces', complaints: 'complaints' } as const;

export function bounceSections(
  alert: Alert,
  news: BounceNews,
  limits: EvidenceLimits,
): readonly (readonly [string, readonly string[]])[] {
  const rates = news.rates.slice(0, limits.witnesses);
  const left = news.rates.length - rates.length + news.more;
  return [
    ...rates.map((rate) => [`${placeOf(rate)}: ${TITLES[rate.metric]}`, rateLines(rate, alert, limits)] as const),
    ['More', left > 0 ? [`${left} more: the command \`report\` shows all`] : []],
  ];
}

function rateLines(rate: ToldRate, alert: Alert, { width }: EvidenceLimits): readonly string[] {
  const { count, total, window, limit, others, codes, example, hint } = rate;
  return [
    `rate:       ${count} of ${total} in the last ${window} (${shareText(rate)}), limit ${shareText({ count: limit, total: 1 })}`,
    ...(others.total === 0 ? [] : [`others:     ${others.count} of ${others.total} (${shareText(others)})`]),
    ...(codes.length === 0
      ? []
      : [`codes:      ${codes.map((one) => `${safeText(one.code, 16)} ${one.count}`).join(', ')}`]),
    `since:      ${safeText(clockTime(rate.since, alert.at), 32)}`,
    ...(example === null ? [] : [`example:    ${safeText(example, width)}`]),
    ...(hint === null ? [] : [`what to do: ${safeText(hint, width)}`]),
  ];
}
