import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestWord, editDistance } from '../../lambda/standards/spelling.ts';

test.each([
  ['secuirty', ['security', 'host'], 'security'],
  ['ehlo_name', ['ehloName', 'name'], 'ehloName'],
  ['eu-west1', ['eu-west-1', 'us-west-1'], 'eu-west-1'],
  ['prt', ['port', 'id'], 'port'],
  ['banana', ['port', 'id'], null],
])('%s among %j is %s', (word, words, meant) => {
  expect(closestWord(word, words)).toBe(meant);
});

test('edit distance is symmetric, zero only for equal words, and at most the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const edits = editDistance(a, b);
      expect(edits).toBe(editDistance(b, a));
      expect(edits === 0).toBe(a === b);
      expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});
