/** Reads what a status page shows out of the history. */

import type { Incident } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Round } from '../../history/packing/recorded-round.ts';
import { openFindings } from '../posture/open-findings.ts';
import { readIncidents } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import { type RecentRounds, samplesOfTarget, type TimeSpan } from '../source/rounds.ts';
import { type CurrentTargets, currentTargets } from '../status/current-targets.ts';
import { sparklineSpan, type TargetStatus, targetStatuses } from '../status/target-status.ts';
import { openTroubles } from '../trips/open-troubles.ts';
import { readIncidentSnapshots } from './incident/incident-details.ts';
import { readPlannedSnapshots } from './planned-snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { targetSnapshot } from './target-snapshot.ts';
import { readUptimes, type UptimeCache } from './uptime-cache.ts';
import { uptimesUntilNow } from './uptime-until-now.ts';
import { readVantage } from './vantage-snapshot.ts';

const DAY = 86_400_000;
const DAYS = 90;
/** Ended incidents. */
const MOST_ENDED = 500;

/** The head of the page. */
export interface PageHead {
  readonly title: string;
  /** Where the page is, with a slash at its end. */
  readonly url: string | null;
  /** The file of the logo. */
  readonly logo: string | null;
}

/** @param now epoch milliseconds */
export async function readSnapshot(
  source: ReportSource,
  rounds: RecentRounds,
  cache: UptimeCache,
  { title, url, logo }: PageHead,
  now: number,
): Promise<Snapshot> {
  const current = await pageTargets(source);
  const days = lastDays(now);
  const [statuses, all, plans, findings, troubles] = await Promise.all([
    targetStatuses(source, current, rounds, now, true),
    readIncidents(source, current.targets),
    readPlannedSnapshots(source, current.targets, now - DAYS * DAY, now),
    openFindings(source),
    openTroubles(source),
  ]);
  const open = all.filter(({ closed }) => closed === null);
  const ended = all.filter((incident) => hasEndedSince(incident, now - DAYS * DAY));
  const read = await readUptimes(cache, source, current.targets, days, now);
  const uptimes = source.config === null ? read : uptimesUntilNow(read, statuses, source.config.policy, now);
  // The next publication has the samples from here on alone.
  cache.uptimes = uptimes;
  const targets = statuses.map((status) => {
    const incidents = [...open, ...ended].filter(({ target }) => target === status.target);
    const tags = source.config?.targets.find(({ id }) => id === status.target)?.tags ?? [];
    const held = plans.heldOf({ name: status.target, tags });
    return targetSnapshot(source, status, { uptime: uptimes.get(status.target) ?? null, days, incidents, held });
  });
  const shown = [...open, ...ended.slice(0, MOST_ENDED)];
  const removed = await removedRounds(source, current, rounds, now);
  const recentOf = (target: string) => [
    ...(statuses.find((status) => status.target === target)?.recent ?? []),
    ...samplesOfTarget(removed, target),
  ];
  const vantages = await Promise.all(
    current.vantages.map((vantage) => readVantage(source, cache.counts, statuses, vantage, now)),
  );
  return {
    at: isoSeconds(now),
    title,
    url,
    logo,
    newestRound: newestRoundOf(statuses),
    every: (source.config?.policy.every ?? 60_000) / 1000,
    vantages,
    targets,
    incidents: await readIncidentSnapshots(source, shown, recentOf, cache.votes, now),
    planned: plans.planned,
    findings,
    troubles,
  };
}

/** Those of the config's targets that ended so long ago, or are so many, that a snapshot does not have them; the newest first. */
export async function olderIncidents(source: ReportSource, now: number): Promise<readonly Incident[]> {
  const { targets } = await pageTargets(source);
  const all = await readIncidents(source, targets);
  const listed = all.filter((incident) => hasEndedSince(incident, now - DAYS * DAY)).slice(0, MOST_ENDED);
  return all.filter((incident) => incident.closed !== null && !listed.includes(incident));
}

function hasEndedSince({ closed }: Incident, since: number): boolean {
  return closed !== null && Date.parse(closed) > since;
}

/** Those of the config, if there is one: its rules of what is shown say nothing of others that the history has. */
async function pageTargets(source: ReportSource): Promise<CurrentTargets> {
  const current = await currentTargets(source, false);
  return { ...current, targets: source.config?.targets.map(({ id }) => id) ?? current.targets };
}

/** The last hours of vantages that were taken out of the config: they voted on incidents of these hours. */
async function removedRounds(
  { history, vantages, config }: ReportSource,
  current: CurrentTargets,
  rounds: RecentRounds,
  now: number,
): Promise<readonly Round[]> {
  const length = sparklineSpan(current.targets.length * current.vantages.length, config?.policy.every ?? 60_000);
  const since = isoSeconds(now - length);
  const removed = vantages.filter((vantage) => !current.vantages.includes(vantage));
  return (await Promise.all(removed.map((vantage) => rounds.read(history, vantage, since, since, now)))).flat();
}

/** In UTC, the present one last. */
function lastDays(now: number): readonly TimeSpan[] {
  const today = now - (now % DAY);
  return Array.from({ length: DAYS }, (_, nth) => today - (DAYS - 1 - nth) * DAY).map((from) => ({
    from,
    to: from + DAY,
  }));
}

function newestRoundOf(statuses: readonly TargetStatus[]): string | null {
  const rounds = statuses.flatMap(({ last }) => [...last.values()]).flatMap((sample) => sample?.round ?? []);
  return rounds.sort().at(-1) ?? null;
}
