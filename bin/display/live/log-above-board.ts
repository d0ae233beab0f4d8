import { columnsOf } from '../layout/text-width.ts';

/** The output of the live log: a terminal or a pipe. */
export interface LiveOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** A log above a board. Log lines stay; the board is redrawn below them each round. */
export interface LiveLog {
  log(...lines: readonly string[]): void;
  showBoard(board: readonly string[]): void;
  /** Shows the same board with changes, where it can be drawn again. */
  updateBoard(board: readonly string[]): void;
}

/** Appends each board if the output is piped or the board is taller than the terminal. */
export function openLiveLog(output: LiveOutput): LiveLog {
  let board: readonly string[] = [];
  const erase = () => (board.length > 0 ? `\x1b[${heightOf(board, output)}A\x1b[0J` : '');
  const redraw = (above: readonly string[], next: readonly string[]) => {
    output.write(erase() + text([...above, ...next]));
    board = next;
  };
  return {
    log: (...lines) => (redraws(output, board) ? redraw(lines, board) : void output.write(text(lines))),
    showBoard: (next) => {
      if (redraws(output, next)) return redraw([], next);
      board = [];
      output.write(text([...next, '']));
    },
    updateBoard: (next) => {
      if (board.length > 0 && redraws(output, next)) redraw([], next);
    },
  };
}

function redraws({ isTTY, rows }: LiveOutput, board: readonly string[]): boolean {
  return isTTY === true && process.env.TERM !== 'dumb' && board.length < (rows ?? 0);
}

/** Terminal rows of the lines, including wrapped ones. */
function heightOf(lines: readonly string[], { columns = 80 }: LiveOutput): number {
  const heights = lines.map((line) => Math.max(1, Math.ceil(columnsOf(line) / columns)));
  return heights.reduce((sum, height) => sum + height, 0);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
