/** Replies of real servers, each with the failure that a postmaster would call it: `corpus.tsv`. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FailureCode } from '../../../lambda/smtp/failures/failures.ts';
import { decodeReply, type Reply } from '../../../lambda/smtp/replies/reply-reader.ts';
import type { SessionState } from '../../../lambda/smtp/replies/session-state.ts';

export interface Labelled {
  readonly state: SessionState;
  readonly failure: FailureCode;
  readonly language: string;
  /** Kind of the source, and whose reply it is: `docs:gmail`. `mended`: a reply that was classified wrongly, or was in a sample of such. */
  readonly source: string;
  readonly text: string;
  readonly reply: Reply;
  /** Kept from whoever writes rules: three lines of ten, by a hash of the line. Never those that rules were mended for. */
  readonly heldOut: boolean;
}

const HELD_OUT = 0.3;

export function corpus(): readonly Labelled[] {
  const lines = readFileSync(new URL('corpus.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.slice(1).map(labelled);
}

function labelled(line: string): Labelled {
  const [state, failure, language, source, text] = line.split('\t');
  if (text === undefined || source === undefined || language === undefined) throw new Error(`not a line: ${line}`);
  const share = createHash('sha256').update(line).digest().readUInt16BE() / 0x1_0000;
  const reply = replyOf(text);
  return {
    state: state as SessionState,
    failure: failure as FailureCode,
    language,
    source,
    text,
    reply,
    heldOut: share < HELD_OUT && !source.startsWith('mended:'),
  };
}

/** `\n` ends a line, `\xNN` is an octet that is no UTF-8. */
export function replyOf(text: string): Reply {
  const lines = text.split('\\n').map((line) => decodeReply(latin1(line)));
  return { code: Number(text.slice(0, 3)), lines };
}

/** As it comes over the wire, one character for each octet. */
function latin1(line: string): string {
  const octets = line.split(/(\\x[0-9a-f]{2})/).map((part, i) => (i % 2 === 0 ? Buffer.from(part) : octet(part)));
  return Buffer.concat(octets).toString('latin1');
}

function octet(escaped: string): Buffer {
  return Buffer.from(escaped.slice(2), 'hex');
}
