/** What channels posted, in the table, so that the next message of the incident edits it. */
import type { DeliveryStore } from '../alert/delivery/delivery-store.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import { postedKey } from '../history/table/keys.ts';
import type { Item, Table } from '../history/table/table.ts';
import { isText } from '../history/table/type-guards.ts';

/** As long as deliveries. An incident that is longer open than this, without an alert, gets a new message. */
const KEPT_SECONDS = 8 * 86_400;

type PostedMessages = Pick<DeliveryStore, 'posted' | 'keepPosted'>;

/** What an alert is about, if a later one may be about the same; null if each is a message of its own. */
export function postedUnder({ incident }: Pick<Alert, 'incident'>): string | null {
  return incident === null || incident.id === '' || Buffer.byteLength(incident.id) > LONGEST_KEY ? null : incident.id;
}

/** Octets of a sort key of DynamoDB. */
const LONGEST_KEY = 1_024;

export function openPostedMessages(table: Table, now: () => number): PostedMessages {
  return {
    async posted(channel, matter) {
      const item = await table.get(postedKey.pk(channel), matter);
      const { message, alert }: Partial<Item> = item ?? {};
      return isText(message) && (alert === null || isText(alert)) ? { message, alert } : undefined;
    },

    async keepPosted(channel, matter, { message, alert }) {
      const ttl = Math.floor(now() / 1000) + KEPT_SECONDS;
      await table.put({ pk: postedKey.pk(channel), sk: matter, message, alert, ttl });
    },
  };
}
