/** Authentication-Results: RFC 8601 2.2. Never throws. */

import type { HeaderField } from '../mime/header.ts';

export interface AuthenticationResult {
  /** `spf`, `dkim`, `dmarc`, in lower case. */
  readonly method: string;
  /** `pass`, `fail`, `none`, in lower case. */
  readonly result: string;
  /** `smtp.mailfrom`, `header.d`, in lower case. */
  readonly properties: ReadonlyMap<string, string>;
}

export interface AuthenticationResults {
  /** Who says so, in lower case. Only the receiver's own is to be believed (RFC 8601 7.1). */
  readonly authservId: string;
  readonly results: readonly AuthenticationResult[];
}

const LONGEST = 16_384;
const MOST_RESULTS = 50;

/** Of a message, newest first. A field that cannot be read is left out. */
export function authenticationResults(fields: readonly HeaderField[]): readonly AuthenticationResults[] {
  return fields
    .filter(({ name }) => name === 'authentication-results')
    .slice(0, MOST_RESULTS)
    .flatMap(({ value }) => parseAuthenticationResults(value) ?? []);
}

/** @param value unfolded */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  const [head = '', ...statements] = splitStatements(value.slice(0, LONGEST));
  const [, authservId] = /^\s*([^\s;=]+)(?:\s+\d+)?\s*$/.exec(head) ?? [];
  if (authservId === undefined) return null;
  return { authservId: authservId.toLowerCase(), results: statements.slice(0, MOST_RESULTS).flatMap(resultOf) };
}

const METHOD = /^\s*([A-Za-z][\w-]*)(?:\s*\/\s*\d+)?\s*=\s*([A-Za-z][\w-]*)/;
const PROPERTY = /([A-Za-z][\w-]*)\s*\.\s*([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/g;

function resultOf(statement: string): readonly AuthenticationResult[] {
  const found = METHOD.exec(statement);
  if (found === null) return [];
  const [head, method = '', result = ''] = found;
  const properties = new Map<string, string>();
  for (const [, type = '', name = '', quoted, plain = ''] of statement.slice(head.length).matchAll(PROPERTY)) {
    properties.set(`${type}.${name}`.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
  }
  return [{ method: method.toLowerCase(), result: result.toLowerCase(), properties }];
}

/** At semicolons outside of comments and quoted strings; comments are removed. */
function splitStatements(text: string): readonly string[] {
  const statements = [''];
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quoted && character === '\\') {
      statements[statements.length - 1] += character + (text[++at] ?? '');
      continue;
    }
    if (depth === 0 && character === '"') quoted = !quoted;
    if (!quoted && character === '(') depth += 1;
    else if (!quoted && character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0 && !quoted && character === ';') statements.push('');
    else if (depth === 0) statements[statements.length - 1] += character;
  }
  return statements;
}
