import type { TripRecord } from '../history/trips/trip-record.ts';

/** What became of one mailbox in a run. */
export interface MailboxRunReport {
  readonly sent: readonly TripRecord[];
  readonly ended: readonly TripRecord[];
  /** Round trips with an alert that is owed. */
  readonly owing: readonly string[];
  /** The round trips whose mailbox could not be read, and why. */
  readonly unread: readonly string[];
  /** What could not be done at all; null if all was. */
  readonly failed: string | null;
}

export interface TripReport {
  readonly vantage: string;
  readonly mailboxes: readonly MailboxRunReport[];
  readonly milliseconds: number;
}

/** One line of a log. */
export interface TripSummary {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly vantage: string;
  readonly milliseconds: number;
  /** Round trips of which a message was sent. */
  readonly sent: readonly string[];
  /** Trips that ended, with their worst code. */
  readonly ended: readonly string[];
  readonly unread: readonly string[];
  readonly failed: readonly string[];
}

export function summaryOfTrips({ vantage, mailboxes, milliseconds }: TripReport): TripSummary {
  const failed = mailboxes.flatMap((one) => (one.failed === null ? [] : [one.failed]));
  const unread = mailboxes.flatMap((one) => one.unread);
  const ended = mailboxes.flatMap((one) => one.ended);
  return {
    level: failed.length + unread.length === 0 ? 'info' : 'warn',
    message: failed.length === 0 ? 'round trips watched' : 'round trips watched, except for some',
    vantage,
    milliseconds,
    sent: mailboxes.flatMap((one) => one.sent.map(({ trip }) => trip)),
    ended: ended.map(({ trip, verdict }) => `${trip}: ${verdict?.findings[0]?.code ?? 'unknown'}`),
    unread,
    failed,
  };
}
