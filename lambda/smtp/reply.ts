/** Replies out of bytes (RFC 5321 4.2.1): whatever arrives, however it is split, ends in replies or one fault. */

import { isUtf8 } from 'node:buffer';
import type { FailureCode } from './failures.ts';
import type { Limits } from './limits.ts';

export interface Reply {
  readonly code: number;
  /** Lines as sent, code included, without their ends. */
  readonly lines: readonly string[];
}

/** What went wrong on the wire; after it nothing more is read. `lines` are what had been read of the reply. */
export interface Fault {
  readonly fault: FailureCode;
  readonly detail: string;
  readonly lines: readonly string[];
}

export interface ReplyReader {
  push(bytes: Buffer): void;
  /** The next whole reply, or the fault that ends reading, or null: more bytes are needed. */
  next(): Reply | Fault | null;
  /** Bytes that were read but belong to no reply yet. */
  readonly waiting: Buffer;
  /** A reply has begun: some of its bytes are here. */
  readonly begun: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const BEYOND_ASCII = /[^\x00-\x7f]/;
/** Three digits, then a space or a hyphen and text, or nothing: servers send `250` bare. */
const REPLY_LINE = /^(\d{3})(?:([ -])|$)/;

export function createReplyReader(limits: Limits): ReplyReader {
  let waiting: Buffer = NOTHING;
  let lines: string[] = [];
  let octets = 0;
  let session = 0;

  const fault = (code: FailureCode, detail: string): Fault => ({ fault: code, detail, lines });

  /** Takes one line off the waiting bytes: null where there is no whole one. */
  function takeLine(): string | null {
    const end = waiting.indexOf(LF);
    if (end < 0) return null;
    const line = textOf(waiting, end > 0 && waiting[end - 1] === CR ? end - 1 : end);
    octets += end + 1;
    waiting = end + 1 === waiting.length ? NOTHING : waiting.subarray(end + 1);
    return line;
  }

  function overflow(): Fault | null {
    if (waiting.length > limits.lineOctets && waiting.indexOf(LF, 0) < 0)
      return fault('reply-line-too-long', ended(limits.lineOctets, 'octets of one line'));
    if (octets + waiting.length > limits.replyOctets + limits.lineOctets)
      return fault('reply-endless', ended(octets, 'octets of one reply'));
    if (session > limits.sessionOctets)
      return fault('reply-endless', ended(limits.sessionOctets, 'octets of one session'));
    return null;
  }

  /** What is wrong with a line, given those before it. */
  function wrong(line: string, match: RegExpExecArray | null): Fault | null {
    if (line.length > limits.lineOctets) return fault('reply-line-too-long', ended(line.length, 'octets of one line'));
    if (isBinary(line)) return fault('reply-binary', 'binary data where a reply was due');
    if (match === null) return fault('reply-malformed', 'a line that does not begin with a reply code');
    if (line < '2' || line >= '6') return fault('reply-code-invalid', `reply code ${match[1]}`);
    const first = lines[0];
    if (first !== undefined && !line.startsWith(first.slice(0, 3))) {
      return fault('reply-mixed-codes', `code ${match[1]} inside a reply that began with ${first.slice(0, 3)}`);
    }
    return lines.length >= limits.replyLines
      ? fault('reply-endless', ended(limits.replyLines, 'lines of one reply'))
      : null;
  }

  function complete(code: number): Reply {
    const reply = { code, lines };
    lines = [];
    octets = 0;
    return reply;
  }

  function next(): Reply | Fault | null {
    for (let line = takeLine(); line !== null; line = takeLine()) {
      const match = REPLY_LINE.exec(line);
      const bad = wrong(line, match);
      lines.push(line);
      if (bad !== null) return bad;
      if (match?.[2] !== '-') return complete(Number(match?.[1]));
    }
    return overflow();
  }

  return {
    push(bytes) {
      session += bytes.length;
      waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]);
    },
    next,
    get waiting() {
      return waiting;
    },
    get begun() {
      return waiting.length > 0 || lines.length > 0;
    },
  };
}

/** Has control characters that no text has. */
export function isBinary(text: string): boolean {
  return BINARY.test(text);
}

function ended(bound: number, what: string): string {
  return `gave up after ${bound} ${what}`;
}

/** Replies are ASCII or UTF-8 (RFC 6531 3.7.4.2); 8-bit text of old servers is read as Latin-1. */
export function textOf(bytes: Buffer, end = bytes.length): string {
  const text = bytes.toString('latin1', 0, end);
  if (!BEYOND_ASCII.test(text)) return text;
  const part = bytes.subarray(0, end);
  return isUtf8(part) ? part.toString('utf8') : text;
}
