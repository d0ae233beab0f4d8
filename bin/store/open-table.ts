import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { FolderInUse, localTable, openDatabase } from '../../local/database.ts';
import { isUnreachable } from '../arguments/usage-error.ts';
import { partitionsOf } from './partitions.ts';

/** A table that can be asked, until it is closed. */
export interface OpenTable {
  readonly table: Table;
  /** Every partition key of the table: reads all of it. */
  partitions(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openAwsTable(name: string, region?: string, profile?: string): OpenTable {
  const client = new DynamoDBClient({ ...(region && { region }), ...(profile && { profile }) });
  return openedOf(client, name, async () => client.destroy());
}

function openedOf(client: DynamoDBClient, name: string, close: () => Promise<void>): OpenTable {
  return { table: dynamodbTable(client, name), partitions: () => partitionsOf(client, name), close };
}

/** @throws FolderInUse where another process has the files and does not answer */
export async function openLocalTable(folder: string): Promise<OpenTable> {
  return await withReopening(() => openFiles(folder));
}

/** For a process that is just opening the files, and does not answer yet. */
const PATIENCE = { tries: 50, apart: 100 };

async function openFiles(folder: string): Promise<OpenTable> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { client, close } = await openDatabase(folder, { mode: 'read' });
      return openedOf(client, localTable, close);
    } catch (error) {
      if (!(error instanceof FolderInUse) || attempt >= PATIENCE.tries) throw error;
      await sleep(PATIENCE.apart);
    }
  }
}

/** Who had the files has ended, and its socket with it. */
export function isGone(error: unknown): boolean {
  return isUnreachable(error) || (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * Where another command has the files open and ends, this one opens them itself and asks once more: whatever asks finds
 * the same table as before.
 */
export async function withReopening(open: () => Promise<OpenTable>): Promise<OpenTable> {
  let current = Promise.resolve(await open());
  const underWay = new Set<Promise<unknown>>();
  function ask<T>(question: (opened: OpenTable) => Promise<T>): Promise<T> {
    const answer = askTwice(question).finally(() => underWay.delete(answer));
    underWay.add(answer);
    return answer;
  }
  async function askTwice<T>(question: (opened: OpenTable) => Promise<T>): Promise<T> {
    const asked = current;
    const opened = await asked;
    try {
      return await question(opened);
    } catch (error) {
      if (!isGone(error)) throw error;
      // Of many questions under way the first opens it for all.
      if (current === asked) current = opened.close().then(open);
      return await question(await current);
    }
  }
  return {
    table: {
      put: (item, condition) => ask(({ table }) => table.put(item, condition)),
      get: (pk, sk) => ask(({ table }) => table.get(pk, sk)),
      query: (pk, range) => ask(({ table }) => table.query(pk, range)),
    },
    partitions: () => ask((opened) => opened.partitions()),
    async close() {
      // The embedded database ends the process when its files are closed under a question.
      await Promise.allSettled(underWay);
      await (await current).close();
    },
  };
}
