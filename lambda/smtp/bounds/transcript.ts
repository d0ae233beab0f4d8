/** What was said, line by line: bounded. */

import type { Limits } from './limits.ts';
import { truncate } from './truncate.ts';

export interface Transcript {
  readonly limits: Limits;
  readonly lines: string[];
  /** Octets that still fit. */
  octetsLeft: number;
  omitted: number;
}

/** Octets kept back for the line that says with whom one talks, and the one that says how much was left out. */
const RESERVED_OCTETS = 384;

export function createTranscript(limits: Limits): Transcript {
  return { limits, lines: [], octetsLeft: limits.transcriptOctets - RESERVED_OCTETS, omitted: 0 };
}

/** `who`: the client, the server, or `*` for what happened beside the dialogue. */
export function recordLine(transcript: Transcript, who: 'C:' | 'S:' | '*', what: string): void {
  const line = truncate(`${who} ${what}`, transcript.limits.keptCharacters);
  transcript.octetsLeft -= Buffer.byteLength(line) + 1;
  if (transcript.octetsLeft < 0) transcript.omitted++;
  else transcript.lines.push(line);
}

/** `first` stands before all that was said. */
export function transcriptLines({ lines, omitted }: Transcript, ...head: readonly string[]): readonly string[] {
  return omitted === 0 ? head.concat(lines) : [...head, ...lines, `* ${omitted} more lines left out`];
}
