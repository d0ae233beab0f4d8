/** What the senders of services need of their environment. */
import type { SecretReference } from '../../config/channel.ts';
import type { AlertContext } from '../words/first-line.ts';

/** A call that speaks a text to a number. */
export interface VoiceCall {
  readonly number: string;
  /** The number, pool or ARN that calls. */
  readonly from: string;
  readonly voice: string;
  /** Speech Synthesis Markup Language. */
  readonly ssml: string;
  /** US dollars, as the API writes them: `0.10000`. */
  readonly mostPerMinute: string;
  /** Seconds for which a call that could not be made yet is still wanted. */
  readonly wantedFor: number;
  /** The id of the alert, for the log of the owner. */
  readonly alert: string;
}

export interface ServicePorts {
  /** The part of the config that the texts need. */
  readonly config: AlertContext;
  /**
   * Reads the secret that the config names.
   * @param refused a value that the service refused: it may have been rotated, so it is read again
   */
  secret(reference: SecretReference, refused?: string): Promise<string>;
  /** What AWS alone does. Absent on one machine. */
  readonly aws?: {
    /** Publishes to a topic of the owner. Returns the id of the message. */
    publish(topicArn: string, message: string, signal: AbortSignal): Promise<string>;
    /** Returns the id of the call. */
    call(call: VoiceCall, signal: AbortSignal): Promise<string>;
  };
  /** Where the services are that a token alone reaches; the real ones by default. */
  readonly origins?: { readonly slack: string; readonly telegram: string };
  /** Of one attempt, in milliseconds. */
  readonly timeout?: number;
}
