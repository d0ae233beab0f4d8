import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { localTable, openDatabase } from '../../local/database.ts';

export interface HistoryFolder {
  readonly folder: string;
  readonly table: Table;
  /** Removes it. */
  close(): Promise<void>;
}

/** An empty history of this machine. Its database stays open, as `start` holds it: a command asks it through its socket. */
export async function openHistoryFolder(): Promise<HistoryFolder> {
  const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  const database = await openDatabase(folder);
  return {
    folder,
    table: dynamodbTable(database.client, localTable),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
