import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMailboxName, encodeMailboxName } from '../../lambda/imap/mailbox-name.ts';
import { parseResponse } from '../../lambda/imap/response.ts';
import { type ImapValue, parseValues } from '../../lambda/imap/values.ts';

describe('values', () => {
  test.each<[string, readonly (string | Buffer)[], readonly ImapValue[] | null]>([
    ['atoms', ['a NIL 12 \\Seen'], ['a', null, '12', '\\Seen']],
    ['an atom with brackets', ['BODY[HEADER.FIELDS (X-Trip)]<0> x'], ['BODY[HEADER.FIELDS (X-Trip)]<0>', 'x']],
    ['closing brackets in a name', ['() "." a]b c}d'], [[], '.', 'a]b', 'c}d']],
    ['strings', ['"a \\"b\\" \\\\" ""'], ['a "b" \\', '']],
    ['lists', ['(a (b () "c)")) d'], [['a', ['b', [], 'c)']], 'd']],
    ['a literal', ['(a {3}', Buffer.from('x)"'), ' b)'], [['a', Buffer.from('x)"'), 'b']]],
    ['two literals', ['{1}', Buffer.from('x'), ' ~{0}', Buffer.alloc(0), ''], [Buffer.from('x'), Buffer.alloc(0)]],
    ['no closing parenthesis', ['(a'], null],
    ['no opening parenthesis', ['a)'], null],
    ['no closing quote', ['"a'], null],
    ['an open bracket', ['BODY[ x'], null],
    ['lists 20 deep', ['('.repeat(20) + ')'.repeat(20)], null],
  ])('%s', (_, parts, values) => {
    expect(parseValues(parts)).toEqual(values);
  });

  const literal = fc.uint8Array({ maxLength: 20 }).map((octets) => Buffer.from(octets));
  const value: fc.Arbitrary<ImapValue> = fc.letrec<{ value: ImapValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constant(null),
      fc.stringMatching(/^[a-zA-Z0-9\\.<>-]{1,10}$/).filter((text) => text.toUpperCase() !== 'NIL'),
      literal,
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  })).value;

  /** As a server writes it: text, with literals after it. */
  function write(values: readonly ImapValue[]): (string | Buffer)[] {
    const parts: (string | Buffer)[] = [''];
    const add = (text: string) => parts.push(`${parts.pop()}${text}`);
    const one = (written: ImapValue): void => {
      if (written === null) add('NIL');
      else if (typeof written === 'string') add(written);
      else if (Buffer.isBuffer(written)) {
        add(`{${written.length}}`);
        parts.push(written, '');
      } else {
        add('(');
        for (const [nth, inner] of written.entries()) {
          if (nth > 0) add(' ');
          one(inner);
        }
        add(')');
      }
    };
    for (const [nth, written] of values.entries()) {
      if (nth > 0) add(' ');
      one(written);
    }
    return parts;
  }

  test('what was written is read', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        expect(parseValues(write(values))).toEqual(values);
      }),
    );
  });

  test('any text gives values or null', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), literal)), (parts) => {
        const values = parseValues(parts);
        expect(values === null || Array.isArray(values)).toBe(true);
      }),
    );
  });
});

describe('names of folders', () => {
  test.each([
    ['Entw&APw-rfe', 'Entwürfe'],
    ['&U,BTFw-', '台北'],
    ['A &- B', 'A & B'],
    ['&Jjo-!', '☺!'],
    ['&2D3eAA-', '😀'],
    ['&broken', '&broken'],
  ])('%s', (wire, name) => {
    expect(decodeMailboxName(wire)).toBe(name);
    if (wire !== '&broken') expect(encodeMailboxName(name)).toBe(wire);
  });

  test('what was encoded is decoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const wire = encodeMailboxName(name);
        expect(wire).toMatch(/^[ -~]*$/);
        expect(decodeMailboxName(wire)).toBe(name);
      }),
    );
  });
});

test.each<[string, unknown]>([
  ['* OK', { kind: 'status', tag: null, status: 'OK', code: null }],
  ['* ok [ALERT] now', { kind: 'status', tag: null, status: 'OK', code: 'ALERT' }],
  ['* OK [UIDVALIDITY 12] x', { kind: 'status', code: 'UIDVALIDITY', argument: '12' }],
  ['A1 NO [badcharset (a b)] x', { kind: 'status', tag: 'A1', status: 'NO', code: 'BADCHARSET' }],
  ['A1 OK no [CODE] here', { kind: 'status', tag: 'A1', code: null }],
  ['* 12 EXISTS', { kind: 'data', name: 'EXISTS', number: 12 }],
  ['* SEARCH', { kind: 'data', name: 'SEARCH', number: null, parts: [''] }],
  ['+ ', { kind: 'continuation', text: '' }],
  ['+', { kind: 'continuation', text: '' }],
  ['* 99999999999 EXISTS', null],
  ['A1 EXISTS', null],
  ['OK', null],
  ['', null],
])('response %j', (line, expected) => {
  const response = parseResponse([line]);
  if (expected === null) expect(response).toBeNull();
  else expect(response).toMatchObject(expected as object);
});
