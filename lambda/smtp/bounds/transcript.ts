/** The transcript of a session, limited in size. */

import type { Limits } from './limits.ts';
import { truncate } from './truncate.ts';

export interface Transcript {
  readonly limits: Limits;
  readonly lines: string[];
  /** Octets until the transcript is full. */
  octetsLeft: number;
  omitted: number;
}

/** Octets for the head lines, and for the line with the number of omitted lines. */
const RESERVED_OCTETS = 384;

export function createTranscript(limits: Limits): Transcript {
  return { limits, lines: [], octetsLeft: limits.transcriptOctets - RESERVED_OCTETS, omitted: 0 };
}

/** `who`: the client, the server, or `*` for events outside the dialogue. */
export function recordLine(transcript: Transcript, who: 'C:' | 'S:' | '*', what: string): void {
  const line = truncate(`${who} ${what}`, transcript.limits.keptCharacters);
  transcript.octetsLeft -= Buffer.byteLength(line) + 1;
  if (transcript.octetsLeft < 0) transcript.omitted++;
  else transcript.lines.push(line);
}

/** `head`: lines before the recorded ones. */
export function transcriptLines({ lines, omitted }: Transcript, ...head: readonly string[]): readonly string[] {
  return omitted === 0 ? head.concat(lines) : [...head, ...lines, `* ${omitted} more lines left out`];
}

interface Connected {
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Null if no address was reached. */
  readonly address: string | null;
  /** Without `dns`, the host of the endpoint is an address. */
  readonly timings: { readonly dns?: number };
}

/** The first line: what was connected to. */
export function transcriptHead({ endpoint, address, timings }: Connected): readonly string[] {
  if (address === null) return [];
  return [`* ${timings.dns === undefined ? '' : `${endpoint.host} is `}${address}, port ${endpoint.port}`];
}
