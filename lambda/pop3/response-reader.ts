/** Reads responses of POP3 from bytes: a status line, and a body where one is due (RFC 1939 3). */

import type { ReadFault, ResponseReader } from '../mailbox/dialogue/dialogue.ts';
import type { MailboxLimits } from '../mailbox/session/mailbox-limits.ts';
import { appendBytes, type LineReader, nextLineLength, shiftLine, takeOctets } from '../wire/line-reader.ts';
import { addOctets, contentOf, createOctetBuffer, type OctetBuffer } from '../wire/octet-buffer.ts';

export type Pop3Response =
  | {
      readonly kind: 'status';
      readonly ok: boolean;
      /** The response code of RFC 2449 8, in upper case; null if there is none. */
      readonly code: string | null;
      /** The whole line, as Latin-1. */
      readonly line: string;
      /** The lines after it, without the dots of the protocol. Empty unless it was expected. */
      readonly body: Buffer;
      /** There was more than was expected. */
      readonly truncated: boolean;
    }
  /** A challenge of SASL: RFC 5034. */
  | { readonly kind: 'challenge'; readonly line: string };

type Status = Extract<Pop3Response, { kind: 'status' }>;

/** `keep`: octets of the body that are kept. With more than `most`, reading ends. */
export interface ExpectedBody {
  readonly keep: number;
  readonly most: number;
}

export interface Pop3Reader extends ResponseReader<Pop3Response> {
  /** The next positive response has a body. */
  expectBody(body: ExpectedBody): void;
}

interface State extends LineReader {
  readonly limits: MailboxLimits;
  expected: ExpectedBody | null;
  /** The status line whose body is read. */
  status: Status | null;
  body: OctetBuffer;
  /** Octets of the body so far. */
  octets: number;
  isLineStart: boolean;
  /** Octets of status lines. */
  spent: number;
  faulty: string;
}

/** Octets of a status line: RFC 2449 4 allows 512. */
const STATUS_OCTETS = 8_192;
/** A line of a body that is longer is taken in pieces. */
const PIECE = 65_536;

const STATUS = /^(\+OK|-ERR)(?:\s+(?:\[([^\]]{1,64})\])?.*)?$/i;

export function createPop3Reader(limits: MailboxLimits): Pop3Reader {
  const state: State = {
    limits,
    waiting: '',
    total: 0,
    expected: null,
    status: null,
    body: createOctetBuffer(),
    octets: 0,
    isLineStart: true,
    spent: 0,
    faulty: '',
  };
  return {
    push: (bytes) => void appendBytes(state, bytes),
    next: () => (state.status === null ? nextStatus(state) : nextBody(state, state.status)),
    hasPartial: () => state.waiting !== '' || state.status !== null,
    partial: () => state.faulty || state.status?.line || state.waiting.slice(0, limits.keptCharacters),
    reset: () => void Object.assign(state, { waiting: '', status: null, expected: null }),
    expectBody: (body) => {
      state.expected = body;
    },
  };
}

function nextStatus(state: State): Pop3Response | ReadFault | null {
  const length = nextLineLength(state);
  if (length > STATUS_OCTETS || (length < 0 && state.waiting.length > STATUS_OCTETS))
    return fault(state, state.waiting, 'reply-line-too-long', `more than ${STATUS_OCTETS} octets in one line`);
  if (length < 0) return null;
  state.spent += length;
  if (state.spent > state.limits.sessionOctets)
    return fault(state, '', 'reply-endless', `more than ${state.limits.sessionOctets} octets of one session`);
  return readStatus(state, shiftLine(state, length));
}

function readStatus(state: State, line: string): Pop3Response | ReadFault | null {
  if (/^\+(?: |$)/.test(line)) return { kind: 'challenge', line };
  const [, word, code] = STATUS.exec(line) ?? [];
  if (word === undefined) return fault(state, line, 'reply-malformed', 'a line that is no response of POP3');
  const ok = word.toUpperCase() === '+OK';
  const status: Status = {
    kind: 'status',
    ok,
    code: code?.toUpperCase() ?? null,
    line,
    body: Buffer.alloc(0),
    truncated: false,
  };
  if (!ok) state.expected = null;
  if (state.expected === null) return status;
  Object.assign(state, { status, body: createOctetBuffer(), octets: 0, isLineStart: true });
  return nextBody(state, status);
}

function nextBody(state: State, status: Status): Pop3Response | ReadFault | null {
  const { keep, most } = state.expected ?? { keep: 0, most: 0 };
  for (;;) {
    const line = takePiece(state);
    if (line === null) return null;
    if (isEnd(state, line)) return complete(state, status, keep);
    const content = state.isLineStart && line[0] === DOT ? line.subarray(1) : line;
    state.isLineStart = line.at(-1) === LINE_FEED;
    state.octets += content.length;
    if (state.octets > most) return fault(state, '', 'reply-endless', `more than ${most} octets of one response`);
    addOctets(state.body, content, keep);
  }
}

const DOT = 0x2e;
const LINE_FEED = 0x0a;

/** A line with its end, or a piece of a long one; null if more bytes are needed. */
function takePiece(state: State): Buffer | null {
  const length = nextLineLength(state);
  if (length > 0) return takeOctets(state, length);
  return state.waiting.length > PIECE ? takeOctets(state, PIECE) : null;
}

function isEnd({ isLineStart }: State, line: Buffer): boolean {
  return isLineStart && line.length <= 3 && /^\.\r?\n$/.test(line.toString('latin1'));
}

function complete(state: State, status: Status, keep: number): Pop3Response {
  state.status = null;
  state.expected = null;
  return { ...status, body: contentOf(state.body), truncated: state.octets > keep };
}

function fault(state: State, said: string, code: ReadFault['fault'], detail: string): ReadFault {
  state.faulty = said.slice(0, state.limits.keptCharacters);
  return { fault: code, detail };
}
