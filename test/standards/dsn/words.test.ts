import { expect, test } from 'vitest';
import { replyIn, statusIn } from '../../../lambda/standards/dsn/words.ts';

test.each([
  ['550 5.7.1 blocked', '5.7.1', '550 5.7.1 blocked'],
  ['host said: 554 Your address 5.188.10.20 is blocked', null, '554 Your address 5.188.10.20 is blocked'],
  ['Your message was sent from 5.188.10.20', null, null],
  ['(5.188.10.20) #4.4.7 expired', '4.4.7', '#4.4.7 expired'],
])('an address of a host is no status code: %s', (line, status, reply) => {
  expect([statusIn(line), replyIn(line)]).toEqual([status, reply]);
});
