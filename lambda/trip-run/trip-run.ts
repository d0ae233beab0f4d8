/** The state of a run with one mailbox. It lasts for one run: what the next one needs is in the table. */
import type { RoundTrip } from '../config/round-trip.ts';
import type { OpenTrip } from '../history/trips/mailbox-state.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import type { TripGroup } from './trip-mailbox.ts';
import type { TripPorts } from './trip-ports.ts';

export interface TripRun {
  readonly ports: TripPorts;
  readonly group: TripGroup;
  readonly keys: ReadonlyMap<string, string>;
  /** Trips that are looked for, by the identifier of their message. */
  readonly open: Map<string, TripRecord>;
  /** Trips that had been given up when the run began. */
  readonly givenUp: ReadonlySet<string>;
  /** Trips of the mailbox whose record is not in the table: the run that claimed them ended before it wrote it, and sent nothing. */
  readonly missing: readonly OpenTrip[];
  /** When the last look of this run that read the mailbox whole began. */
  read: number | null;
  /** Failures to read the mailbox in this run. */
  readonly failures: string[];
}

export function roundTripOf({ group }: TripRun, { trip }: TripRecord): RoundTrip | undefined {
  return group.trips.find(({ id }) => id === trip);
}

/** Stores a record in its new state. Returns whether it was stored: another run may have been first. */
export async function keepRecord(run: TripRun, record: TripRecord): Promise<boolean> {
  const stored = await run.ports.history.writeTrip(withoutAddresses(record));
  if (stored !== null) run.open.set(record.id, stored);
  return stored !== null;
}

export function isUnderWay({ verdict }: TripRecord): boolean {
  return verdict === null;
}

/** A server that refuses a recipient names it, and a gateway that changes a sender shows it. */
function withoutAddresses(record: TripRecord): TripRecord {
  const { sending, arrivals, verdict } = record;
  const hidden = <One extends { readonly detail: string }>(one: One): One => ({
    ...one,
    detail: hideMailboxes(one.detail),
  });
  return {
    ...record,
    sending: sending === null ? null : { ...sending, reply: hideMailboxes(sending.reply) },
    arrivals: arrivals.map((arrival) => ({ ...arrival, alterations: arrival.alterations.map(hidden) })),
    verdict: verdict === null ? null : { ...verdict, findings: verdict.findings.map(hidden) },
  };
}

function hideMailboxes(text: string): string {
  return text.replace(/[^\s<>:;,"']+(?:@|%40)[^\s<>:;,"']+/g, '<address>');
}
