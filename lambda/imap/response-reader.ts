/** Reads responses of IMAP from bytes: lines, with literals in them (RFC 9051 2.2.2, 4.3). */

import type { ReadFault, ResponseReader } from '../mailbox/dialogue/dialogue.ts';
import type { MailboxLimits } from '../mailbox/session/mailbox-limits.ts';
import { appendBytes, type LineReader, nextLineLength, shiftLine, takeOctets } from '../wire/line-reader.ts';
import { addOctets, contentOf, createOctetBuffer, type OctetBuffer } from '../wire/octet-buffer.ts';
import { type ImapResponse, isStatusLine, parseResponse } from './response.ts';

export interface ImapReader extends ResponseReader<ImapResponse> {
  /** The octets of messages that the current command may bring. */
  expectMessage(octets: number): void;
}

/** The state of the reader. */
interface State extends LineReader {
  readonly limits: MailboxLimits;
  parts: (string | Buffer)[];
  /** Octets of the lines of the current response. */
  octets: number;
  literal: { readonly size: number; readonly buffer: OctetBuffer } | null;
  /** Octets of messages that may still come. */
  messageOctets: number;
  /** Octets of all responses, without messages. */
  spent: number;
  /** A line that could not be read. */
  faulty: string;
}

/** A literal is announced at the end of a line. `~` announces one with any octets (RFC 9051 4.3). */
const LITERAL = /~?\{(\d{1,20})\+?\}$/;
const MESSAGE = /\bBODY\[\](?:<\d+>)? ~?\{\d+\+?\}$/i;

export function createImapReader(limits: MailboxLimits): ImapReader {
  const state: State = {
    limits,
    waiting: '',
    total: 0,
    parts: [],
    octets: 0,
    literal: null,
    messageOctets: 0,
    spent: 0,
    faulty: '',
  };
  return {
    push: (bytes) => void appendBytes(state, bytes),
    next: () => nextResponse(state),
    hasPartial: () => state.waiting !== '' || state.parts.length > 0,
    partial: () => state.faulty || firstText(state) || state.waiting.slice(0, limits.keptCharacters),
    reset: () => void Object.assign(state, { waiting: '', parts: [], octets: 0, literal: null }),
    expectMessage: (octets) => {
      state.messageOctets = octets;
    },
  };
}

function firstText({ parts }: State): string {
  return typeof parts[0] === 'string' ? parts[0] : '';
}

function nextResponse(state: State): ImapResponse | ReadFault | null {
  for (;;) {
    if (state.literal !== null && !readLiteral(state)) return null;
    const length = nextLineLength(state);
    if (length < 0) return overflowOf(state);
    const line = shiftLine(state, length);
    state.octets += length;
    state.spent += length;
    state.parts.push(line);
    const fault = overflowOf(state) ?? startLiteral(state, line);
    if (fault !== null) return fault;
    if (state.literal === null) return complete(state);
  }
}

/** Whether the literal is complete. */
function readLiteral(state: State): boolean {
  const { size, buffer } = state.literal as NonNullable<State['literal']>;
  addOctets(buffer, takeOctets(state, size - buffer.length), size);
  if (buffer.length < size) return false;
  state.parts.push(contentOf(buffer));
  state.literal = null;
  return true;
}

/** The text of a status response may end as a literal does, and is none. */
function startLiteral(state: State, line: string): ReadFault | null {
  const { parts, limits } = state;
  const size = LITERAL.exec(line)?.[1];
  if (size === undefined || (parts.length === 1 && isStatusLine(line))) return null;
  const isMessage = MESSAGE.test(line);
  const most = isMessage ? state.messageOctets : limits.literalOctets;
  const octets = Number(size);
  if (octets > most) return fault(state, line, 'literal-too-large', `a literal of ${size} octets, ${most} at most`);
  if (isMessage) state.messageOctets -= octets;
  else state.spent += octets;
  state.literal = { size: octets, buffer: createOctetBuffer() };
  return null;
}

function overflowOf(state: State): ReadFault | null {
  const { waiting, octets, spent, limits } = state;
  if (octets + waiting.length > limits.lineOctets && (octets > limits.lineOctets || nextLineLength(state) < 0))
    return fault(state, waiting, 'reply-line-too-long', `more than ${limits.lineOctets} octets in one response`);
  if (spent > limits.sessionOctets)
    return fault(state, waiting, 'reply-endless', `more than ${limits.sessionOctets} octets of one session`);
  return null;
}

function complete(state: State): ImapResponse | ReadFault {
  const { parts } = state;
  state.parts = [];
  state.octets = 0;
  const response = parseResponse(parts);
  if (response !== null) return response;
  const line = typeof parts[0] === 'string' ? parts[0] : '';
  return fault(state, line, 'reply-malformed', 'a line that is no response of IMAP');
}

function fault(state: State, said: string, code: ReadFault['fault'], detail: string): ReadFault {
  state.faulty = said.slice(0, state.limits.keptCharacters);
  return { fault: code, detail };
}
