/** The parts of a message: RFC 2046 5.1. Bounded in depth and number. Never throws. */

import { fieldValue, type HeaderField, splitHeader } from './header.ts';
import { parameterText, parseParameters } from './parameters.ts';

export interface MessagePart {
  readonly fields: readonly HeaderField[];
  /** `text/plain` if none is given. */
  readonly type: string;
  /** Octets as characters (latin1), as they are transferred. Of a multipart, what is before its first part. */
  readonly body: string;
  readonly parts: readonly MessagePart[];
}

export interface PartBounds {
  readonly depth: number;
  readonly parts: number;
}

export const PART_BOUNDS: PartBounds = { depth: 10, parts: 100 };

/** @param text each octet as a character (latin1) */
export function parseMessage(text: string, bounds: PartBounds = PART_BOUNDS): MessagePart {
  const left = { parts: bounds.parts };
  return parsePart(text, 'text/plain', bounds.depth, left);
}

function parsePart(text: string, byDefault: string, depth: number, left: { parts: number }): MessagePart {
  const { fields, body } = splitHeader(text);
  const written = parseParameters(fieldValue(fields, 'content-type') ?? byDefault);
  const { value, parameters } = written;
  const type = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(value) ? value : 'text/plain';
  const boundary = type.startsWith('multipart/')
    ? (parameters.get('boundary') ?? parameterText(written, 'boundary'))
    : null;
  if (depth === 0 || boundary === null || boundary === '') return { fields, type, body, parts: [] };
  const { before, parts } = splitParts(body, boundary, left.parts);
  left.parts -= parts.length;
  // RFC 2046 5.1.5.
  const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  return { fields, type, body: before, parts: parts.map((part) => parsePart(part, inner, depth - 1, left)) };
}

/** The line end before a delimiter belongs to it. A part without an end lasts to the end of the message. */
function splitParts(body: string, boundary: string, most: number): { before: string; parts: readonly string[] } {
  const delimiter = `--${boundary}`;
  const marks: { start: number; end: number; last: boolean }[] = [];
  for (let at = body.indexOf(delimiter); at !== -1 && marks.length <= most; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    const rest = /^(--)?[ \t]*(?:\r?\n|$)/.exec(body.slice(at + delimiter.length, at + delimiter.length + 256));
    if (rest === null) continue;
    marks.push({ start: at, end: at + delimiter.length + rest[0].length, last: rest[1] !== undefined });
    if (rest[1] !== undefined) break;
  }
  const [first] = marks;
  if (first === undefined) return { before: body, parts: [] };
  const parts = marks.flatMap(({ end, last }, nth) => {
    if (last) return [];
    const until = marks[nth + 1]?.start ?? body.length;
    return nth < most ? [body.slice(end, until).replace(/\r?\n$/, '')] : [];
  });
  return { before: body.slice(0, first.start), parts };
}

/** Every part, outermost first. */
export function allParts(part: MessagePart): readonly MessagePart[] {
  return [part, ...part.parts.flatMap(allParts)];
}
