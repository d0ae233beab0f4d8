/** Bounces in the forms in which servers write them, written anew with addresses of documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Bounce {
  readonly name: string;
  /** A line per recipient: `form action status domain host`, with `original` if the header of the message is there. */
  readonly expected: readonly string[];
  readonly raw: Buffer;
}

const folder = path.join(import.meta.dirname, 'bounces');

export const BOUNCES: readonly Bounce[] = readdirSync(folder).toSorted().flatMap(bouncesOf);

function bouncesOf(file: string): readonly Bounce[] {
  return readFileSync(path.join(folder, file), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((text) => {
      const [name = '', ...lines] = text.split('\n');
      const expected = lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2));
      const message = lines.slice(expected.length);
      return { name, expected, raw: Buffer.from(message.join('\r\n')) };
    });
}
