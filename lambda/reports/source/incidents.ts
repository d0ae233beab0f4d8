import { UsageError } from '../../../bin/arguments/usage-error.ts';
import { knownSubject, type Store } from '../../../bin/store/store.ts';
import { closestWord } from '../../config/problems/spelling.ts';
import type { Incident } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';

/**
 * Incidents of these targets and watchers, newest first. The open one is kept in the judgement, and may be newer there than among
 * the incidents.
 */
export async function readIncidents(store: Store, targets: readonly string[]): Promise<readonly Incident[]> {
  const stored = await Promise.all(targets.map((target) => store.history.incidents(target)));
  const open = store.judgements.filter(({ target }) => targets.includes(target)).map(({ incident }) => incident);
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
  { judgements }: Pick<Store, 'judgements'>,
  { id, closed }: Incident,
): IncidentState | null {
  const judgement = closed === null ? judgements.find(({ incident }) => incident?.id === id) : undefined;
  if (judgement === undefined) return null;
  return { verdict: judgement.verdict, flapping: judgement.memory?.flapping === true };
}

/** An incident as machines read it: an open one with how its target stands. */
export function incidentAsJson(store: Pick<Store, 'judgements'>, incident: Incident) {
  const present = incidentState(store, incident);
  return present === null ? incident : { ...incident, present };
}

/**
 * An incident by its id, `<target>@<opened>`; the target alone means its newest one.
 * @throws UsageError
 */
export async function findIncident(store: Store, id: string): Promise<Incident> {
  const at = id.lastIndexOf('@');
  const target = knownSubject(at === -1 ? id : id.slice(0, at), store);
  const incidents = await readIncidents(store, [target]);
  const found = at === -1 ? incidents[0] : incidents.find((incident) => incident.id === id);
  if (found !== undefined) return found;
  const ids = incidents.map((incident) => incident.id);
  const known = ids.length === 0 ? `${target} has had none` : `did you mean '${closestWord(id, ids) ?? ids[0]}'?`;
  throw new UsageError(`there is no incident '${id}'; ${known}`);
}
