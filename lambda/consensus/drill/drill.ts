/** A drill: a message at a time of the week to everybody who is told of outages. It is to be acknowledged as an outage is. */
import type { Alert } from '../judgement/incident.ts';
import { isoSeconds } from '../judgement/round-name.ts';

/** The subject of its alerts, and its name for people who acknowledge it. */
export const DRILL = 'drill';

/** Times are ISO 8601 UTC. */
export interface OpenDrill {
  /** `drill/drill@<opened>`: no target has such an id. */
  readonly id: string;
  /** When it was due. */
  readonly due: string;
  readonly opened: string;
  /** An acknowledgement is waited for until then. */
  readonly until: string;
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

/** What became of it on one entry of `notify`. */
export interface DrillReceiver {
  /** The id of the entry. */
  readonly entry: string;
  /** When its channel took the message; null if it did not. */
  readonly reached: string | null;
  /** Why its channel did not take it; null if it did. */
  readonly why: string | null;
}

export interface EndedDrill extends OpenDrill {
  readonly closed: string;
  readonly receivers: readonly DrillReceiver[];
}

export interface DrillRecord {
  /** The last due time that was considered: there is no drill of it any more. */
  readonly due: string;
  readonly open: OpenDrill | null;
  /** The last one that ended. */
  readonly last: EndedDrill | null;
  /** Alerts that are not handed over yet. */
  readonly owed: readonly Alert[];
}

/** `version` grows by one with each write. */
export interface StoredDrillRecord extends DrillRecord {
  readonly version: number;
}

const HOUR = 3_600_000;

/** The alerts of a drill are tests with an incident: releases that know no drill show them as tests. */
export function isDrill({ kind, incident }: Pick<Alert, 'kind' | 'incident'>): boolean {
  return kind === 'test' && incident !== null;
}

/**
 * Whether the drill of a due time is to begin. A monitor that was off, or is new, does not make up for it: a drill more than an
 * hour late is at no time that people chose.
 */
export function isDrillDue(record: DrillRecord | null, due: number, now: number): boolean {
  return record !== null && record.open === null && due > Date.parse(record.due) && now - due < HOUR;
}

/**
 * The record with this due time considered. Returns the same if it was. A due time in the future is that of a clock that was
 * wrong: it is forgotten, and the present one is not repeated.
 */
export function withDue(record: DrillRecord | null, due: number, now: number): DrillRecord {
  if (record === null) return { due: isoSeconds(due), open: null, last: null, owed: [] };
  const known = Date.parse(record.due);
  return known >= due && known <= now + HOUR ? record : { ...record, due: isoSeconds(due) };
}

export function beginDrill(record: DrillRecord, now: number, within: number): { record: DrillRecord; open: OpenDrill } {
  const opened = isoSeconds(now);
  const open = { id: `${DRILL}/${DRILL}@${opened}`, due: record.due, opened, until: isoSeconds(now + within) };
  return { record: { ...record, open }, open };
}

/** Whether nobody is waited for any longer. The clock may have been set back. */
export function isTimeUp({ opened, until }: OpenDrill, now: number): boolean {
  return now >= Date.parse(until) || now < Date.parse(opened) - HOUR;
}

/** Returns the same record if this drill is not open, or is acknowledged. */
export function acknowledgeDrill<Some extends DrillRecord>(record: Some, id: string, by: string, now: number): Some {
  const { open } = record;
  if (open?.id !== id || open.acknowledged !== undefined) return record;
  return { ...record, open: { ...open, acknowledged: { at: isoSeconds(now), by } } };
}

export function endDrill(open: OpenDrill, receivers: readonly DrillReceiver[], now: number): EndedDrill {
  return { ...open, closed: isoSeconds(Math.max(now, Date.parse(open.opened))), receivers };
}
