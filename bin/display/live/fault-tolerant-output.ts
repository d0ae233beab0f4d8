/** An output that may fail, fill up or stop being read while the process goes on. */
import type { LiveOutput } from './log-above-board.ts';

/** Bytes that may wait for a slow reader: some hundred rounds, and no burden for the process. */
const MOST_WAITING = 1_000_000;

/** The part of `process.stdout` that is used here. */
export interface OutputStream extends LiveOutput {
  readonly writableLength: number;
  readonly writable: boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Writes to a stream and never throws, blocks or ends the process. After an error the first line says so on `reportError`,
 * once; a file on a full disk is tried again with each text, a closed pipe is not. Texts beyond what may wait are left out.
 */
export function openLastingOutput(stream: OutputStream, reportError: (text: string) => void): LiveOutput {
  let isReported = false;
  const report = (reason: string) => {
    if (!isReported)
      reportError(`smtp-quorum: the output cannot be written (${reason}); monitoring continues without it\n`);
    isReported = true;
  };
  stream.on('error', ({ code, message }) => report(code ?? message));
  writeWithoutBlocking(stream);
  const { isTTY } = stream;
  return {
    isTTY: isTTY === true,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write: (text) => {
      if (!stream.writable) return;
      if (stream.writableLength > MOST_WAITING) return report('its reader is too slow');
      stream.write(text);
    },
  };
}

/**
 * Node writes to a terminal synchronously: Ctrl-S, or a lost connection of ssh, would stop the process. `setBlocking` is
 * not documented; without it the terminal blocks, as it does by default.
 */
function writeWithoutBlocking(stream: object): void {
  const { _handle: handle } = stream as { readonly _handle?: { setBlocking?(isBlocking: boolean): void } };
  handle?.setBlocking?.(false);
}
