import { stripVTControlCharacters } from 'node:util';

/** Where the live account goes: a terminal, or a pipe. */
export interface LiveOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** A live account: what is said stays; the board stays below it and is drawn anew each round. */
export interface LiveLog {
  say(...lines: readonly string[]): void;
  show(board: readonly string[]): void;
}

/** In a pipe, and where the board is taller than the terminal, each board is simply appended. */
export function openLiveLog(output: LiveOutput): LiveLog {
  let board: readonly string[] = [];
  const erase = () => (board.length > 0 ? `\x1b[${heightOf(board, output)}A\x1b[0J` : '');
  const redraw = (above: readonly string[], next: readonly string[]) => {
    output.write(erase() + text([...above, ...next]));
    board = next;
  };
  return {
    say: (...lines) => (redraws(output, board) ? redraw(lines, board) : void output.write(text(lines))),
    show: (next) => {
      if (redraws(output, next)) return redraw([], next);
      board = [];
      output.write(text([...next, '']));
    },
  };
}

function redraws({ isTTY, rows }: LiveOutput, board: readonly string[]): boolean {
  return isTTY === true && process.env.TERM !== 'dumb' && board.length < (rows ?? 0);
}

/** Rows of the terminal that the lines take, wrapped ones counted in full. */
function heightOf(lines: readonly string[], { columns = 80 }: LiveOutput): number {
  const heights = lines.map((line) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)));
  return heights.reduce((sum, height) => sum + height, 0);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
