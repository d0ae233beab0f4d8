/** Problems of a config file and their text. */

import { escapeForDisplay } from '../../smtp/bounds/escape.ts';
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
  return `${problems.map(formatProblem).join('\n\n')}\n\n${count} in ${escapeForDisplay(problems[0]?.file ?? 'the config')}\n`;
}

function formatProblem(problem: Problem): string {
  const { file, path, line, column, message, suggestion } = problem;
  const { text, start, width } = windowOf(problem);
  const gutter = ' '.repeat(String(line).length);
  // What is escaped grows: the marks stand below what is shown.
  const at = column - 1 - start;
  const before = escapeForDisplay(text.slice(0, at));
  const meant = escapeForDisplay(text.slice(at, at + width));
  const after = escapeForDisplay(text.slice(at + width));
  return [
    `${escapeForDisplay(file)}:${line}:${column}: ${escapeForDisplay(path === '' ? message : `${path}: ${message}`)}`,
    ` ${line} | ${before}${meant}${after}`,
    ` ${gutter} | ${' '.repeat(before.length)}${'^'.repeat(Math.max(meant.length, width))}`,
    ...(suggestion === null ? [] : [` ${gutter} = ${escapeForDisplay(suggestion)}`]),
  ].join('\n');
}

/** Characters of a line that are shown; before the mistake of a longer one, half as many. */
const widest = 400;

function windowOf({ excerpt, column, width }: Problem): { text: string; start: number; width: number } {
  const start = excerpt.length <= widest ? 0 : Math.max(0, column - 1 - widest / 2);
  const text = excerpt.slice(start, start + widest);
  return { text, start, width: Math.max(1, Math.min(width, start + widest - column + 1)) };
}
