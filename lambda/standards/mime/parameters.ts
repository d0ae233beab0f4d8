/** A value with parameters, such as that of Content-Type: RFC 2045 5.1, RFC 2231. Never throws. */

import { decodeText } from './charset.ts';
import { decodeWords } from './encoded-word.ts';

export interface ParameterValue {
  /** In lower case. */
  readonly value: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([A-Za-z0-9!#$&+.^_`{|}~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;
const LONGEST = 8_192;

/** A quoted string, which may never be closed, or a comment between words (RFC 2045 5.1). */
const QUOTED_OR_COMMENT = /"(?:[^"\\]|\\[\s\S])*"?|(?<=^|[\s;])\((?:[^()\\]|\\.)*\)/g;

/** Of a parameter that is there twice, the first counts. */
export function parseParameters(field: string): ParameterValue {
  const text = field.slice(0, LONGEST).replace(QUOTED_OR_COMMENT, (found) => (found.startsWith('(') ? ' ' : found));
  const value = (text.split(';', 1)[0] ?? '').trim().toLowerCase();
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
  }
  return { value, parameters };
}

/**
 * A parameter that may be divided or encoded (RFC 2231 3 and 4): `filename`, `filename*`, `filename*0`, `filename*0*`. Many
 * write RFC 2047 there.
 */
export function parameterText({ parameters }: ParameterValue, name: string): string | null {
  const plain = parameters.get(name);
  if (plain !== undefined) return decodeWords(plain);
  const whole = parameters.get(`${name}*`);
  if (whole !== undefined) return decodeExtended(whole);
  const sections: string[] = [];
  let isEncoded = false;
  for (let nth = 0; nth < 100; nth++) {
    const section = parameters.get(`${name}*${nth}`) ?? parameters.get(`${name}*${nth}*`);
    if (section === undefined) break;
    isEncoded ||= parameters.has(`${name}*${nth}*`);
    sections.push(section);
  }
  if (sections.length === 0) return null;
  return isEncoded ? decodeExtended(sections.join('')) : sections.join('');
}

/** `UTF-8''na%C3%AFve.pdf`. */
function decodeExtended(text: string): string {
  const [, charset = '', encoded = text] = /^([A-Za-z0-9_-]*)'[A-Za-z0-9-]*'(.*)$/s.exec(text) ?? [];
  const octets = encoded.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return decodeText(Buffer.from(octets, 'latin1'), charset === '' ? null : charset);
}
