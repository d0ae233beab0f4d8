import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameReader } from '../../../lambda/dns/messages/name-reader.ts';

const wire = (...labels: string[]) =>
  Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0]),
  ]);
const pointer = (to: number) => Buffer.from([0xc0 | (to >> 8), to & 0xff]);

test.each<[string, Buffer, number, string, number]>([
  ['a name', wire('mx1', 'example', 'com'), 0, 'mx1.example.com', 17],
  ['the root', wire(), 0, '', 1],
  ['a dot in a label', wire('a.b', 'c'), 0, 'a\\.b.c', 7],
  ['a backslash', wire('a\\b'), 0, 'a\\\\b', 5],
  ['octets that are not printed', wire('a\x00\xff b'), 0, 'a\\000\\255\\032b', 7],
  ['capital letters', wire('MX'), 0, 'MX', 4],
  ['a pointer', Buffer.concat([wire('example', 'com'), pointer(0)]), 13, 'example.com', 15],
  [
    'a label and a pointer',
    Buffer.concat([wire('example', 'com'), Buffer.from('\x03mx1'), pointer(0)]),
    13,
    'mx1.example.com',
    19,
  ],
  ['a pointer to a pointer', Buffer.concat([wire('com'), pointer(0), pointer(5)]), 7, 'com', 9],
  ['a pointer into a name', Buffer.concat([wire('example', 'com'), pointer(8)]), 13, 'com', 15],
])('%s', (_, message, at, name, end) => {
  const read = nameReader(message);
  expect(read(at)).toMatchObject({ name, end });
  // Kept, or read in another order.
  expect(read(at)).toMatchObject({ name, end });
});

describe('damaged', () => {
  test.each<[string, Buffer, number]>([
    ['a pointer to itself', pointer(0), 0],
    ['a loop', Buffer.concat([pointer(2), pointer(0)]), 2],
    ['a pointer forwards', Buffer.concat([pointer(2), wire('a')]), 0],
    ['a loop through a label', Buffer.concat([Buffer.from('\x01a'), pointer(0)]), 0],
    ['half a pointer', Buffer.from([0xc0]), 0],
    ['no end', Buffer.from('\x03com'), 0],
    ['a label beyond the message', Buffer.from('\x3fcom'), 0],
    ['a label type that is not used', Buffer.from('\x41a\x00'), 0],
    ['outside of the message', wire('a'), 9],
    ['256 octets', wire(...Array.from({ length: 3 }, () => 'a'.repeat(63)), 'a'.repeat(62), ''.padEnd(1, 'a')), 0],
  ])('%s', (_, message, at) => {
    expect(() => nameReader(message)(at)).toThrow(RangeError);
  });
});

test('the longest name, and the most labels', () => {
  const longest = wire(...Array.from({ length: 3 }, () => 'a'.repeat(63)), 'a'.repeat(61));
  expect(longest).toHaveLength(255);
  expect(nameReader(longest)(0).name).toHaveLength(253);
  expect(nameReader(wire(...Array.from({ length: 127 }, () => 'a')))(0).name).toHaveLength(253);
});

test('names in any order are the same as each by itself', () => {
  const message = fc.array(
    fc.oneof(
      fc
        .string({ minLength: 1, maxLength: 5 })
        .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
      fc.nat(60).map(pointer),
      fc.constant(Buffer.from([0])),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(
      message.map((parts) => Buffer.concat(parts)),
      fc.array(fc.nat(80), { maxLength: 10 }),
      (octets, places) => {
        const kept = nameReader(octets);
        const tried = (read: () => unknown) => {
          try {
            return read();
          } catch (error) {
            return (error as Error).name;
          }
        };
        for (const at of places) {
          const once = tried(() => nameReader(octets)(at));
          // A reader that threw is not used again; here it must still not lie.
          expect(tried(() => kept(at))).toEqual(once);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
