/** All that is known of one trip. It is plain data, to be stored as it is. */

import type { Alteration } from '../alterations/alteration-codes.ts';
import type { SendingSide } from '../hops/sending-side.ts';
import type { TripHop } from '../hops/trip-hop.ts';

/** Methods of Authentication-Results that a trip may expect something of. */
export const TRIP_METHODS = ['spf', 'dkim', 'dmarc'] as const;

export type TripMethod = (typeof TRIP_METHODS)[number];

/** What is not given is not judged. */
export interface TripExpectations {
  readonly folder?: TripFolder;
  readonly spf?: string;
  readonly dkim?: string;
  readonly dmarc?: string;
  readonly tls?: boolean;
  readonly unchanged?: boolean;
}

export type TripFolder = 'inbox' | 'junk' | 'elsewhere';

/** Milliseconds after the message was accepted. */
export interface TripLimits {
  readonly warn: number;
  readonly fail: number;
}

/** How sending ended: `unable` if the vantage was at fault. `began` is the time of MAIL, `at` that of the last reply. */
export type TripSending =
  | { readonly outcome: 'accepted'; readonly began?: number; readonly at: number; readonly reply: string }
  | { readonly outcome: 'refused' | 'unable'; readonly at: number; readonly phase: string; readonly reply: string };

export interface TripArrival extends SendingSide {
  /** When it was seen in the mailbox, epoch milliseconds. */
  readonly seen: number;
  /** When the mailbox was last read without it; null if it was there at the first reading. */
  readonly absent: number | null;
  readonly folder: TripFolder;
  /** Oldest first. */
  readonly hops: readonly TripHop[];
  /** By method, of the receiver that is trusted: `pass`, `fail`. */
  readonly results: Readonly<Partial<Record<TripMethod, string>>>;
  readonly alterations: readonly Alteration[];
}

export interface TripState {
  readonly limits: TripLimits;
  readonly expect: TripExpectations;
  readonly sending: TripSending;
  /** When the mailbox was last read whole, epoch milliseconds; null: never since the message was accepted. */
  readonly read: number | null;
  /** Phase in which reading failed last; null if the last reading did not fail. */
  readonly readFailure: string | null;
  /** Oldest first. */
  readonly arrivals: readonly TripArrival[];
}
