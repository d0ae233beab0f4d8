import type { Incident } from '../../consensus/judgement/incident.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { VantageSample } from '../../history/packing/recorded-round.ts';
import { mergeSpans } from '../../history/rollup/merge-and-clip-time-spans.ts';
import { incidentsIn } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { clipStretches, observedTimes, uptimeShare } from '../source/up-down-unwatched.ts';
import type { TargetStatus } from '../status/target-status.ts';
import { type Day, daysOf } from '../uptime/days.ts';
import type { Uptime } from '../uptime/uptime.ts';
import type { DaySnapshot, HoldSnapshot, LastSample, LatencySeries, TargetSnapshot } from './snapshot.ts';

/** What belongs to one target, beside its status. */
export interface TargetRecord {
  readonly uptime: Uptime | null;
  /** The days of the page. */
  readonly days: readonly TimeSpan[];
  /** Its own, as far as they are on the page. */
  readonly incidents: readonly Incident[];
  readonly held: HoldSnapshot | null;
}

export function targetSnapshot(
  { config, judgements }: ReportSource,
  { target: id, verdict, since, incident, last, recent }: TargetStatus,
  { uptime, days, incidents, held }: TargetRecord,
): TargetSnapshot {
  const configured = config?.targets.find((one) => one.id === id);
  const judgement = judgements.find(({ target }) => target === id);
  const host = configured?.host ?? configured?.domain ?? null;
  return {
    id,
    endpoint: host === null ? null : `${host.includes(':') ? `[${host}]` : host}:${configured?.port}`,
    tags: configured?.tags ?? [],
    verdict,
    since,
    incident,
    days: uptime === null ? [] : daySnapshots(days, uptime, incidents),
    uptime: uptime === null ? null : uptimeShare(uptime),
    unwatched: uptime?.unwatched ?? 0,
    uptimeOutsidePlanned: uptime === null ? null : (uptime.planned ?? { uptimeOutside: uptime.uptime }).uptimeOutside,
    held,
    last: [...last.values()].flatMap((sample) => (sample === null ? [] : [lastSample(sample, judgement)])),
    latency: latencyOf([...last.keys()], recent),
  };
}

function daySnapshots(
  days: readonly TimeSpan[],
  uptime: Uptime,
  incidents: readonly Incident[],
): readonly DaySnapshot[] {
  const planned = mergeSpans(uptime.planned?.times ?? []);
  return daysOf(days, uptime).map((day) => daySnapshot(day, uptime, planned, incidents));
}

function daySnapshot(
  { from, to, up, degraded, down, unwatched }: Day,
  { stretches }: Uptime,
  planned: readonly TimeSpan[],
  incidents: readonly Incident[],
): DaySnapshot {
  const times = planned
    .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.from < one.to);
  return {
    date: new Date(from).toISOString().slice(0, 10),
    up,
    degraded,
    down,
    unwatched,
    incidents: incidentsIn(incidents, { from, to }).length,
    planned: times.length === 0 ? null : observedTimes(times.flatMap((one) => clipStretches(stretches, one))),
  };
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
