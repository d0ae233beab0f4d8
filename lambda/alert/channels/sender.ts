import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Circumstances } from '../words/late-delivery-note.ts';

/** What a channel posted of one matter, as far as the next message of the matter needs it. */
export interface PostedMessage {
  /** The name of the message at the service, by which it is edited. */
  readonly message: string;
  /** The last alert that is posted as a whole; null while a part of the first one is not. */
  readonly alert: string | null;
}

/** What is sent: an alert, and what has to be said besides it. */
export interface SentMessage extends Circumstances {
  readonly alert: Alert;
  /** What this channel posted before of the same matter. Absent if nothing, or if the channel posts nothing that can be edited. */
  readonly posted?: PostedMessage;
  /** Stores what is posted before the rest of it is sent: after a crash the message is edited, and not posted again. */
  readonly remember?: (posted: PostedMessage) => Promise<void>;
  /** The alerts that it tells, each with its incident: one, or those of a digest. Absent in a test. */
  readonly covers?: readonly { readonly alert: Alert }[];
  /**
   * The incident whose message on this channel takes this one as its new text. Only for channels that can edit. If there is no
   * such message, this is a new one.
   */
  readonly edits?: string;
}

export interface Taken {
  readonly taken: true;
  /** What the receiver replied, without secrets. Absent if it replies nothing. */
  readonly answer?: string;
  /** What is now posted of the matter. */
  readonly posted?: PostedMessage;
}

export interface Refused {
  readonly taken: false;
  /** Why, without secrets: of a URL the origin alone. */
  readonly words: string;
  /** Milliseconds after which the receiver wants to be tried again; null if it did not say. */
  readonly retryAfter: number | null;
}

/**
 * Sends one message to one channel. Never rejects, and ends within `SEND_TIMEOUT`.
 * @param signal ends the attempt early when the monitor stops
 */
export type Sender = (message: SentMessage, signal: AbortSignal) => Promise<Taken | Refused>;

/** Milliseconds that one attempt may take. */
export const SEND_TIMEOUT = 10_000;

/**
 * Milliseconds from one message of the topic to the next. SNS suspends an e-mail subscription that gets more than 10 messages a
 * second. https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export const TOPIC_PACE = 200;
