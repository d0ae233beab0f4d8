/** Reads a log of Postfix from its place on, for the command `bounces` and for the monitor. */
import type { DeliveryOutcome } from '../../lambda/bounces/outcome.ts';
import { readPostfixLine } from '../../lambda/bounces/postfix/log-line.ts';
import { type PostfixQueue, takeLine } from '../../lambda/bounces/postfix/queue.ts';
import { type BounceState, writeBounceState } from './bounce-state.ts';
import { openLogFile } from './log-file.ts';

/** What a line of Postfix says of a delivery. */
export interface LogEvent {
  readonly line: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of the messages that the line ends or defers; often none. */
  readonly outcomes: readonly DeliveryOutcome[];
}

/** Changes `queue`. Null if the line has nothing to say about a delivery to another host. */
export function readLogEvent(queue: PostfixQueue, line: string, now: number): LogEvent | null {
  const read = readPostfixLine(line, now);
  return read === null ? null : { line, at: read.at, outcomes: takeLine(queue, read) };
}

export interface PostfixLog {
  /**
   * Calls `take` with what was added to the log, and `record` after each part of a long one. The state is written after
   * `record`: if the process ends between them, lines are read again.
   */
  readNew(take: (event: LogEvent) => void, record?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Characters after which what was taken is recorded: a log may have gigabytes. */
const BATCH = 16 * 1024 * 1024;

/**
 * @param state is changed
 * @param stateFile null: the state is not kept
 * @throws the error of node:fs if the log cannot be opened
 */
export async function openPostfixLog(
  file: string,
  state: BounceState,
  stateFile: string | null,
  now: () => number,
): Promise<PostfixLog> {
  const log = await openLogFile(file, state.place);
  const save = async (record: (() => Promise<void>) | undefined) => {
    await record?.();
    const place = log.place();
    if (JSON.stringify(place) === JSON.stringify(state.place)) return;
    state.place = place;
    if (stateFile !== null) await writeBounceState(stateFile, state);
  };
  return {
    async readNew(take, record) {
      let length = 0;
      await log.readNew({
        take(line) {
          length += line.length;
          const event = readLogEvent(state.queue, line, now());
          if (event !== null) take(event);
        },
        async settle() {
          if (length < BATCH) return;
          length = 0;
          await save(record);
        },
      });
      await save(record);
    },
    close: () => log.close(),
  };
}
