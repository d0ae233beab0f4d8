import type { Incident } from '../../lambda/consensus/judgement/incident.ts';
import { findIncident, readIncidents, subjectOfIncident } from '../../lambda/reports/source/incidents.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { closestWord } from '../../lambda/standards/spelling.ts';
import { knownSubject } from './known-names.ts';
import { UsageError } from './usage-error.ts';

/**
 * @param id of an incident, or of a target for its newest one
 * @throws UsageError
 */
export async function incidentArgument(id: string, source: ReportSource): Promise<Incident> {
  const subject = knownSubject(subjectOfIncident(id), source);
  const incidents = await readIncidents(source, [subject]);
  const found = findIncident(incidents, id);
  if (found !== null) return found;
  const ids = incidents.map((incident) => incident.id);
  const known = ids.length === 0 ? `${subject} has no incidents` : `did you mean '${closestWord(id, ids) ?? ids[0]}'?`;
  throw new UsageError(`there is no incident '${id}'; ${known}`);
}
