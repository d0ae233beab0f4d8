import { expect, test } from 'vitest';
import { whyNoTranscript } from '../../../web/history/transcript-words.ts';

test.each([
  ['pass', { connect: 12 }, /passed/],
  ['fail', { dns: 3 }, /Without a connection/],
  ['unable', {}, /Without a connection/],
] as const)('a session of outcome %s with phases %j', (outcome, timings, words) => {
  expect(whyNoTranscript({ outcome, timings })).toMatch(words);
});

test('a session that failed after its connection may have had one', () => {
  expect(whyNoTranscript({ outcome: 'fail', timings: { dns: 3, connect: 12 } })).toBeNull();
});
