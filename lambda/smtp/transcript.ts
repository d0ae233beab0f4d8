/** What was said, line by line: bounded, and without the credentials. */

import type { Limits } from './limits.ts';

export interface Transcript {
  client(line: string): void;
  server(line: string): void;
  /** What happened beside the dialogue: connections, TLS, deadlines. */
  note(event: string): void;
  readonly lines: readonly string[];
}

export function createTranscript(limits: Limits): Transcript {
  const lines: string[] = [];
  let room = limits.transcriptCharacters;
  let leftOut = 0;

  // A note's worth of room is kept back, so that the end of a long session still says that it was cut.
  const record = (line: string) => {
    const kept = shortened(line, limits.keptCharacters);
    if (leftOut > 0 || kept.length + 1 > room - 64) leftOut++;
    else {
      lines.push(kept);
      room -= kept.length + 1;
    }
  };
  return {
    client: (line) => record(`C: ${line}`),
    server: (line) => record(`S: ${line}`),
    note: (event) => record(`* ${event}`),
    get lines() {
      return leftOut === 0 ? lines.slice() : [...lines, `* ${leftOut} more lines left out`];
    },
  };
}

export function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
