/** The interface of the store of deliveries. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { PostedMessage } from '../channels/sender.ts';
import type { ChannelState, Delivery } from './delivery.ts';

/** A channel as stored. `version` grows by one with each write. */
export interface StoredChannel extends ChannelState {
  readonly channel: string;
  readonly version: number;
  /** Grows when deliveries were made: the one who delivers then knows that there are more than it has read. */
  readonly marks: number;
  /** Who delivers now, and until when (epoch milliseconds) nobody else may. It expires after a crash. */
  readonly lease: { readonly by: string; readonly until: number } | null;
}

export type DeliveryProgress =
  | { readonly state: 'pending' }
  | { readonly state: 'taken' | 'given-up'; readonly ended: number };

export interface DeliveryStore {
  /** Idempotent under the id of the alert, also after the delivery has ended. */
  make(channel: string, alert: Alert): Promise<void>;
  /** Notes that the channel has deliveries from this key on. */
  mark(channel: string, key: string): Promise<void>;
  /** Pending deliveries from this key on, in their order; the first ones if there are very many. */
  pending(channel: string, from: string): Promise<readonly Delivery[]>;
  /** The last delivery of an incident from a time on (ISO 8601 UTC); null if there is none. `ended` is epoch milliseconds. */
  outcome(channel: string, from: string, incident: string): Promise<DeliveryProgress | null>;
  end(channel: string, delivery: Delivery, state: 'taken' | 'given-up'): Promise<void>;
  channels(): Promise<readonly StoredChannel[]>;
  /** What the channel posted of a matter. Undefined if nothing is known. */
  posted(channel: string, matter: string): Promise<PostedMessage | undefined>;
  keepPosted(channel: string, matter: string, posted: PostedMessage): Promise<void>;
  /** Writes what `change` returns for the stored channel, or nothing if it returns null. Returns what is stored then. */
  change(channel: string, change: (stored: StoredChannel) => StoredChannel | null): Promise<StoredChannel | null>;
}
