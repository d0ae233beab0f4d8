import { isVantageJudgement } from '../../../consensus/judge-blind-vantage.ts';
import type { Incident } from '../../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../../consensus/judgement/round-name.ts';
import { openStatementStore } from '../../../history/statements/statement-store.ts';
import { readChapters } from '../../source/incidents.ts';
import type { ReportSource } from '../../source/report-source.ts';
import type { IncidentSnapshot } from '../snapshot.ts';
import { readAlerts } from './alerts-snapshot.ts';
import { incidentSnapshot } from './incident-snapshot.ts';
import { votesPolicy } from './votes-policy.ts';
import { shownSpans } from './votes-snapshot.ts';
import { votesThen } from './votes-then.ts';

/** Milliseconds before a span in which samples can decide its votes. */
const BEFORE = 2 * 3_600_000;

/** One incident with all that is kept of it, however old it is: unlike for a page, its rounds are read. @param now epoch milliseconds */
export async function readWholeIncident(
  source: ReportSource,
  incident: Incident,
  now: number,
): Promise<IncidentSnapshot> {
  const samplesOf = (from: number, to: number) =>
    source.history.samples(incident.target, source.vantages, isoSeconds(from - BEFORE), isoSeconds(to));
  const opened = Date.parse(incident.opened);
  const near = await samplesOf(opened, opened + BEFORE);
  const policy = votesPolicy(source, near);
  const read = shownSpans(incident, policy, now).map(({ from, to }) => samplesOf(from, to));
  const [samples, chapters, said, alertsOf] = await Promise.all([
    Promise.all(read),
    readChapters(source, incident),
    openStatementStore(source.table).statements(incident.id),
    readAlerts(source.table, [incident], now),
  ]);
  return incidentSnapshot(incident, {
    chapters: chapters.slice(0, -1),
    statements: said.statements,
    alerts: alertsOf(incident),
    // Nobody votes on a vantage.
    votes: isVantageJudgement(incident) ? null : votesThen(source, incident, samples.flat(), policy, now),
  });
}
