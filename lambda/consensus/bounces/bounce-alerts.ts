/** The alerts that are due for a sending domain. */
import { hintOfCode } from '../../bounces/provider-codes.ts';
import type { Measure, Rate, RateFinding } from '../../bounces/rates.ts';
import { alertTime } from '../judgement/alert-time.ts';
import type { Alert, AlertKind, Incident } from '../judgement/incident.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import type { BounceNews, ToldRate } from '../news/bounce-news.ts';
import { type BouncePolicy, limitOf } from './bounce-policy.ts';
import type { BounceEpisode, BounceVerdict, JudgedRate } from './bounce-verdict.ts';

/** What an alert has room for. */
const MOST = { rates: 8, codes: 5, characters: 300 } as const;

/** A rate, what was known of it, and whether it is reported in this pass. */
export interface RateStep {
  readonly metric: Measure['metric'];
  /** Null if it is not looked at any more. */
  readonly finding: RateFinding | null;
  readonly before: JudgedRate | null;
  readonly news: 'told' | 'over' | null;
}

interface Pass {
  readonly before: BounceVerdict;
  readonly steps: readonly RateStep[];
  readonly policy: BouncePolicy;
  readonly at: string;
  /** Why rates are over, if not because they are low again. */
  readonly why?: string;
}

/** The verdict after a pass, with one alert for all that is new, and one for all that is over. */
export function addBounceNews(pass: Pass): BounceVerdict {
  const { before, steps, at } = pass;
  const [told, over] = (['told', 'over'] as const).map((news) => steps.filter((step) => step.news === news)) as [
    RateStep[],
    RateStep[],
  ];
  const rates = steps.filter(({ news }) => news !== 'over').map((step) => rateAfter(step, at));
  const opened = rates.map(({ since }) => since).sort()[0] ?? at;
  const episode: BounceEpisode = before.episode ?? { id: `${before.domain}/bounces@${opened}`, opened };
  const ended = over.length === 0 ? before : addAlert(before, 'bounces-over', episode, over, rates.length, pass);
  const next = told.length === 0 ? ended : addAlert(ended, 'bounces', episode, told, rates.length, pass);
  const { domain, since, alerts, lastAlert, owed } = next;
  return { domain, since, rates, episode: rates.length === 0 ? null : episode, alerts, lastAlert, owed };
}

/** A failure that becomes a warning is not reported, and stays a failure until it is over. */
function rateAfter({ metric, finding, before, news }: RateStep, at: string): JudgedRate {
  if (before !== null && news === null) return before;
  const outcome = finding?.outcome === 'fail' ? 'fail' : 'warn';
  const provider = finding?.provider ?? null;
  return {
    metric,
    provider,
    outcome,
    since: before?.since ?? beganAt(finding, at),
    code: finding?.codes[0]?.code ?? null,
  };
}

function beganAt(finding: RateFinding | null, at: string): string {
  const first = finding?.codes[0]?.first;
  return first === undefined || !Number.isFinite(first) ? at : isoSeconds(first);
}

function addAlert(
  verdict: BounceVerdict,
  kind: AlertKind & ('bounces' | 'bounces-over'),
  episode: BounceEpisode,
  steps: readonly RateStep[],
  left: number,
  pass: Pass,
): BounceVerdict {
  const { domain, alerts, owed } = verdict;
  const at = alertTime(verdict.lastAlert, pass.at);
  const isOver = kind === 'bounces-over' && left === 0;
  const incident: Incident = {
    ...{ id: episode.id, target: domain, opened: episode.opened, closed: isOver ? at : null },
    ...{ verdict: 'degraded', witnesses: [], timeline: [] },
    ...(episode.acknowledged && { acknowledged: episode.acknowledged }),
  };
  const alert: Alert = {
    ...{ id: `${episode.id}#${alerts + 1}-${kind}`, kind, subject: domain, at },
    was: kind === 'bounces-over' || verdict.episode !== null ? 'degraded' : 'up',
    is: isOver ? 'up' : 'degraded',
    incident,
    votes: [],
    reason: kind === 'bounces' ? reasonOf(steps, pass) : (pass.why ?? overReason(steps, left)),
    bounces: newsOf(steps, pass),
  };
  return { ...verdict, alerts: alerts + 1, lastAlert: at, owed: [...owed, alert] };
}

function reasonOf(steps: readonly RateStep[], { policy }: Pass): string {
  const [first] = steps;
  if (first?.finding == null) return '';
  const outcome = first.finding.outcome === 'fail' ? 'fail' : 'warn';
  const limit = limitOf(policy, first.metric, outcome);
  return `${percentText(first.finding.rate)} in the last ${first.finding.window} is at or above ${shareText(limit)}`;
}

function overReason(steps: readonly RateStep[], left: number): string {
  const rate = steps[0]?.finding?.rate;
  const now = rate === undefined || rate.total === 0 ? 'no mail was sent' : percentText(rate);
  return `${now} in the last day${left > 0 ? `; ${left} of this domain left` : ''}`;
}

function percentText({ bounced, total, share }: Rate): string {
  return `${shareText(share ?? 0)} (${bounced} of ${total})`;
}

/** `0.1 %`, `68 %`. */
function shareText(share: number): string {
  const value = share * 100;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} %`;
}

function newsOf(steps: readonly RateStep[], pass: Pass): BounceNews {
  return {
    rates: steps.slice(0, MOST.rates).map((step) => toldRate(step, pass)),
    more: Math.max(0, steps.length - MOST.rates),
  };
}

const NO_RATE: Rate = { bounced: 0, total: 0, share: null };

function toldRate({ metric, finding, before }: RateStep, { policy, at }: Pass): ToldRate {
  const { rate = NO_RATE, others = NO_RATE, codes = [], window = 'day' } = finding ?? {};
  const provider = finding?.provider ?? before?.provider ?? null;
  const outcome = (finding?.outcome === 'pass' ? before?.outcome : finding?.outcome) === 'fail' ? 'fail' : 'warn';
  const [first] = codes;
  return {
    ...{ metric, outcome, window, provider },
    ...{ count: rate.bounced, total: rate.total, limit: limitOf(policy, metric, outcome) },
    others: { count: others.bounced, total: others.total },
    since: before?.since ?? beganAt(finding, at),
    codes: codes.slice(0, MOST.codes).map(({ code, bounced }) => ({ code, count: bounced })),
    example: first === undefined || first.text === '' ? null : first.text.slice(0, MOST.characters),
    hint: first === undefined ? null : hintOfCode(provider ?? '', first.code, first.text),
  };
}
