import type { DeliveryStore } from '../../lambda/alert/delivery/delivery-store.ts';
import type { Shift } from '../../lambda/deliver/deliver-channel.ts';
import type { DeliveryTableOptions } from '../../lambda/deliver/delivery-table.ts';
import type { History, HistoryOptions } from '../../lambda/history/history.ts';
import type {
  NotificationStore,
  NotificationTableOptions,
} from '../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { DeliverPorts, JudgePorts } from '../../lambda/ports.ts';
import type { recordOrRename } from '../../lambda/probe/record-or-rename.ts';

/** The tested code: the real judge, deliveries, history and recording of rounds, or a copy with a planted bug. */
export interface Product {
  judge(ports: JudgePorts, fresh?: boolean): Promise<unknown>;
  deliverChannel(ports: DeliverPorts, channel: string, shift: Shift): Promise<number | null>;
  openHistory(table: Table, options: HistoryOptions): History;
  readonly recordOrRename: typeof recordOrRename;
  openDeliveries(table: Table, options: DeliveryTableOptions): DeliveryStore;
  openNotifications(table: Table, options: NotificationTableOptions): NotificationStore;
}
