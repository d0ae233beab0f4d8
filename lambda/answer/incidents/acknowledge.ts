/** Acknowledges an incident, from wherever a person does it: the command line, a button, a link, another service. */
import { safeText } from '../../alert/words/safe-text.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { IncidentStores } from './incident-stores.ts';
import { type Acknowledged, type OpenIncident, PLACES, type PlaceKind } from './open-incidents.ts';

export type Acknowledgement =
  | {
      readonly outcome: 'acknowledged' | 'already';
      readonly incident: OpenIncident;
      readonly acknowledged: Acknowledged;
    }
  /** It has ended, or there was none of this name. */
  | { readonly outcome: 'over' }
  /** Somebody else changed the verdict each time. */
  | { readonly outcome: 'busy' };

/** Attempts, because the judge writes the same item. */
const ATTEMPTS = 5;

/** Characters of a name. */
const MOST_NAME = 120;

const KIND_OF_NAME: Readonly<Record<string, PlaceKind>> = {
  '': 'target',
  trip: 'trip',
  bounces: 'bounces',
  drill: 'drill',
};

/** The stored verdict that an incident is in: `mx1@…`, `example.com/listed@…`, `out/trip@…`. Null if it is no name of one. */
export function placeOf(incident: string): { readonly kind: PlaceKind; readonly subject: string } | null {
  const [, subject, kind] =
    /^([^/@\s]{1,253})(?:\/(listed|posture|trip|bounces|drill))?@[\d:TZ.-]{10,40}$/.exec(incident) ?? [];
  if (subject === undefined) return null;
  return { subject, kind: KIND_OF_NAME[kind ?? ''] ?? 'posture' };
}

/** Null if it is not open. */
export async function findOpenIncident(stores: IncidentStores, id: string): Promise<OpenIncident | null> {
  const place = placeOf(id);
  if (place === null) return null;
  const { open } = await PLACES[place.kind](stores, place.subject);
  return open.find((incident) => incident.id === id) ?? null;
}

/**
 * Writes who handles the incident, once: who comes second learns who was first. Each write holds only if the verdict has not
 * changed since it was read.
 * @param by a name as a person or a service gave it
 * @param now epoch milliseconds
 */
export async function acknowledge(
  stores: IncidentStores,
  id: string,
  by: string,
  now: number,
): Promise<Acknowledgement> {
  const place = placeOf(id);
  if (place === null) return { outcome: 'over' };
  const name = personName(by);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await PLACES[place.kind](stores, place.subject);
    const incident = stored.open.find((open) => open.id === id);
    if (incident === undefined) return { outcome: 'over' };
    const { acknowledged } = incident;
    if (acknowledged !== undefined) return { outcome: 'already', incident, acknowledged };
    if (await stored.acknowledge(incident, name, now)) {
      const written = { at: isoSeconds(now), by: name };
      return { outcome: 'acknowledged', incident: { ...incident, acknowledged: written }, acknowledged: written };
    }
  }
  return { outcome: 'busy' };
}

/** As it is written and shown: of one line, escaped, and never empty. @param by as a person or a service gave it */
export function personName(by: string): string {
  return safeText(by.trim(), MOST_NAME) || 'somebody';
}
