/** Splits bytes into lines, however they arrive. SMTP, IMAP and POP3 read with it; the limits are theirs. */

export interface LineReader {
  /** Octets that are not yet read, as Latin-1: one character per octet. */
  waiting: string;
  /** Octets of all input. */
  total: number;
}

/** The text of the bytes, as Latin-1. */
export function appendBytes(reader: LineReader, bytes: Buffer): string {
  reader.total += bytes.length;
  const text = bytes.toString('latin1');
  reader.waiting += text;
  return text;
}

/** The octets of the next line with its end; -1 if its end has not arrived. */
export function nextLineLength({ waiting }: LineReader): number {
  return waiting.indexOf('\n') + 1 || -1;
}

/** Takes a line of `length` octets, and returns it without its end: CRLF, or LF alone. */
export function shiftLine(reader: LineReader, length: number): string {
  const { waiting } = reader;
  const end = length - 1;
  reader.waiting = waiting.slice(length);
  return waiting.slice(0, end > 0 && waiting[end - 1] === '\r' ? end - 1 : end);
}

/** Takes up to `most` octets, whatever they are. */
export function takeOctets(reader: LineReader, most: number): Buffer {
  const taken = Buffer.from(reader.waiting.slice(0, most), 'latin1');
  reader.waiting = reader.waiting.slice(most);
  return taken;
}
