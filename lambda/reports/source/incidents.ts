import { chapterOf } from '../../consensus/incident/chapters.ts';
import type { ChapterEvidence, Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { TimeSpan } from '../../history/rollup/merge-and-clip-time-spans.ts';
import type { ReportSource } from './report-source.ts';

/**
 * Incidents of these subjects, newest first. The open incident is also in the judgement, where it can be newer than the stored
 * one.
 */
export async function readIncidents(source: ReportSource, subjects: readonly string[]): Promise<readonly Incident[]> {
  const stored = await Promise.all(subjects.map((subject) => source.history.incidents(subject)));
  const open = source.judgements.filter(({ target }) => subjects.includes(target)).map(({ incident }) => incident);
  const byId = new Map([...stored.flat(), ...open].flatMap((incident) => (incident ? [[incident.id, incident]] : [])));
  return [...byId.values()].sort((a, b) => (a.opened < b.opened ? 1 : -1));
}

/** Those that lasted within a span, for whatever time of it. */
export function incidentsIn<Timed extends Pick<Incident, 'opened' | 'closed'>>(
  incidents: readonly Timed[],
  { from, to }: TimeSpan,
): readonly Timed[] {
  return incidents.filter(
    ({ opened, closed }) => Date.parse(opened) < to && (closed === null || Date.parse(closed) > from),
  );
}

/** The chapters of an incident with their evidence, in their order; none without evidence. */
export async function readChapters(
  { history }: Pick<ReportSource, 'history'>,
  incident: Incident,
): Promise<readonly ChapterEvidence[]> {
  const present = chapterOf(incident);
  if (present === null) return [];
  const ended = await history.chapters(incident);
  const { number, from, to, phase, code, warning } = present;
  return [...ended, { number, from, to, phase, code, warning, witnesses: incident.witnesses }];
}

/** The current state of the subject of an open incident. While the subject flaps, the incident stays open over each recovery. */
export interface IncidentState {
  readonly verdict: Verdict;
  readonly flapping: boolean;
}

/** Null if the incident has ended. */
export function incidentState(
  { judgements }: Pick<ReportSource, 'judgements'>,
  { id, closed }: Incident,
): IncidentState | null {
  const judgement = closed === null ? judgements.find(({ incident }) => incident?.id === id) : undefined;
  if (judgement === undefined) return null;
  return { verdict: judgement.verdict, flapping: judgement.memory?.flapping === true };
}

/** An incident for JSON output; an open one has the current state of its subject. */
export function incidentAsJson(source: Pick<ReportSource, 'judgements'>, incident: Incident) {
  const current = incidentState(source, incident);
  return current === null ? incident : { ...incident, current };
}

/** The subject of an incident id, `<subject>@<opened>`. A name without `@` is returned unchanged. */
export function subjectOfIncident(id: string): string {
  const at = id.lastIndexOf('@');
  return at === -1 ? id : id.slice(0, at);
}

/**
 * @param incidents those of the subject of `id`, newest first
 * @param id id of an incident, or its subject for the newest incident
 */
export function findIncident(incidents: readonly Incident[], id: string): Incident | null {
  return (id.includes('@') ? incidents.find((incident) => incident.id === id) : incidents[0]) ?? null;
}
