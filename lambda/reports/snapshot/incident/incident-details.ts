/** What belongs to incidents and is not in their items: words, alerts, earlier chapters, and votes of the newest ones. */

import type { Incident } from '../../../consensus/judgement/incident.ts';
import type { VantageSample } from '../../../history/packing/recorded-round.ts';
import { samplesOfHour } from '../../../history/rollup/hour-and-day-items.ts';
import { hourName } from '../../../history/rollup/hour-and-day-names.ts';
import { openStatementStore } from '../../../history/statements/statement-store.ts';
import { targetKey } from '../../../history/table/keys.ts';
import { inParallel } from '../../../history/table/parallel.ts';
import { readable } from '../../../history/table/unreadable.ts';
import { readChapters } from '../../source/incidents.ts';
import type { ReportSource } from '../../source/report-source.ts';
import type { IncidentSnapshot, VotesSnapshot } from '../snapshot.ts';
import { readAlerts } from './alerts-snapshot.ts';
import { incidentSnapshot } from './incident-snapshot.ts';
import { votesPolicy } from './votes-policy.ts';
import { shownSpans } from './votes-snapshot.ts';
import { votesThen } from './votes-then.ts';

/** Incidents with votes and earlier chapters: a page of thousands of incidents must not read all their rounds. */
const MOST_DETAILED = 30;
const PARALLEL = 8;
const HOUR = 3_600_000;

/** The votes of incidents that ended so long ago that their rounds no longer change, by id. */
export type VotesCache = Map<string, VotesSnapshot>;

/** Milliseconds after the end of an incident in which its hours are rolled up. */
const SETTLED = 2 * HOUR;

/**
 * @param incidents in the order of the page: the first ones have details
 * @param recent samples of a target in the last hours, which are read already
 * @param now epoch milliseconds
 */
export async function readIncidentSnapshots(
  source: ReportSource,
  incidents: readonly Incident[],
  recent: (target: string) => readonly VantageSample[],
  cache: VotesCache,
  now: number,
): Promise<readonly IncidentSnapshot[]> {
  const oldest = incidents.map(({ opened }) => opened).sort()[0] ?? '';
  const [said, alertsOf] = await Promise.all([
    openStatementStore(source.table).statementsSince(oldest),
    readAlerts(source.table, incidents, now),
  ]);
  const detailed = incidents.slice(0, MOST_DETAILED);
  const votes = new Map(
    await inParallel(detailed, PARALLEL, async (incident) => {
      return [incident.id, await readVotes(source, incident, recent(incident.target), cache, now)] as const;
    }),
  );
  for (const id of cache.keys()) if (!votes.has(id)) cache.delete(id);
  return await inParallel(incidents, PARALLEL, async (incident) => {
    const chapters = votes.has(incident.id) ? (await readChapters(source, incident)).slice(0, -1) : [];
    return incidentSnapshot(incident, {
      chapters,
      statements: said.get(incident.id) ?? [],
      alerts: alertsOf(incident),
      votes: votes.get(incident.id) ?? null,
    });
  });
}

/** Of one incident, however old it is. @param now epoch milliseconds */
export async function readVotes(
  source: Pick<ReportSource, 'table' | 'config' | 'vantages'>,
  incident: Incident,
  recent: readonly VantageSample[],
  cache: VotesCache,
  now: number,
): Promise<VotesSnapshot> {
  const known = cache.get(incident.id);
  if (known !== undefined) return known;
  const policy = votesPolicy(source, recent);
  const from = recent.reduce((oldest, { round }) => Math.min(oldest, Date.parse(round)), Number.POSITIVE_INFINITY);
  const rolledUp = await Promise.all(
    shownSpans(incident, policy, now)
      .filter((span) => span.from < from)
      .map((span) => samplesOfHours(source, incident.target, span.from - 2 * HOUR, Math.min(span.to, from))),
  );
  const samples = together([...rolledUp.flat(), ...recent]);
  const guessed = policy.vantages.length > 0 ? policy : votesPolicy(source, samples);
  const votes = votesThen(source, incident, samples, guessed, now);
  if (incident.closed !== null && now - Date.parse(incident.closed) > SETTLED) cache.set(incident.id, votes);
  return votes;
}

/** From hour items alone: rounds have the samples of all targets, and would be read for each incident. */
async function samplesOfHours({ table }: Pick<ReportSource, 'table'>, target: string, from: number, to: number) {
  const range = { from: targetKey.hour(hourName(from)), to: targetKey.hour(hourName(to)) };
  return readable(await table.query(targetKey.pk(target), range), samplesOfHour, () => {}).flat();
}

/** A sample may be in an hour and among the recent ones, or in two spans. */
function together(samples: readonly VantageSample[]): readonly VantageSample[] {
  return [...new Map(samples.map((one) => [`${one.vantage} ${one.round}`, one])).values()];
}
