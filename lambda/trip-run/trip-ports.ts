import type { TripStore } from '../history/trips/trip-store.ts';
import type { MailboxCredentials, MailboxEndpoint, MailboxOptions } from '../mailbox/session/mailbox-endpoint.ts';
import type { MailboxSession } from '../mailbox/session/mailbox-session.ts';
import type { Ports } from '../ports.ts';
import type { ProbeOptions } from '../smtp/probe-run-options.ts';
import type { SendRequest, SentTrip } from './send-trip.ts';

/** What a run of round trips needs from its environment: AWS, or one machine. */
export interface TripPorts extends Omit<Ports, 'history'> {
  readonly history: TripStore;
  openMailbox(
    endpoint: MailboxEndpoint,
    credentials: MailboxCredentials,
    options?: MailboxOptions,
  ): Promise<MailboxSession>;
  /** Sends a message. By default through the session of the probe. */
  send?(request: SendRequest, now: () => number): Promise<SentTrip>;
  /** Of the sessions that send. */
  readonly probeOptions?: ProbeOptions;
  /** Resolves early if the signal aborts. */
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds until this run is ended. */
  timeLeft(): number;
  /** Another identifier of a message with each call: 8 to 40 letters, digits, `_` and `-`. */
  newId(): string;
}
