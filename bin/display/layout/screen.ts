import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** What the place that is written to can show. */
export interface Screen {
  readonly paint: Paint;
  /** Block and line characters; never where output is piped. */
  readonly drawing: boolean;
  /** Columns. */
  readonly width: number;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colour on a terminal, unless `NO_COLOR` (https://no-color.org) or `TERM=dumb` says otherwise; `FORCE_COLOR` anywhere. */
export function screenOf(stream: Stream, env: NodeJS.ProcessEnv = process.env): Screen {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== '';
  const colour = !env.NO_COLOR && (forced || terminal);
  return { paint: pc.createColors(colour), drawing: terminal && speaksUtf8(env), width: widthOf(stream, terminal) };
}

function widthOf({ columns }: Stream, terminal: boolean): number {
  return terminal && columns !== undefined ? Math.max(40, Math.min(columns, 160)) : 100;
}

function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
