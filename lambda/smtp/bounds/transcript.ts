/** What was said, line by line: bounded. */

import type { Limits } from './limits.ts';
import { truncate } from './truncate.ts';

export interface Transcript {
  readonly limits: Limits;
  readonly lines: string[];
  /** Octets that still fit. */
  room: number;
  leftOut: number;
}

/** Octets kept back for the line that says with whom one talks, and the one that says how much was left out. */
const FRAME = 384;

export function createTranscript(limits: Limits): Transcript {
  return { limits, lines: [], room: limits.transcriptOctets - FRAME, leftOut: 0 };
}

/** `who`: the client, the server, or `*` for what happened beside the dialogue. */
export function recordLine(transcript: Transcript, who: 'C:' | 'S:' | '*', what: string): void {
  const line = truncate(`${who} ${what}`, transcript.limits.keptCharacters);
  transcript.room -= Buffer.byteLength(line) + 1;
  if (transcript.room < 0) transcript.leftOut++;
  else transcript.lines.push(line);
}

/** `first` stands before all that was said. */
export function transcriptLines({ lines, leftOut }: Transcript, ...first: readonly string[]): readonly string[] {
  return leftOut === 0 ? first.concat(lines) : [...first, ...lines, `* ${leftOut} more lines left out`];
}
