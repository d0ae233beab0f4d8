/** A response of IMAP: RFC 9051 7. */

/** The text of a response as Latin-1, and its literals, in turn. */
export type ResponseParts = readonly (string | Buffer)[];

export type ImapStatus = 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH';

export interface StatusResponse {
  readonly kind: 'status';
  /** Null for an untagged one. */
  readonly tag: string | null;
  readonly status: ImapStatus;
  /** The response code without brackets, in upper case where it is a word: `UIDVALIDITY`, `READ-ONLY`. */
  readonly code: string | null;
  /** What follows the word in the brackets. */
  readonly argument: string;
  /** The whole line, as Latin-1. */
  readonly line: string;
}

export interface DataResponse {
  readonly kind: 'data';
  /** `FETCH`, `LIST`, `EXISTS` … */
  readonly name: string;
  /** The number before the name. */
  readonly number: number | null;
  /** What follows the name. */
  readonly parts: ResponseParts;
}

export interface ContinuationRequest {
  readonly kind: 'continuation';
  readonly text: string;
}

export type ImapResponse = StatusResponse | DataResponse | ContinuationRequest;

const STATUS = /^(\*|[A-Za-z0-9.]{1,32}) (OK|NO|BAD|BYE|PREAUTH)(?: (?:\[([^\s\]]+)(?: ([^\]]*))?\] ?)?.*)?$/is;
const STATUS_LINE = /^(?:(?:\*|[A-Za-z0-9.]{1,32}) (?:OK|NO|BAD|BYE|PREAUTH)(?: |$)|\+)/i;
const DATA = /^\* (?:(\d{1,10}) )?([A-Za-z][A-Za-z0-9-]{0,31})(?: (.*))?$/s;

/** Of a line that has text for people, and no literals. */
export function isStatusLine(line: string): boolean {
  return STATUS_LINE.test(line);
}

/** Null for what is none. */
export function parseResponse(parts: ResponseParts): ImapResponse | null {
  const [line] = parts;
  if (typeof line !== 'string') return null;
  if (line.startsWith('+')) return { kind: 'continuation', text: line.slice(1).trim() };
  return isStatusLine(line) ? parseStatus(line) : parseData(line, parts);
}

function parseStatus(line: string): StatusResponse | null {
  const [, tag = '', status = '', code, argument = ''] = STATUS.exec(line) ?? [];
  if (tag === '') return null;
  return {
    kind: 'status',
    tag: tag === '*' ? null : tag,
    status: status.toUpperCase() as ImapStatus,
    code: code?.toUpperCase() ?? null,
    argument,
    line,
  };
}

function parseData(line: string, parts: ResponseParts): DataResponse | null {
  const [found, number, name = '', rest = ''] = DATA.exec(line) ?? [];
  if (found === undefined) return null;
  return {
    kind: 'data',
    name: name.toUpperCase(),
    number: number === undefined ? null : Number(number),
    parts: [rest, ...parts.slice(1)],
  };
}
