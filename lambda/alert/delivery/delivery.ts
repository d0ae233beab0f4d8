import type { Alert, AlertKind, Digest } from '../../consensus/judgement/incident.ts';

/** One alert on one channel, not yet taken or given up. */
export interface Delivery {
  /** `<time>#<alert.id>`: deliveries of a channel are sorted by it. */
  readonly key: string;
  readonly alert: Alert;
  /** When it was made, epoch milliseconds. */
  readonly made: number;
}

/** The state of a channel between two messages. Times are ISO 8601 UTC, except `next` and `heldUntil`. */
export interface ChannelState {
  /** Pending deliveries have this key or a later one; null if there are none. */
  readonly oldest: string | null;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  readonly failingSince: string | null;
  /** No attempt before this time, epoch milliseconds. */
  readonly next: number;
  /** Late alerts wait until this time for the next verdict, epoch milliseconds. */
  readonly heldUntil: number;
  readonly lastTry: string | null;
  readonly lastSuccess: string | null;
  readonly lastError: string | null;
  /** Whether the failure of this channel was reported on the others. */
  readonly reported: boolean;
  /** Alerts about this channel that the other channels do not have yet. They are stored in the write that decides them. */
  readonly reports: readonly Alert[];
  /** Deliveries made until this time are to be given up, epoch milliseconds; null if none are. */
  readonly giveUpBefore: number | null;
  /** Targets that were told of together or may be, oldest first. Absent if there are none, and in version 0.5. */
  readonly groups?: readonly OpenGroup[];
  /** When the messages of the last hour were sent, epoch milliseconds, oldest first. Absent if no limit counts them. */
  readonly sent?: readonly number[];
  /** Of the topic: each receiver with a limit that got or missed messages. */
  readonly receivers?: Readonly<Record<string, ReceiverState>>;
}

/** Targets whose alerts share a cause, after the first of them was told. */
export interface OpenGroup {
  /** The incident of the first alert. Its message is the one that is edited. */
  readonly id: string;
  readonly kind: AlertKind;
  /** What all of them share. */
  readonly causes: readonly string[];
  /** The receivers that the alerts are for, as one text; absent if `when` decides. */
  readonly to?: string;
  /** Alerts that are decided until this time belong to it, epoch milliseconds. */
  readonly until: number;
  /** When its last message was sent, epoch milliseconds. */
  readonly told: number;
  /** Incidents whose recovery was not told. */
  readonly members: readonly string[];
}

/** What a receiver of the topic got and missed. */
export interface ReceiverState {
  /** As `sent` of a channel. */
  readonly sent: readonly number[];
  /** Alerts that were above its limit. */
  readonly untold?: Digest;
}

export const NEW_CHANNEL: ChannelState = {
  oldest: null,
  attempts: 0,
  failingSince: null,
  next: 0,
  heldUntil: 0,
  lastTry: null,
  lastSuccess: null,
  lastError: null,
  reported: false,
  reports: [],
  giveUpBefore: null,
};

/** The same whenever the alert is handed over again. */
export function deliveryKey({ at, id }: Pick<Alert, 'at' | 'id'>): string {
  return `${at}#${id}`;
}

/** When the alert of this delivery was decided, epoch milliseconds. */
export function decidedAt(key: string): number {
  return Date.parse(key.split('#', 1)[0] ?? '');
}
