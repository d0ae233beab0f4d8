import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** What an output stream can display. */
export interface Screen {
  readonly paint: Paint;
  /** Whether it can display block and line characters; never if the output is piped. */
  readonly drawing: boolean;
  /** Columns. */
  readonly width: number;
  /** Whether lines must fit the width. Default: as `drawing`. A pipe has no width, but one can be set with `COLUMNS`. */
  readonly bounded?: boolean;
  /** A narrower layout is tried next: a table that does not fit is not made into records. */
  readonly narrowerFollows?: boolean;
}

export function isBounded({ bounded, drawing }: Screen): boolean {
  return drawing || bounded === true;
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
  const columns = terminal ? stream.columns : columnsSet(env);
  return {
    paint: pc.createColors(colour),
    drawing: terminal && supportsUtf8(env),
    width: Math.max(40, Math.min(columns ?? 100, 160)),
    bounded: columns !== undefined,
  };
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_03 */
function columnsSet({ COLUMNS }: NodeJS.ProcessEnv): number | undefined {
  return COLUMNS !== undefined && /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

function supportsUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
