/** Problems of a config file and their text. */
import type { ConfigPath } from '../schema/config-path.ts';

/** One problem in the config file, with its location. */
export interface Problem {
  readonly file: string;
  /** `targets[1].port`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Length of the location in characters, 1 or more. */
  readonly width: number;
  /** The line of the file, as written. */
  readonly excerpt: string;
  readonly message: string;
  /** A suggested correction, as a sentence; null if there is none. */
  readonly suggestion: string | null;
}

/** A problem without its location in the file. */
export interface ConfigFault {
  readonly path: ConfigPath;
  /** Whether the problem is the key or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly suggestion?: string | null;
}

/** Problems as compilers print them: location, message, the underlined part of the line, and a suggestion. */
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
