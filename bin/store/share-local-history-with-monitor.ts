/** Requests of a long-running command to the history of this machine. A monitor may start or end between two of them. */

import type { Ask } from '../../local/database/operations.ts';
import { type Database, openDatabase } from '../../local/database.ts';
import { isGone } from './open-table.ts';

export interface HistoryRequests {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** Files that nobody asks are closed after so many milliseconds, so that a monitor can start. */
const idle = 250;

/** Asks who has the files; where nobody has, it opens them itself for as long as it takes. @throws FolderUnusable, FolderInUse */
export async function requestHistory(folder: string): Promise<HistoryRequests> {
  let opened: Promise<Database> | null = null;
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;

  const open = (): Promise<Database> => {
    opened ??= openDatabase(folder, { mode: 'read' });
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    const database = opened;
    opened = null;
    await (await database)?.close();
  };
  const closeWhenIdle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void (underWay === 0 && close().catch(() => {})), idle);
  };
  const ask: Ask = async (operation, body) => {
    underWay += 1;
    try {
      return await (await open()).ask(operation, body);
    } catch (error) {
      if (!isGone(error)) throw error;
      await close();
      return await (await open()).ask(operation, body);
    } finally {
      underWay -= 1;
      closeWhenIdle();
    }
  };

  await open();
  closeWhenIdle();
  return { ask, close };
}
