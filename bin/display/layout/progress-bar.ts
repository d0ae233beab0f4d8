import { clip } from '../../../lambda/alert/words/safe-text.ts';
import type { Screen } from './screen.ts';

export interface ProgressBar {
  /** @param done share from 0 to 1 */
  show(done: number, text: string): void;
  /** Removes the bar. */
  end(): void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A progress bar in one line of a terminal. Prints nothing if the output is piped. Cuts text that does not fit. */
export function openProgressBar(stream: Stream, { drawing, paint, width }: Screen): ProgressBar {
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  const columns = Math.min(30, Math.floor(width / 3));
  const [full, empty] = drawing ? ['━', '─'] : ['=', ' '];
  let shown = 0;
  return {
    show(done, text) {
      // Limits the output to ten updates per second.
      if (Date.now() - shown < 100 && done < 1) return;
      shown = Date.now();
      const filled = Math.round(done * columns);
      // A full line would wrap, and the next update would start a new line.
      const room = Math.min(width, stream.columns ?? width) - columns - 3;
      const bar = `${paint.cyan(full.repeat(filled))}${paint.dim(empty.repeat(columns - filled))}`;
      stream.write(`\r\x1b[K${bar}  ${clip(text, Math.max(1, room))}`);
    },
    end: () => stream.write('\r\x1b[K'),
  };
}
