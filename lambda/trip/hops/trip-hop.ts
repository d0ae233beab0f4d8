/** The way of a message, host by host. */

/** A host that took the message. */
export interface TripHop {
  /** As the host calls itself; null if it does not say. */
  readonly host: string | null;
  readonly from: string | null;
  readonly fromAddress: string | null;
  readonly protocol: string | null;
  readonly tls: boolean;
  /** The reply to our message named this queue identifier: it is the host that we sent to. */
  readonly acceptedByUs: boolean;
  readonly id: string | null;
  /** By the clock of the host; null if it is not known. */
  readonly at: number | null;
  /** Milliseconds since the host before, or since we sent. Below zero if clocks disagree: it is shown as it is. */
  readonly delay: number | null;
  /** It is before the host that sent it, or before we began, by more than the second that a Received field counts in. */
  readonly clocksDisagree: boolean;
  /** Sent in plain text between public addresses. */
  readonly plaintext: boolean;
}
