/** The open incidents of a target, domain or round trip, whichever verdict has them. */
import { acknowledgeBounces } from '../../consensus/bounces/acknowledge-bounces.ts';
import { acknowledgeDrill, DRILL } from '../../consensus/drill/drill.ts';
import { acknowledgeIncident } from '../../consensus/incident/acknowledge.ts';
import { isOpen } from '../../consensus/judgement/incident.ts';
import { acknowledgePosture } from '../../consensus/posture/acknowledge-posture.ts';
import { POSTURE_KINDS } from '../../consensus/posture/posture-verdict.ts';
import { acknowledgeTrip } from '../../consensus/trips/acknowledge-trip.ts';
import type { IncidentStores } from './incident-stores.ts';

export interface Acknowledged {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly by: string;
}

export interface OpenIncident {
  readonly id: string;
  /** Target, domain or round trip. */
  readonly subject: string;
  /** ISO 8601 UTC. */
  readonly opened: string;
  /** What is wrong, in a few words each. Text of servers is not escaped. */
  readonly what: readonly string[];
  readonly acknowledged?: Acknowledged;
}

/** A stored verdict: its open incidents, and how one of them is acknowledged. */
export interface IncidentPlace {
  readonly open: readonly OpenIncident[];
  /** False if the verdict has changed since it was read: nothing is written. */
  acknowledge(incident: OpenIncident, by: string, now: number): Promise<boolean>;
}

export type PlaceKind = 'target' | 'posture' | 'trip' | 'bounces' | 'drill';

const NOWHERE: IncidentPlace = { open: [], acknowledge: async () => false };

/** Lines of `what`. */
const MOST_LINES = 5;

type ReadPlace = (stores: IncidentStores, subject: string) => Promise<IncidentPlace>;

export const PLACES: Readonly<Record<PlaceKind, ReadPlace>> = {
  target: targetPlace,
  posture: posturePlace,
  trip: tripPlace,
  bounces: bouncesPlace,
  drill: drillPlace,
};

/** Of every kind. A name may be that of a target and of a domain. */
export async function openIncidents(stores: IncidentStores, subject: string): Promise<readonly OpenIncident[]> {
  const places = await Promise.all(Object.values(PLACES).map((read) => read(stores, subject)));
  return places.flatMap(({ open }) => open);
}

async function targetPlace({ history }: IncidentStores, target: string): Promise<IncidentPlace> {
  const stored = await history.judgement(target);
  const incident = stored?.incident ?? null;
  if (stored === null || !isOpen(incident)) return NOWHERE;
  const { id, opened, acknowledged, verdict, witnesses } = incident;
  const seen = witnesses.map(({ phase, code, reply }) => [phase, code, reply].filter(Boolean).join(' · '));
  const what = [...new Set([verdict as string, ...seen.filter((line) => line !== '')])].slice(0, MOST_LINES);
  return {
    open: [{ id, subject: target, opened, what, ...(acknowledged && { acknowledged }) }],
    acknowledge: (_, by, now) => {
      const { version, lease, ...before } = stored;
      return history.writeJudgement(acknowledgeIncident(before, by, now), version, lease);
    },
  };
}

async function posturePlace({ postures }: IncidentStores, domain: string): Promise<IncidentPlace> {
  const stored = await postures.postureVerdict(domain);
  if (stored === null) return NOWHERE;
  const open = POSTURE_KINDS.flatMap((kind): OpenIncident[] => {
    const episode = stored.episodes[kind];
    if (episode === undefined) return [];
    const { id, opened, acknowledged } = episode;
    const told = stored.findings.filter((finding) => finding.kind === kind && finding.state === 'told');
    const what = told.slice(0, MOST_LINES).map(({ subject, code, detail }) => `${subject}: ${detail || code}`);
    return [{ id, subject: domain, opened, what, ...(acknowledged && { acknowledged }) }];
  });
  return {
    open,
    acknowledge: (incident, by, now) => {
      const { version, ...before } = stored;
      return postures.writePostureVerdict(acknowledgePosture(before, by, now, incident.id), version);
    },
  };
}

async function tripPlace({ trips }: IncidentStores, trip: string): Promise<IncidentPlace> {
  const stored = await trips.verdict(trip);
  if (stored?.episode == null) return NOWHERE;
  const { id, opened, findings, acknowledged } = stored.episode;
  const what = findings.slice(0, MOST_LINES).map(({ code, detail }) => detail || code);
  return {
    open: [{ id, subject: trip, opened, what, ...(acknowledged && { acknowledged }) }],
    acknowledge: (_, by, now) => trips.writeVerdict(acknowledgeTrip(stored, by, now), stored.version),
  };
}

async function bouncesPlace({ bounces }: IncidentStores, domain: string): Promise<IncidentPlace> {
  const stored = await bounces.verdict(domain);
  if (stored?.episode == null) return NOWHERE;
  const { id, opened, acknowledged } = stored.episode;
  const what = stored.rates.slice(0, MOST_LINES).map(({ metric, provider, code }) => {
    return [metric, provider === null ? '' : `at ${provider}`, code ?? ''].filter((word) => word !== '').join(' ');
  });
  return {
    open: [{ id, subject: domain, opened, what, ...(acknowledged && { acknowledged }) }],
    acknowledge: (_, by, now) => {
      const { version, ...before } = stored;
      return bounces.writeVerdict(acknowledgeBounces(before, by, now), version);
    },
  };
}

async function drillPlace({ drills }: IncidentStores, subject: string): Promise<IncidentPlace> {
  const stored = subject === DRILL ? await drills.record() : null;
  if (stored?.open == null) return NOWHERE;
  const { id, opened, acknowledged } = stored.open;
  return {
    open: [{ id, subject, opened, what: ['a drill: nothing is wrong'], ...(acknowledged && { acknowledged }) }],
    acknowledge: (incident, by, now) => {
      const { version, ...before } = stored;
      return drills.writeRecord(acknowledgeDrill(before, incident.id, by, now), version);
    },
  };
}
