import { expect, test } from 'vitest';
import type { MessageQuery } from '../../lambda/mailbox/session/mailbox-session.ts';
import { headerMatches } from '../../lambda/pop3/header-match.ts';

const since = Date.UTC(2026, 10, 26, 15, 0);

test.each<[string, string, MessageQuery, boolean]>([
  ['no conditions', 'Subject: x\r\n\r\n', {}, true],
  ['a field', 'X-Trip: token-one\r\n\r\n', { header: ['x-trip', 'ONE'] }, true],
  ['a field over two lines', 'X-Trip: token-\r\n\tone\r\n\r\n', { header: ['X-Trip', 'one'] }, true],
  ['a field without value', 'X-Trip:\r\n\r\n', { header: ['X-Trip', 'one'] }, false],
  ['another field', 'X-Other: X-Trip: one\r\n\r\n', { header: ['X-Trip', 'one'] }, false],
  ['a field in the body', 'Subject: x\r\n\r\nX-Trip: one\r\n', { header: ['X-Trip', 'one'] }, false],
  ['line ends of LF', 'X-Trip: one\n\n', { header: ['X-Trip', 'one'] }, true],
  ['nothing', '', { header: ['X-Trip', 'one'] }, false],
  ['arrival on the day', 'Received: by x; Thu, 26 Nov 2026 00:30:00 +0000\r\n\r\n', { since }, true],
  ['arrival on the day before', 'Received: by x; Wed, 25 Nov 2026 23:30:00 +0000 (UTC)\r\n\r\n', { since }, false],
  [
    'the newest Received field counts',
    'Received: by y; Thu, 26 Nov 2026 08:00:00 +0000\r\nReceived: by x; Mon, 2 Nov 2026 08:00:00 +0000\r\n\r\n',
    { since },
    true,
  ],
  ['Date, where nothing was received', 'Date: Mon, 2 Nov 2026 08:00:00 +0000\r\n\r\n', { since }, false],
  ['no readable time', 'Received: by x; yesterday\r\n\r\n', { since }, true],
  [
    'both conditions',
    'Received: by x; Thu, 26 Nov 2026 00:30:00 +0000\r\nX-Trip: two\r\n\r\n',
    { since, header: ['X-Trip', 'one'] },
    false,
  ],
])('%s', (_, header, query, expected) => {
  expect(headerMatches(Buffer.from(header), query)).toBe(expected);
});
