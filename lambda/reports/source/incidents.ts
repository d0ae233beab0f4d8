import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';
import type { ReportSource } from './report-source.ts';

/**
 * Incidents of these targets and watchers, newest first. The open one is kept in the judgement, and may be newer there than among
 * the incidents.
 */
export async function readIncidents(source: ReportSource, targets: readonly string[]): Promise<readonly Incident[]> {
  const stored = await Promise.all(targets.map((target) => source.history.incidents(target)));
  const open = source.judgements.filter(({ target }) => targets.includes(target)).map(({ incident }) => incident);
  const byId = new Map([...stored.flat(), ...open].flatMap((incident) => (incident ? [[incident.id, incident]] : [])));
  return [...byId.values()].sort((a, b) => (a.opened < b.opened ? 1 : -1));
}

/** How the target of an open incident stands: while it flaps the incident stays open over each recovery. */
export interface IncidentState {
  readonly verdict: Verdict;
  readonly flapping: boolean;
}

/** Null where the incident has ended. */
export function incidentState(
  { judgements }: Pick<ReportSource, 'judgements'>,
  { id, closed }: Incident,
): IncidentState | null {
  const judgement = closed === null ? judgements.find(({ incident }) => incident?.id === id) : undefined;
  if (judgement === undefined) return null;
  return { verdict: judgement.verdict, flapping: judgement.memory?.flapping === true };
}

/** An incident as machines read it: an open one with how its target stands. */
export function incidentAsJson(source: Pick<ReportSource, 'judgements'>, incident: Incident) {
  const present = incidentState(source, incident);
  return present === null ? incident : { ...incident, present };
}

/** The target or vantage of an incident id, `<target>@<opened>`; also of its name alone. */
export function subjectOfIncident(id: string): string {
  const at = id.lastIndexOf('@');
  return at === -1 ? id : id.slice(0, at);
}

/**
 * @param incidents of the subject of `id`, newest first
 * @param id of an incident, or of its subject, which means the newest
 */
export function findIncident(incidents: readonly Incident[], id: string): Incident | null {
  return (id.includes('@') ? incidents.find((incident) => incident.id === id) : incidents[0]) ?? null;
}
