/** Reads replies from bytes (RFC 5321 4.2.1). Any input, however it is split, gives replies or one fault. */

import { isAscii, isUtf8 } from 'node:buffer';
import { appendBytes, type LineReader, nextLineLength, shiftLine } from '../../wire/line-reader.ts';
import type { Limits } from '../bounds/limits.ts';
import type { FailureCode } from '../failures/failures.ts';

export interface Reply {
  readonly code: number;
  /** Lines as sent, code included, without their ends. */
  readonly lines: readonly string[];
  /** The lines as they may be shown, if they differ. */
  readonly shown?: readonly string[];
}

/** What is shown of a reply. A reply is judged by its lines. */
export function quoteReply({ lines, shown = lines }: Reply): string {
  return shown.join('\n');
}

/** A violation of the protocol. Nothing can be read after it. `lines`: the part of the reply that was read. */
export interface ReplyFault {
  readonly fault: FailureCode;
  readonly detail: string;
  readonly lines: readonly string[];
}

/** `waiting`: an incomplete line. `total`: octets of all replies. */
export interface ReplyReader extends LineReader {
  readonly limits: Limits;
  /** Input had octets that are not printable ASCII. Only then are lines checked and decoded. */
  needsDecoding: boolean;
  /** Lines of an incomplete reply. */
  lines: string[];
  /** Octets of those lines. */
  octets: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const NON_ASCII = /[^\x00-\x7f]/;

export function createReplyReader(limits: Limits): ReplyReader {
  return { limits, waiting: '', needsDecoding: false, lines: [], octets: 0, total: 0 };
}

export function pushBytes(reader: ReplyReader, bytes: Buffer): void {
  const text = appendBytes(reader, bytes);
  reader.needsDecoding ||= !isAscii(bytes) || BINARY.test(text);
}

/** Part of a reply has arrived. */
export function hasPartialReply({ waiting, lines }: ReplyReader): boolean {
  return waiting !== '' || lines.length > 0;
}

/** The next complete reply, the fault that ends reading, or null if more bytes are needed. */
export function nextReply(reader: ReplyReader): Reply | ReplyFault | null {
  for (let length = nextLineLength(reader); length > 0; length = nextLineLength(reader)) {
    const raw = shiftLine(reader, length);
    reader.octets += length;
    const fault = faultOf(reader, raw);
    const line = reader.needsDecoding ? decodeReply(raw) : raw;
    reader.lines.push(line);
    if (fault !== null) return fault;
    if (raw[3] !== '-') return complete(reader, Number(raw.slice(0, 3)));
  }
  return overflowOf(reader);
}

function complete(reader: ReplyReader, code: number): Reply {
  const { lines } = reader;
  reader.lines = [];
  reader.octets = 0;
  return { code, lines };
}

/** The fault of a line, given the lines before it. */
function faultOf(reader: ReplyReader, line: string): ReplyFault | null {
  const { lines, limits } = reader;
  const first = lines[0];
  if (line.length > limits.lineOctets) return fault(reader, 'reply-line-too-long', `${line.length} octets in one line`);
  if (reader.needsDecoding && BINARY.test(line))
    return fault(reader, 'reply-binary', 'binary data where a reply was due');
  if (!isReplyLine(line)) return fault(reader, 'reply-malformed', 'a line that does not begin with a reply code');
  if (line < '2' || line >= '6') return fault(reader, 'reply-code-invalid', `reply code ${line.slice(0, 3)}`);
  if (first !== undefined && !line.startsWith(first.slice(0, 3))) {
    return fault(
      reader,
      'reply-mixed-codes',
      `${line.slice(0, 3)} inside a reply that began with ${first.slice(0, 3)}`,
    );
  }
  return lines.length < limits.replyLines
    ? null
    : fault(reader, 'reply-endless', `more than ${limits.replyLines} lines of one reply`);
}

/** Three digits, then a space or hyphen with text, or nothing: some servers send only `250`. */
function isReplyLine(line: string): boolean {
  return (
    isDigit(line, 0) &&
    isDigit(line, 1) &&
    isDigit(line, 2) &&
    (line.length === 3 || line[3] === ' ' || line[3] === '-')
  );
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function overflowOf(reader: ReplyReader): ReplyFault | null {
  const { waiting, octets, total, limits } = reader;
  if (waiting.length > limits.lineOctets)
    return fault(reader, 'reply-line-too-long', `more than ${limits.lineOctets} octets in one line`);
  if (octets > limits.replyOctets)
    return fault(reader, 'reply-endless', `more than ${limits.replyOctets} octets of one reply`);
  if (total > limits.sessionOctets)
    return fault(reader, 'reply-endless', `more than ${limits.sessionOctets} octets of one session`);
  return null;
}

function fault({ lines }: ReplyReader, code: FailureCode, detail: string): ReplyFault {
  return { fault: code, detail, lines };
}

/** Decodes octets, given as Latin-1, as UTF-8 (RFC 6531 3.7.4.2). Other 8-bit text stays Latin-1. */
export function decodeReply(latin1: string): string {
  if (!NON_ASCII.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : latin1;
}

/** Whether the text has control characters that do not occur in text. */
export function isBinary(text: string): boolean {
  return BINARY.test(text);
}
