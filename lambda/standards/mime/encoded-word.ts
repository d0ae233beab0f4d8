/** Words of other characters than ASCII in header fields: RFC 2047. Never throws. */

import { decodeText } from './charset.ts';

const WORD = /=\?([A-Za-z0-9_-]{1,40})(?:\*[A-Za-z0-9-]{1,40})?\?([BbQq])\?([!->@-~]{0,1000})\?=/g;
/** Between two encoded words spaces are no part of the text (RFC 2047 6.2). */
const GAP = /(\?=)\s+(?==\?[A-Za-z0-9_*-]{1,80}\?[BbQq]\?)/g;

/** What cannot be decoded stays as it is. */
export function decodeWords(value: string): string {
  return value
    .replace(GAP, '$1')
    .replace(WORD, (_, charset: string, encoding: string, text: string) =>
      decodeText(wordOctets(encoding, text), charset),
    );
}

/** The text of a field: with encoded words, or in UTF-8 (RFC 6532). Runs of spaces are one. @param value octets as characters (latin1) */
export function fieldText(value: string): string {
  const isOctets = /[\x80-\xff]/.test(value) && !/[\u0100-\uffff]/.test(value);
  const text = isOctets ? Buffer.from(value, 'latin1').toString('utf8') : value;
  return decodeWords(text).split(/\s+/).join(' ').trim();
}

function wordOctets(encoding: string, text: string): Buffer {
  if (encoding.toUpperCase() === 'B') return Buffer.from(text, 'base64');
  const characters = text
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(characters, 'latin1');
}

/** Encoded words in UTF-8, of at most 75 characters each (RFC 2047 2), with a space between them. No character is divided. */
export function encodeWords(text: string): string {
  const groups = [''];
  for (const character of text) {
    const last = groups.at(-1) ?? '';
    // A line with an encoded word has at most 76 characters: 39 octets are 52 in base64, and 64 with `=?UTF-8?B?` and `?=`.
    if (Buffer.byteLength(last + character) > 39) groups.push(character);
    else groups[groups.length - 1] = last + character;
  }
  return groups.map((group) => `=?UTF-8?B?${Buffer.from(group).toString('base64')}?=`).join(' ');
}
