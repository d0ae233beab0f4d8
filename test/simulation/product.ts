import type { History, HistoryOptions } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { Ports } from '../../lambda/ports.ts';
import type { recordOrRename } from '../../lambda/probe/record-or-rename.ts';

/** The tested code: the real judge, history and recording of rounds, or a copy with a planted bug. */
export interface Product {
  judge(ports: Ports, fresh?: boolean): Promise<unknown>;
  openHistory(table: Table, options: HistoryOptions): History;
  readonly recordOrRename: typeof recordOrRename;
}
