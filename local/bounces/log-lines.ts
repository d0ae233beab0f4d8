/** Cuts what is read of a log into lines. */

/** Octets. A longer line is skipped. */
const LONGEST_LINE = 65_536;

export interface LineCutter {
  /** Calls `take` with each line that ends in this chunk. */
  push(chunk: Buffer, take: (line: string) => void): void;
  /** Octets up to the end of the last line, or of what was skipped. */
  taken(): number;
  /** Whether the end of a line that is too long is still to come. */
  isInLongLine(): boolean;
  /** What has no end yet; empty if it is too long. */
  rest(): string;
}

/** @param inLongLine whether it begins within a line that is too long */
export function lineCutter(inLongLine = false): LineCutter {
  let [rest, taken, skipping]: [Buffer, number, boolean] = [Buffer.alloc(0), 0, inLongLine];
  return {
    push(chunk, take) {
      const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = octets.indexOf(10); end !== -1; end = octets.indexOf(10, from)) {
        if (!skipping && end - from <= LONGEST_LINE) take(textOf(octets.subarray(from, end)));
        skipping = false;
        from = end + 1;
      }
      taken += from;
      // A copy: the chunk may be the buffer of the next one.
      rest = Buffer.from(octets.subarray(from));
      if (rest.length <= LONGEST_LINE) return;
      taken += rest.length;
      rest = Buffer.alloc(0);
      skipping = true;
    },
    taken: () => taken,
    isInLongLine: () => skipping,
    rest: () => (skipping ? '' : textOf(rest)),
  };
}

function textOf(line: Buffer): string {
  return line.toString('utf8').replace(/\r$/, '');
}

/** The lines of a stream: the last one needs no end. */
export async function* streamLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const cutter = lineCutter();
  for await (const chunk of stream) {
    const lines: string[] = [];
    cutter.push(chunk, (line) => lines.push(line));
    yield* lines;
  }
  if (cutter.rest() !== '') yield cutter.rest();
}
