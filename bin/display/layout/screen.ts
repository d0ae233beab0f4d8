import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** What an output stream can display. */
export interface Screen {
  readonly paint: Paint;
  /** Whether it can display block and line characters; never if the output is piped. */
  readonly drawing: boolean;
  /** Columns. */
  readonly width: number;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colours a terminal unless `NO_COLOR` (https://no-color.org) or `TERM=dumb` is set, and any output if `FORCE_COLOR` is set. */
export function screenOf(stream: Stream, env: NodeJS.ProcessEnv = process.env): Screen {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== '';
  const colour = !env.NO_COLOR && (forced || terminal);
  return { paint: pc.createColors(colour), drawing: terminal && supportsUtf8(env), width: widthOf(stream, terminal) };
}

function widthOf({ columns }: Stream, terminal: boolean): number {
  return terminal && columns !== undefined ? Math.max(40, Math.min(columns, 160)) : 100;
}

function supportsUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
