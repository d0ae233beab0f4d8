/** The lines of a stream, such as standard input. A line without an end does not fill the memory. */

import { LONGEST_LINE } from './log-file.ts';

/** A line that is longer than those of a log file may be is skipped. The last one needs no end. */
export async function* streamLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let skipping = false;
  for await (const chunk of stream) {
    const lines = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = lines.indexOf(10); end !== -1; end = lines.indexOf(10, from)) {
      if (!skipping) yield textOf(lines.subarray(from, end));
      skipping = false;
      from = end + 1;
    }
    rest = lines.subarray(from);
    if (rest.length <= LONGEST_LINE) continue;
    rest = Buffer.alloc(0);
    skipping = true;
  }
  if (rest.length > 0 && !skipping) yield textOf(rest);
}

function textOf(line: Buffer): string {
  return line.toString('utf8').replace(/\r$/, '');
}
