/** Reads what a status page shows out of the history. */

import { vantageSubject } from '../../consensus/judge-blind-vantage.ts';
import type { Incident, Witness } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { readIncidents } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { RecentRounds, TimeSpan } from '../source/rounds.ts';
import { uptimeShare } from '../source/up-down-unwatched.ts';
import { currentTargets } from '../status/current-targets.ts';
import { type TargetStatus, targetStatuses } from '../status/target-status.ts';
import { daysOf } from '../uptime/days.ts';
import type { Uptime } from '../uptime/uptime.ts';
import { readUptimeReport } from '../uptime/uptime-report.ts';
import type {
  DaySnapshot,
  IncidentSnapshot,
  LastSample,
  LatencySeries,
  Snapshot,
  TargetSnapshot,
  WitnessSnapshot,
} from './snapshot.ts';

const DAY = 86_400_000;
const DAYS = 90;
/** Ended incidents. */
const MOST_ENDED = 500;

/** The days of a status page. They are read anew after five minutes, and when a verdict has changed. */
export interface UptimeCache {
  uptimes: ReadonlyMap<string, Uptime>;
  /** Epoch milliseconds; -Infinity: never. */
  readAt: number;
  /** The verdicts that it was read with. */
  verdicts: string;
}

const UPTIMES_LAST = 300_000;

export function emptyUptimeCache(): UptimeCache {
  return { uptimes: new Map(), readAt: Number.NEGATIVE_INFINITY, verdicts: '' };
}

/** @param title of the page @param now epoch milliseconds */
export async function readSnapshot(
  source: ReportSource,
  rounds: RecentRounds,
  cache: UptimeCache,
  title: string,
  now: number,
): Promise<Snapshot> {
  const current = await currentTargets(source, false);
  const [statuses, incidents] = await Promise.all([
    targetStatuses(source, current, rounds, now, true),
    readIncidents(source, current.targets),
  ]);
  const open = incidents.filter(({ closed }) => closed === null);
  const ended = incidents.filter(({ closed }) => closed !== null && Date.parse(closed) > now - DAYS * DAY);
  const days = lastDays(now);
  await refresh(cache, source, current.targets, days, now);
  const newest = statuses.flatMap(({ last }) => [...last.values()]).flatMap((sample) => sample?.round ?? []);
  return {
    at: isoSeconds(now),
    title,
    newestRound: newest.sort().at(-1) ?? null,
    every: (source.config?.policy.every ?? 60_000) / 1000,
    vantages: current.vantages.map((vantage) => ({
      vantage,
      lastRound: lastRoundOf(statuses, vantage),
      blind: source.judgements.some(
        ({ target, verdict }) => target === vantageSubject(vantage) && (verdict === 'down' || verdict === 'unknown'),
      ),
    })),
    targets: statuses.map((status) =>
      targetSnapshot(source, status, cache.uptimes.get(status.target) ?? null, days, [...open, ...ended]),
    ),
    incidents: [...open, ...ended.slice(0, MOST_ENDED)].map(incidentSnapshot),
  };
}

async function refresh(
  cache: UptimeCache,
  source: ReportSource,
  targets: readonly string[],
  days: readonly TimeSpan[],
  now: number,
): Promise<void> {
  const verdicts = source.judgements.map(({ target, verdict, since }) => `${target} ${verdict} ${since}`).join('\n');
  const isRecent = now >= cache.readAt && now - cache.readAt < UPTIMES_LAST;
  if (isRecent && verdicts === cache.verdicts && targets.every((id) => cache.uptimes.has(id))) return;
  const span = { from: days[0]?.from ?? now, to: Math.floor(now / 1000) * 1000 };
  const report = await readUptimeReport(source, targets, span, null);
  cache.uptimes = new Map(report.targets.map((uptime) => [uptime.target, uptime]));
  cache.readAt = now;
  cache.verdicts = verdicts;
}

