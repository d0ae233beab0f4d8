import type { History, HistoryOptions } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { Ports } from '../../lambda/ports.ts';

/** What is proved: the real judge and the real history, or a copy of them with a bug planted. */
export interface Product {
  judge(ports: Ports, fresh?: boolean): Promise<unknown>;
  openHistory(table: Table, options: HistoryOptions): History;
}
