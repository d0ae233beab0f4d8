import { expect, test } from 'vitest';
import { whyNoTranscript } from '../../../web/history/transcript-words.ts';

test.each([
  ['pass', { connect: 12 }, '09:00', /passed/],
  ['fail', { dns: 3 }, '09:00', /Without a connection/],
  ['unable', {}, null, /Without a connection/],
  ['fail', { dns: 3, connect: 12 }, '09:00', /since 09:00 alone/],
  ['warn', { connect: 12 }, null, /no transcript of this session/],
] as const)('a session of outcome %s with phases %j, of a page since %s', (outcome, timings, since, words) => {
  expect(whyNoTranscript({ outcome, timings }, since)).toMatch(words);
});
