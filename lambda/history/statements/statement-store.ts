/** What people said of incidents, in the table. `docs/table.md` describes the items. */
import { randomUUID } from 'node:crypto';
import { endOfKeys, statementsKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';
import type { Statement } from './statement.ts';
import { type StoredStatements, statementsItem, storedStatementsOf } from './statement-item.ts';

export interface StatementStore {
  statements(incident: string): Promise<StoredStatements>;
  /** By the id of each incident that opened at `opened` (ISO UTC) or later. */
  statementsSince(opened: string): Promise<ReadonlyMap<string, readonly Statement[]>>;
  /** Writes only if the stored version is still the one that was read. */
  writeStatements(read: StoredStatements, statements: readonly Statement[]): Promise<boolean>;
}

export function openStatementStore(table: Table, report?: ReportUnreadable): StatementStore {
  const tell = reportOnce(report);
  return {
    async statements(incident) {
      const { pk, sk } = statementsKey.of(incident);
      const item = await table.get(pk, sk);
      const stored = item === null ? null : readOrNull(item, storedStatementsOf, tell);
      return stored ?? { incident, statements: [], version: 0 };
    },
    async statementsSince(opened) {
      const items = await table.query(statementsKey.pk, { from: opened, to: endOfKeys });
      return new Map(
        readable(items, storedStatementsOf, tell).map(({ incident, statements }) => [incident, statements]),
      );
    },
    writeStatements({ incident, version }, statements) {
      const item = statementsItem({ incident, statements, version: version + 1 }, randomUUID().slice(0, 8));
      return writeVersion(table, item, version, storedStatementsOf);
    },
  };
}
