import type { ConfigPath } from '../schema/config-path.ts';

/** One mistake in the config file, with its place. */
export interface Problem {
  readonly file: string;
  /** `targets[1].port`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** How many characters of the line are meant; 1 at least. */
  readonly width: number;
  /** The line of the file, as written. */
  readonly excerpt: string;
  readonly message: string;
  /** What was probably meant, in a sentence; null where nothing is close. */
  readonly suggestion: string | null;
}

/** What is wrong with the written values, before its place in the file is known. */
export interface ConfigFault {
  readonly path: ConfigPath;
  /** Whether the key itself is the mistake, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly suggestion?: string | null;
}

/** As compilers print them: place, message, the line with the words underlined, and what was probably meant. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${problems.map(formatProblem).join('\n\n')}\n\n${count} in ${problems[0]?.file ?? 'the config'}\n`;
}

function formatProblem(problem: Problem): string {
  const { file, path, line, column, width, excerpt, message, suggestion } = problem;
  const gutter = ' '.repeat(String(line).length);
  return [
    `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`,
    ` ${line} | ${excerpt}`,
    ` ${gutter} | ${' '.repeat(column - 1)}${'^'.repeat(width)}`,
    ...(suggestion === null ? [] : [` ${gutter} = ${suggestion}`]),
  ].join('\n');
}
