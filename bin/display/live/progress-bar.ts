import { clip } from '../../../lambda/alert/words/safe-text.ts';
import type { Screen } from '../layout/screen.ts';

export interface ProgressBar {
  /** @param done share from 0 to 1 */
  show(done: number, text: string): void;
  /** Takes the bar away. */
  end(): void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A bar in one line that is written over and over, on a terminal only; what does not fit into the line is cut. */
export function openProgressBar(stream: Stream, { drawing, paint, width }: Screen): ProgressBar {
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  const columns = Math.min(30, Math.floor(width / 3));
  const [full, empty] = drawing ? ['━', '─'] : ['=', ' '];
  let shown = 0;
  return {
    show(done, text) {
      // A terminal is slower than a loop: ten times a second is enough.
      if (Date.now() - shown < 100 && done < 1) return;
      shown = Date.now();
      const filled = Math.round(done * columns);
      // A full line would wrap at its last column, and the next one be written below it.
      const room = Math.min(width, stream.columns ?? width) - columns - 3;
      const bar = `${paint.cyan(full.repeat(filled))}${paint.dim(empty.repeat(columns - filled))}`;
      stream.write(`\r\x1b[K${bar}  ${clip(text, Math.max(1, room))}`);
    },
    end: () => stream.write('\r\x1b[K'),
  };
}
