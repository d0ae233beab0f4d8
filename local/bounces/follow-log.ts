/** Follows a log of Postfix on one machine, and counts what it says in the history. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { BounceRecord } from '../../lambda/bounces/outcome.ts';
import { type BounceRecorder, openBounceRecorder } from '../../lambda/history/bounces/record-bounces.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { ReportUnreadable } from '../../lambda/history/table/unreadable.ts';
import type { Ports } from '../../lambda/ports.ts';
import { emptyBounceState, readBounceState } from './bounce-state.ts';
import { type LogEvent, openPostfixLog, type PostfixLog } from './postfix-log.ts';

/** What a source on one machine works on. */
export interface BounceOptions {
  readonly table: Table;
  readonly ports: Pick<Ports, 'config' | 'now' | 'publishEvents' | 'secret'>;
  /** The folder of the history, which also has the places in the logs. */
  readonly folder: string;
  readonly reportUnreadable: ReportUnreadable;
  onError(error: unknown): void;
}

export interface FollowedLog {
  /** Counts the lines that were added. Never rejects. */
  readNew(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The place in the log is written after the counts: if the process ends between, lines are read again, and count once, because
 * each line has an id. A failure is reported once, until reading succeeds again.
 */
export function followLog(options: BounceOptions, file: string): FollowedLog {
  const { table, ports, folder, reportUnreadable, onError } = options;
  const source = sourceOf(file);
  const stateFile = path.join(folder, `bounces-${source}.json`);
  const history = openBounceRecorder(table, { now: ports.now, reportUnreadable });
  let [log, hasFailed]: [PostfixLog | null, boolean] = [null, false];
  // A file that is not a state is a place that is lost.
  const open = async () =>
    openPostfixLog(file, (await readBounceState(stateFile)) ?? emptyBounceState(), stateFile, ports.now);
  const readOnce = async () => {
    log ??= await open();
    const records: BounceRecord[] = [];
    await log.readNew(
      (event) => records.push(...recordsOf(event)),
      () => recordAndWake(history, ports, source, records.splice(0)),
    );
  };
  return {
    async readNew() {
      try {
        await readOnce();
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) onError(inWords(error, file));
        hasFailed = true;
        // What was taken from the log but not counted is read again.
        await log?.close().catch(() => {});
        log = null;
      }
    },
    close: async () => {
      await log?.close();
      log = null;
    },
  };
}

/** `log-1f2e3d4c`: a path may have any character. */
function sourceOf(file: string): string {
  return `log-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`;
}

function recordsOf({ line, outcomes }: LogEvent): readonly BounceRecord[] {
  return outcomes.length === 0 ? [] : [{ id: idOf(line), outcomes }];
}

/** A line has the id of its message and its time: the same line is the same attempt. */
function idOf(line: string): string {
  return createHash('sha256').update(line).digest('base64url').slice(0, 8);
}

async function recordAndWake(
  history: BounceRecorder,
  ports: Pick<Ports, 'publishEvents'>,
  source: string,
  records: readonly BounceRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const { counted } = await history.record(source, records);
  const isNews = records.some(({ outcomes }) => outcomes.some(({ kind }) => kind === 'bounced'));
  if (counted > 0 && isNews) await ports.publishEvents([{ type: 'Bounces Recorded', detail: { source } }]);
}

function inWords(error: unknown, file: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`the log ${file} cannot be read: ${code ?? message}`);
}
