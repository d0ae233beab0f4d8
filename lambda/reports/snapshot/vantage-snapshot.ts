/** What a status page shows of a vantage: whether it votes, whether its rounds come, and what it runs. */

import { vantageSubject } from '../../consensus/judge-blind-vantage.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { TargetStatus } from '../status/target-status.ts';
import { type RoundCountCache, readRoundCount } from './round-counts.ts';
import type { VantageSnapshot } from './snapshot.ts';

/** @param now epoch milliseconds */
export async function readVantage(
  source: ReportSource,
  cache: RoundCountCache,
  statuses: readonly TargetStatus[],
  vantage: string,
  now: number,
): Promise<VantageSnapshot> {
  const every = source.config?.policy.every ?? null;
  const newest = newestSample(statuses, vantage);
  return {
    vantage,
    lastRound: newest?.round ?? null,
    ...blindness(source, vantage),
    lag: newest?.lag ?? null,
    release: newest?.release ?? null,
    egress: newest?.egress ?? null,
    rounds: every === null ? null : await readRoundCount(cache, source.table, vantage, every, now),
  };
}

function newestSample(statuses: readonly TargetStatus[], vantage: string) {
  const samples = statuses.flatMap(({ last }) => last.get(vantage) ?? []);
  return samples.reduce<(typeof samples)[number] | null>(
    (newest, one) => (newest === null || one.round > newest.round ? one : newest),
    null,
  );
}

function blindness(
  { judgements }: ReportSource,
  vantage: string,
): Pick<VantageSnapshot, 'blind' | 'blindSince' | 'blindWhy'> {
  const judgement = judgements.find(({ target }) => target === vantageSubject(vantage));
  if (judgement === undefined || judgement.verdict === 'up' || judgement.verdict === 'degraded') {
    return { blind: false, blindSince: null, blindWhy: null };
  }
  const { incident, since } = judgement;
  const why = incident?.closed === null ? (incident.timeline.at(-1)?.what ?? null) : null;
  return { blind: true, blindSince: since, blindWhy: why };
}
