import { expect, test } from 'vitest';
import { whyNoTranscript } from '../../../web/history/transcript-words.ts';

test.each([
  ['pass', { connect: 12 }, /passed/],
  ['fail', { dns: 3 }, /Without a connection/],
  ['unable', {}, /Without a connection/],
  ['fail', { dns: 3, connect: 12 }, /last three hours/],
] as const)('a session of outcome %s with phases %j', (outcome, timings, words) => {
  expect(whyNoTranscript({ outcome, timings })).toMatch(words);
});
