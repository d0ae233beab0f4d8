/** The alerts of incidents by the kind of their channel: of a channel its id is read, which has no address, and its kind is shown. */

import type { Incident } from '../../../consensus/judgement/incident.ts';
import type { StoredNotification } from '../../../consensus/notification/notification.ts';
import { openNotifications } from '../../../history/notifications/notification-store.ts';
import { channelsKey, deliveriesKey, endOfKeys } from '../../../history/table/keys.ts';
import type { Item, Table } from '../../../history/table/table.ts';
import { isFields, isNumber, isText, isTime } from '../../../history/table/type-guards.ts';
import type { AlertSnapshot, AlertsSnapshot, ToldSnapshot } from '../snapshot.ts';

/** Milliseconds for which deliveries are kept. */
const KEPT = 8 * 86_400_000;
/** Deliveries that are read of a channel, newest first. */
const MOST_READ = 1000;
/** Of one incident. */
const MOST_SENT = 200;

/** @param now epoch milliseconds */
export async function readAlerts(
  table: Table,
  incidents: readonly Incident[],
  now: number,
): Promise<(incident: Incident) => AlertsSnapshot> {
  const isKept = ({ closed }: Incident) => closed === null || Date.parse(closed) > now - KEPT;
  const opened = incidents.filter(isKept).map((incident) => incident.opened);
  const since = opened.sort()[0];
  if (since === undefined) return () => ({ expired: true, sent: [], told: [] });
  const [deliveries, notifications] = await Promise.all([
    readDeliveries(table, since),
    openNotifications(table).kept(),
  ]);
  return (incident) => ({
    expired: !isKept(incident),
    sent: deliveries
      .filter(({ id }) => id.startsWith(`${incident.id}#`))
      .slice(0, MOST_SENT)
      .map((delivery) => alertSnapshot(delivery, incident)),
    told: toldSnapshots(notifications.find((one) => one.incident === incident.id)),
  });
}

interface Delivered extends Omit<AlertSnapshot, 'again'> {
  /** Of the alert. */
  readonly id: string;
}

async function readDeliveries(table: Table, since: string): Promise<readonly Delivered[]> {
  const channels = await table.query(channelsKey, { keysOnly: true });
  const range = { from: since, to: endOfKeys, newestFirst: true, limit: MOST_READ };
  const read = channels.map(async ({ sk }) => {
    const items = await table.query(deliveriesKey.pk(sk), range);
    return items.flatMap((item) => delivered(item, sk));
  });
  return (await Promise.all(read)).flat().sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
}

/** None if it cannot be read: who delivers reports that. */
function delivered({ alert, state, ended }: Item, channel: string): readonly Delivered[] {
  if (!isFields(alert)) return [];
  const { id, kind, at } = alert;
  if (!isText(id) || !isText(kind) || !isTime(at)) return [];
  const isEnded = (state === 'taken' || state === 'given-up') && isNumber(ended);
  return [
    {
      id,
      at,
      kind,
      channel: kindOfChannel(channel),
      state: isEnded ? state : 'pending',
      ended: isEnded ? new Date(ended).toISOString() : null,
    },
  ];
}

/** The id of one that is sent again has a `+` and the entry of `notify`. */
function alertSnapshot({ id, ...alert }: Delivered, incident: Incident): AlertSnapshot {
  return { ...alert, again: id.includes('+', incident.id.length) };
}

function toldSnapshots(notification: StoredNotification | undefined): readonly ToldSnapshot[] {
  return Object.values(notification?.told ?? {}).map(({ receiver, first, last, times, reminders }) => {
    return { channel: kindOfChannel(receiver), first, last, messages: times, reminders };
  });
}

/** `webhook:https://hooks.example.com#1a2b3c4d` as `webhook`. */
function kindOfChannel(id: string): string {
  return /^[a-z-]{1,20}(?=:|$)/.exec(id)?.[0] ?? 'other';
}
