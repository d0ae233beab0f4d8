import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streamLines } from '../../../local/bounces/log-lines.ts';

async function* chunksOf(text: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}

async function linesOf(text: string, size: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of streamLines(chunksOf(Buffer.from(text), size))) lines.push(line);
  return lines;
}

test('lines are the same however they are cut', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'ü', '\u{1f600}', ' ') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 40 }),
      async (lines, end, size) => {
        expect(await linesOf(lines.map((one) => `${one}${end}`).join(''), size)).toEqual(lines);
      },
    ),
  );
});

test('the last line needs no end', async () => {
  expect(await linesOf('one\ntwo', 2)).toEqual(['one', 'two']);
});

test('a line without an end is skipped', async () => {
  const endless = (async function* () {
    yield Buffer.from('first\n');
    for (let nth = 0; nth < 3_000; nth++) yield Buffer.alloc(65_536, 'A');
    yield Buffer.from('\nlast\n');
  })();
  const lines: string[] = [];
  for await (const line of streamLines(endless)) lines.push(line);
  expect(lines).toEqual(['first', 'last']);
});
