import { openNotifications } from '../../history/notifications/notification-store.ts';
import type { Table } from '../../history/table/table.ts';
import type { ReportUnreadable } from '../../history/table/unreadable.ts';

/** Ids of the incidents that have an open notification. */
export async function toldIncidents(table: Table, reportUnreadable?: ReportUnreadable): Promise<readonly string[]> {
  const open = await openNotifications(table, reportUnreadable === undefined ? {} : { reportUnreadable }).open();
  return open.map(({ incident }) => incident);
}
