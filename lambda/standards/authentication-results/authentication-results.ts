/** Authentication-Results: RFC 8601 2.2. Never throws. */

import type { HeaderField } from '../mime/header.ts';
import { statementsOf } from './statements.ts';

export interface AuthenticationResult {
  /** `spf`, `dkim`, `dmarc`, in lower case. */
  readonly method: string;
  /** `pass`, `fail`, `none`, in lower case. */
  readonly result: string;
  /** `smtp.mailfrom`, `header.d`, in lower case. */
  readonly properties: ReadonlyMap<string, string>;
}

export interface AuthenticationResults {
  /** Who says so, in lower case; empty if the field has none, as with Microsoft 365. */
  readonly authservId: string;
  readonly results: readonly AuthenticationResult[];
  /** Number of Received fields above it: with another number another host wrote it. */
  readonly hopsAbove: number;
}

const MOST_FIELDS = 50;
const MOST_RESULTS = 50;

/** Of a message, newest first. A field that cannot be read is left out. */
export function authenticationResults(fields: readonly HeaderField[]): readonly AuthenticationResults[] {
  const found: AuthenticationResults[] = [];
  let hopsAbove = 0;
  for (const { name, value } of fields) {
    if (name === 'received') hopsAbove++;
    if (name !== 'authentication-results' || found.length === MOST_FIELDS) continue;
    const parsed = parseAuthenticationResults(value);
    if (parsed !== null) found.push({ ...parsed, hopsAbove });
  }
  return found;
}

/** @param value unfolded */
export function parseAuthenticationResults(value: string): Omit<AuthenticationResults, 'hopsAbove'> | null {
  const [head = [], ...statements] = statementsOf(value);
  const [authservId = '', version, ...others] = head;
  if (authservId.includes('=')) return { authservId: '', results: [head, ...statements].flatMap(resultOf) };
  if (authservId === '' || others.length > 0 || !/^\d*$/.test(version ?? '')) return null;
  return { authservId: authservId.toLowerCase(), results: statements.slice(0, MOST_RESULTS).flatMap(resultOf) };
}

/** `dkim=pass`, or with a version of the method `dkim/1=pass`. */
const METHOD = /^([A-Za-z][\w-]{0,62})(?:\/\d{1,3})?=([A-Za-z][\w-]{0,62})$/;
const PROPERTY = /^([A-Za-z][\w-]{0,62}\.[A-Za-z][\w.-]{0,62})=(.*)$/;

function resultOf([first = '', ...words]: readonly string[]): readonly AuthenticationResult[] {
  const [, method, result] = METHOD.exec(first) ?? [];
  if (method === undefined || result === undefined) return [];
  const properties = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = PROPERTY.exec(word) ?? [];
    if (name !== undefined && value !== undefined) properties.set(name.toLowerCase(), value);
  }
  return [{ method: method.toLowerCase(), result: result.toLowerCase(), properties }];
}