/** In UTC, the present one last. */
function lastDays(now: number): readonly TimeSpan[] {
  const today = now - (now % DAY);
  return Array.from({ length: DAYS }, (_, nth) => today - (DAYS - 1 - nth) * DAY).map((from) => ({
    from,
    to: from + DAY,
  }));
}

function lastRoundOf(statuses: readonly TargetStatus[], vantage: string): string | null {
  const rounds = statuses.flatMap(({ last }) => last.get(vantage)?.round ?? []);
  return rounds.sort().at(-1) ?? null;
}

function targetSnapshot(
  { config, judgements }: ReportSource,
  { target: id, verdict, since, incident, last, recent }: TargetStatus,
  uptime: Uptime | null,
  days: readonly TimeSpan[],
  incidents: readonly Incident[],
): TargetSnapshot {
  const configured = config?.targets.find((one) => one.id === id);
  const judgement = judgements.find(({ target }) => target === id);
  const own = incidents.filter(({ target }) => target === id);
  const host = configured?.host ?? configured?.domain ?? null;
  return {
    id,
    endpoint: host === null ? null : `${host}:${configured?.port}`,
    tags: configured?.tags ?? [],
    verdict,
    since,
    incident,
    days: uptime === null ? [] : daysOf(days, uptime).map((day) => daySnapshot(day, own)),
    uptime: uptime === null ? null : uptimeShare(uptime),
    unwatched: uptime?.unwatched ?? 0,
    last: [...last.values()].flatMap((sample) => (sample === null ? [] : [lastSample(sample, judgement)])),
    latency: latencyOf([...last.keys()], recent),
  };
}

function daySnapshot(day: ReturnType<typeof daysOf>[number], incidents: readonly Incident[]): DaySnapshot {
  const { from, to, up, degraded, down, unwatched } = day;
  const begun = incidents.filter(({ opened }) => Date.parse(opened) >= from && Date.parse(opened) < to);
  return { date: new Date(from).toISOString().slice(0, 10), up, degraded, down, unwatched, incidents: begun.length };
}

function lastSample({ vantage, round, sample }: VantageSample, judgement: StoredJudgement | undefined): LastSample {
  const { outcome, phase, code, reply, detail, transcript, total, timings } = sample;
  const facts = Object.entries(judgement?.memory?.facts[vantage] ?? {});
  // Of a domain, each host has a certificate: the first that expires counts.
  const expiries = facts.flatMap(([name, value]) => (/(?:^| )leaf$/.test(name) ? (value.split(' ')[2] ?? []) : []));
  const certificateExpires = expiries.filter((date) => /^\d{4}-\d\d-\d\d$/.test(date)).sort()[0] ?? null;
  const lines = outcome === 'pass' ? [] : transcript;
  return { vantage, round, outcome, phase, code, reply, detail, transcript: lines, total, timings, certificateExpires };
}

function latencyOf(vantages: readonly string[], recent: readonly VantageSample[]): readonly LatencySeries[] {
  return vantages.map((vantage) => ({
    vantage,
    points: recent
      .filter((one) => one.vantage === vantage)
      .map(({ round, sample: { outcome, total } }) => {
        const passed = outcome === 'pass' || outcome === 'warn';
        return [Date.parse(round.slice(0, 19).concat('Z')), passed ? total : null, outcome] as const;
      }),
  }));
}

function incidentSnapshot({
  id,
  target,
  opened,
  closed,
  verdict,
  acknowledged,
  timeline,
  witnesses,
}: Incident): IncidentSnapshot {
  const lines = timeline.map(({ at, what }) => ({ at, what }));
  return {
    id,
    target,
    opened,
    closed,
    verdict,
    acknowledged: acknowledged ?? null,
    timeline: lines,
    witnesses: witnesses.map(witnessSnapshot),
  };
}

function witnessSnapshot(witness: Witness): WitnessSnapshot {
  const { vantage, firstFailure, lastFailure, phase, code, reply, detail = null, transcript } = witness;
  return { vantage, from: firstFailure, to: lastFailure, phase, code, reply, detail, transcript };
}
