import type { ChapterEvidence, Incident, Witness } from '../../../consensus/judgement/incident.ts';
import { presentStatements, type Statement } from '../../../history/statements/statement.ts';
import { firstFailure } from '../../uptime/first-failure.ts';
import type { AlertsSnapshot, IncidentSnapshot, VotesSnapshot, WitnessSnapshot } from '../snapshot.ts';

/** What belongs to an incident and is stored elsewhere. */
export interface IncidentDetails {
  /** The chapters before the present one. */
  readonly chapters: readonly ChapterEvidence[];
  /** Those that were withdrawn, too: they are not shown. */
  readonly statements: readonly Statement[];
  readonly alerts: AlertsSnapshot | null;
  readonly votes: VotesSnapshot | null;
}

export function incidentSnapshot(incident: Incident, details: IncidentDetails): IncidentSnapshot {
  const { id, target, opened, closed, verdict, acknowledged = null, timeline, witnesses } = incident;
  return {
    ...{ id, target, opened, closed, verdict, acknowledged },
    timeline: timeline.map(({ at, what }) => ({ at, what })),
    first: firstFailure(incident),
    witnesses: witnesses.map((witness) => ({
      ...witnessSnapshot(witness),
      ...(isUnderWay(incident) ? { to: null } : {}),
    })),
    chapters: details.chapters.map(({ number, from, to, phase, code, witnesses: own }) => {
      return { number, from, to, phase, code, witnesses: own.map(witnessSnapshot) };
    }),
    updated: updatedAt(incident, details.statements),
    statements: presentStatements(details.statements).map(({ number, at, by, state, text }) => ({
      number,
      at,
      by,
      state,
      text,
    })),
    alerts: details.alerts,
    votes: details.votes,
  };
}

function updatedAt({ opened, closed, timeline, acknowledged }: Incident, statements: readonly Statement[]): string {
  const said = statements.flatMap(({ at, withdrawn }) => [at, ...(withdrawn === undefined ? [] : [withdrawn.at])]);
  const times = [opened, closed, acknowledged?.at, ...timeline.map(({ at }) => at), ...said];
  return times.reduce<string>((latest, at) => (at != null && at > latest ? at : latest), opened);
}

/** Last failures are recorded at the end of a chapter. Until then that of a witness is the one with which it began. */
function isUnderWay({ closed, chapter }: Incident): boolean {
  return closed === null && (chapter === undefined || chapter.to === null);
}

function witnessSnapshot(witness: Witness): WitnessSnapshot {
  const { vantage, firstFailure, lastFailure, phase, code, reply, detail = null, transcript } = witness;
  return { vantage, from: firstFailure, to: lastFailure, phase, code, reply, detail, transcript };
}
