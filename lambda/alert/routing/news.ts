/** What is open of an incident whose alerts each have findings or rates of their own. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { PostureNews } from '../../consensus/news/posture-news.ts';

/** As many as one alert names. */
const MOST = 8;

/** The alert with what was open before it, for those who are told later. A reminder has all of it. */
export function withOpenNews(before: Alert | null, alert: Alert): Alert {
  if (before === null) return alert;
  const { posture, bounces } = alert;
  if (posture !== undefined && before.posture !== undefined && posture.isReminder !== true) {
    const { list, more } = united(posture.findings, before.posture.findings, findingKey);
    return withFindings(alert, { ...posture, findings: list, more: posture.more + before.posture.more + more });
  }
  if (bounces !== undefined && before.bounces !== undefined) {
    const { list, more } = united(bounces.rates, before.bounces.rates, rateKey);
    return { ...alert, bounces: { rates: list, more: bounces.more + before.bounces.more + more } };
  }
  return alert;
}

/** The alert without what an end of a part names. */
export function withoutEnded(before: Alert, end: Alert): Alert {
  const { posture, bounces } = before;
  if (posture !== undefined && end.posture !== undefined) {
    const findings = without(posture.findings, end.posture.findings, findingKey);
    return withFindings(before, { ...posture, findings });
  }
  if (bounces !== undefined && end.bounces !== undefined)
    return { ...before, bounces: { ...bounces, rates: without(bounces.rates, end.bounces.rates, rateKey) } };
  return before;
}

/** Alerts of round trips have their findings twice, until the previous release no longer reads `posture` of them. */
function withFindings(alert: Alert, findings: PostureNews): Alert {
  return { ...alert, posture: findings, ...(alert.trip === undefined ? {} : { trip: findings }) };
}

function findingKey({ code, subject }: { readonly code: string; readonly subject: string }): string {
  return `${code} ${subject}`;
}

function rateKey({ metric, provider }: { readonly metric: string; readonly provider: string | null }): string {
  return `${metric} ${provider}`;
}

function united<Value>(own: readonly Value[], others: readonly Value[], keyOf: (value: Value) => string) {
  const all = [...own, ...without(others, own, keyOf)];
  return { list: all.slice(0, MOST), more: Math.max(0, all.length - MOST) };
}

function without<Value>(list: readonly Value[], gone: readonly Value[], keyOf: (value: Value) => string) {
  const keys = new Set(gone.map(keyOf));
  const left = list.filter((value) => !keys.has(keyOf(value)));
  // An alert without anything in it would say nothing: what is left open was beyond its bound.
  return left.length === 0 ? list : left;
}
