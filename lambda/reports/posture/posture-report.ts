/** The posture of domains in a time span: for how long they were listed, where, and how DMARC stood. */
import { postureVantages } from '../../config/posture-domain.ts';
import { cadenceOf, POSTURE_FRESHNESS, type PostureCadence } from '../../consensus/posture/posture-policy.ts';
import type { PostureState } from '../../consensus/posture/posture-state.ts';
import type { JudgedFinding } from '../../consensus/posture/posture-verdict.ts';
import { openPostureHistory, type PostureHistory } from '../../history/posture/posture-history.ts';
import { clipSpans, lengthOfSpans, mergeSpans, type TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { ReportSource } from '../source/report-source.ts';
import { spansWithout } from '../source/up-down-unwatched.ts';
import { type DmarcState, dmarcSpans } from './dmarc-spans.ts';
import { findingSpans } from './finding-spans.ts';

/** A subject on a list, and for how long, milliseconds. */
export interface ListedTime {
  /** `192.0.2.25 on zen.spamhaus.org` */
  readonly subject: string;
  readonly listed: number;
  readonly spans: readonly TimeSpan[];
}

/** Milliseconds. `listed` + `clear` + `unwatched` are the span. The times of DMARC add up to it, too. */
export interface PostureTimes {
  readonly domain: string;
  readonly listed: number;
  readonly clear: number;
  readonly unwatched: number;
  /** The longest first. */
  readonly listings: readonly ListedTime[];
  readonly dmarc: Readonly<Record<DmarcState | 'unwatched', number>>;
  /** What people know of and is not over yet, now. */
  readonly open: readonly Pick<JudgedFinding, 'kind' | 'code' | 'subject' | 'since'>[];
}

/** A vantage, what it stored of a domain, and when it watched. */
interface WatchedDomain {
  readonly states: readonly PostureState[];
  readonly watched: Readonly<Record<PostureCadence, readonly TimeSpan[]>>;
}

/** Domains that are judged, those of the config first. */
export async function readPostureReport(source: ReportSource, whole: TimeSpan): Promise<readonly PostureTimes[]> {
  const history = openPostureHistory(source.table);
  const verdicts = (await history.postureVerdicts()).filter(({ isGone }) => isGone !== true);
  if (verdicts.length === 0) return [];
  const span = { from: secondOf(whole.from), to: secondOf(whole.to) };
  const vantages = source.config === null ? source.vantages : postureVantages(source.config);
  const watches = await Promise.all(vantages.map((vantage) => readWatched(history, vantage, span)));
  return await Promise.all(
    verdicts.map(async ({ domain, findings }) => {
      const states = await Promise.all(
        vantages.map((vantage) => history.postureStates(domain, vantage, iso(span.from), iso(span.to))),
      );
      const seen = states.map((own, at) => ({ states: own, watched: sinceFirst(watches[at] ?? NOTHING, own) }));
      const open = findings
        .filter(({ state }) => state === 'told')
        .map(({ kind, code, subject, since }) => ({ kind, code, subject, since }));
      return { domain, ...postureTimes(seen, span), open };
    }),
  );
}

const NOTHING: WatchedDomain['watched'] = { lists: [], rest: [] };

async function readWatched(
  history: PostureHistory,
  vantage: string,
  span: TimeSpan,
): Promise<WatchedDomain['watched']> {
  const days = await history.postureWatches(vantage, iso(span.from), iso(span.to));
  const spansOf = (cadence: PostureCadence) =>
    clipSpans(mergeSpans(days.flatMap(({ watched }) => watched[cadence])), span);
  return { lists: spansOf('lists'), rest: spansOf('rest') };
}

/** A domain that was added later was not watched before its first run. */
function sinceFirst(watched: WatchedDomain['watched'], states: readonly PostureState[]): WatchedDomain['watched'] {
  const [first] = states;
  if (first === undefined) return NOTHING;
  const span = { from: secondOf(Date.parse(first.at)), to: Number.MAX_SAFE_INTEGER };
  return { lists: clipSpans(watched.lists, span), rest: clipSpans(watched.rest, span) };
}

export function postureTimes(domains: readonly WatchedDomain[], span: TimeSpan): Omit<PostureTimes, 'domain' | 'open'> {
  const watched = clipSpans(mergeSpans(domains.flatMap((one) => one.watched.lists)), span);
  const listings = listedTimes(domains, span);
  const listed = lengthOfSpans(mergeSpans(listings.flatMap(({ spans }) => spans)));
  const total = lengthOfSpans(watched);
  const unwatched = span.to - span.from - total;
  return { listed, clear: total - listed, unwatched, listings, dmarc: dmarcSpans(domains, span) };
}

/** A listing counts while every vantage that watches sees it. */
function listedTimes(domains: readonly WatchedDomain[], span: TimeSpan): readonly ListedTime[] {
  const seen = domains.map(({ states, watched }) => ({
    watched: watched.lists,
    findings: findingSpans(states, span.to, ({ area }) => POSTURE_FRESHNESS[cadenceOf(area)]),
  }));
  const all = seen.flatMap(({ findings }) =>
    [...findings].filter(([, { area, outcome }]) => area === 'dnsbl' && outcome === 'fail'),
  );
  const times = [...new Map(all)].map(([identity, { subject }]) => {
    const own = seen.map(({ watched, findings }) => {
      const spans = mergeSpans(findings.get(identity)?.spans ?? []);
      return { there: spans.flatMap((one) => clipSpans(watched, one)), not: spansWithout(watched, spans) };
    });
    const there = clipSpans(mergeSpans(own.flatMap((one) => one.there)), span);
    const spans = spansWithout(there, mergeSpans(own.flatMap((one) => one.not)));
    return { subject, listed: lengthOfSpans(spans), spans };
  });
  return times.filter(({ listed }) => listed > 0).sort((a, b) => b.listed - a.listed);
}

function secondOf(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
