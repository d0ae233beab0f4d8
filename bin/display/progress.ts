import type { Screen } from './screen.ts';

export interface Progress {
  /** @param done share from 0 to 1 */
  show(done: number, text: string): void;
  /** Takes the bar away. */
  end(): void;
}

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A bar in one line that is written over and over, on a terminal only. */
export function progressOn(stream: Stream, { drawing, paint }: Screen): Progress {
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  const columns = 30;
  const [full, empty] = drawing ? ['━', '─'] : ['=', ' '];
  let shown = 0;
  return {
    show(done, text) {
      // A terminal is slower than a loop: ten times a second is enough.
      if (Date.now() - shown < 100 && done < 1) return;
      shown = Date.now();
      const filled = Math.round(done * columns);
      stream.write(`\r\x1b[K${paint.cyan(full.repeat(filled))}${paint.dim(empty.repeat(columns - filled))}  ${text}`);
    },
    end: () => stream.write('\r\x1b[K'),
  };
}
