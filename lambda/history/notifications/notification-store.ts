/** Who was told of which incident, in the table. `docs/table.md` describes the items. */
import { randomUUID } from 'node:crypto';
import type { Notification, StoredNotification } from '../../consensus/notification/notification.ts';
import { notificationsKey } from '../table/keys.ts';
import type { Condition, Item, Table } from '../table/table.ts';
import { type ReportUnreadable, readOrNull, reportOnce, unchangedSince } from '../table/unreadable.ts';
import { isOver, notificationItem, notificationOf, salvagedNotification } from './notification-item.ts';

export interface NotificationStore {
  /** Null also if nothing of its item can be read. */
  notification(incident: string): Promise<StoredNotification | null>;
  /** Those that are open, or have messages of which deliveries are not made. */
  open(): Promise<readonly StoredNotification[]>;
  /** All of them: also those that ended in the last two days. */
  kept(): Promise<readonly StoredNotification[]>;
  /**
   * Writes what `change` returns for the stored one, unless it is the same. Of a damaged item counts what
   * can be read; without its alert it counts as none, and is replaced. Returns what is stored then.
   * @param known as it was read or written last: it is not read again, unless another has written since
   */
  change(
    incident: string,
    change: (stored: StoredNotification | null) => Notification | null,
    known?: StoredNotification,
  ): Promise<StoredNotification | null>;
}

export interface NotificationTableOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Called once for each item that cannot be read. */
  readonly reportUnreadable?: ReportUnreadable;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

/** Writers of one notification: judges, and people who acknowledge. */
const MOST_CONFLICTS = 30;

export function openNotifications(table: Table, options: NotificationTableOptions = {}): NotificationStore {
  const { now = Date.now, newId = () => randomUUID().slice(0, 8) } = options;
  const tell = reportOnce(options.reportUnreadable);

  const readOrSalvage = (item: Item) => readOrNull(item, notificationOf, tell) ?? salvagedNotification(item);
  const readOrNone = (item: Item | null) => (item === null ? null : readOrSalvage(item));

  return {
    async notification(incident) {
      return readOrNone(await table.get(notificationsKey, incident));
    },

    async open() {
      const items = await table.query(notificationsKey, { consistent: true });
      // Those of two days are stored, and all are read each minute: most of them are over.
      const stored = items.filter((item) => !isOver(item)).map(readOrSalvage);
      return stored.filter((one) => one !== null).filter(({ closed, owed }) => closed === null || owed.length > 0);
    },

    async kept() {
      const stored = (await table.query(notificationsKey)).map(readOrSalvage);
      return stored.filter((one) => one !== null);
    },

    async change(incident, change, known) {
      let item = known === undefined ? await table.get(notificationsKey, incident) : null;
      let before = known ?? readOrNone(item);
      for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
        const next = change(before);
        if (next === null || next === before) return before;
        const version = (before?.version ?? 0) + 1;
        const written: Item = { ...notificationItem(next, version, now()), written: newId() };
        if (await table.put(written, conditionOf(item, before))) return { ...next, version };
        item = await table.get(notificationsKey, incident);
        // The first answer to our own write may have been lost, and its repetition refused.
        if (item?.written === written.written) return { ...next, version };
        before = readOrNone(item);
      }
      throw new Error(`the notification of ${incident} was changed by others ${MOST_CONFLICTS} times`);
    },
  };
}

function conditionOf(item: Item | null, before: StoredNotification | null): Condition | undefined {
  if (before !== null) return { version: before.version };
  return item === null ? { absent: true } : unchangedSince(item);
}
