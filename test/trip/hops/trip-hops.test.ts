import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReceived } from '../../../lambda/standards/received/received.ts';
import { longestStay } from '../../../lambda/trip/hops/longest-stay.ts';
import { queueIdOf, tripHops } from '../../../lambda/trip/hops/trip-hops.ts';

const start = Date.parse('2026-11-26T14:00:00Z');
const at = (seconds: number) => start + seconds * 1_000;
const date = (seconds: number) => new Date(at(seconds)).toUTCString().replace('GMT', '+0000');
const acceptance = { began: start, at: start, reply: '2.0.0 Ok: queued as 4XyZ1q2w3e' };

function received(seconds: number, clauses: string) {
  return parseReceived(`${clauses}; ${date(seconds)}`);
}

describe('hops', () => {
  const hops = tripHops(
    [
      received(8, 'from mx.example.net by store.example.net with LMTP id QWERTY99'),
      received(-40, 'from mail.example.com (mail.example.com [198.51.100.7]) by mx.example.net with ESMTP id ZZZ12345'),
      received(
        1,
        'from probe.example.com (unknown [192.0.2.9]) by mail.example.com (Postfix) with ESMTPSA id 4XyZ1q2w3e',
      ),
    ],
    acceptance,
  );

  test('are in the order of the way, joined by our reply, with delays as the clocks say', () => {
    expect(
      hops.map(({ host, acceptedByUs, delay, clocksDisagree, tls, plaintext }) => [
        host,
        acceptedByUs,
        delay,
        clocksDisagree,
        tls,
        plaintext,
      ]),
    ).toEqual([
      ['mail.example.com', true, 1_000, false, true, false],
      ['mx.example.net', false, -41_000, true, false, true],
      ['store.example.net', false, 48_000, false, false, false],
    ]);
  });

  test('a host that writes its Received field before it replies has a clock that agrees', () => {
    const slow = { began: at(-5), at: start, reply: '' };
    const [first] = tripHops([received(-4, 'by a.example')], slow);
    expect(first).toMatchObject({ delay: -4_000, clocksDisagree: false });
    expect(tripHops([received(-7, 'by a.example')], slow)[0]).toMatchObject({ delay: -7_000, clocksDisagree: true });
  });

  test('the delays and the rest of the way add up to the total, whatever the clocks say', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 }), (stamps) => {
        const own = tripHops(stamps.map((stamp) => received(stamp, 'by a.example')).toReversed(), acceptance);
        const sum = own.reduce((total, { delay }) => total + (delay ?? 0), 0);
        expect(sum).toBe((stamps.at(-1) ?? 0) * 1_000);
      }),
    );
  });

  test.each([
    ['private to public', 'from a.example ([10.0.0.1]) by b.example with ESMTP', false],
    ['loopback', 'from localhost ([127.0.0.1]) by b.example with ESMTP', false],
    ['public to private', 'from a.example (198.51.100.1) by b.example (10.1.1.1) with SMTP', false],
    ['public', 'from a.example ([198.51.100.1]) by b.example with SMTP', true],
    ['public IPv6', 'from a.example ([IPv6:2001:db8::1]) by b.example with ESMTP', true],
    ['no address', 'from a.example by b.example with ESMTP', false],
    [
      'to Amazon WorkMail, which does not tell',
      'from a.example ([198.51.100.1]) by inbound-smtp.us-east-1.amazonaws.com with SMTP',
      false,
    ],
    [
      'to a host that is named like it',
      'from a.example ([198.51.100.1]) by inbound-smtp.us-east-1.amazonaws.com.a.example with SMTP',
      true,
    ],
    ['with TLS', 'from a.example ([198.51.100.1]) by b.example with ESMTPS', false],
    ['over HTTP', 'from a.example ([198.51.100.1]) by b.example with HTTP', false],
    [
      'TLS in a comment',
      'from a.example ([198.51.100.1]) (using TLSv1.3 with cipher X (256/256 bits)) by b.example with ESMTP',
      false,
    ],
  ])('plain text between public addresses: %s', (_, clauses, plaintext) => {
    expect(tripHops([received(1, clauses)], acceptance)[0]?.plaintext).toBe(plaintext);
  });
});

describe('where the time went', () => {
  const way = (...stamps: readonly number[]) =>
    tripHops(stamps.map((stamp, nth) => received(stamp, `by host${nth + 1}.example`)).toReversed(), acceptance);

  test.each<
    [
      name: string,
      stamps: readonly number[],
      seen: number,
      stay: readonly [string | null, string | null, number] | null,
    ]
  >([
    ['at the second host', [0, 1, 90], 92, ['host2.example', 'host3.example', 89_000]],
    ['before the first host', [80, 81], 82, [null, 'host1.example', 80_000]],
    ['before the mailbox', [0, 1], 70, ['host2.example', null, 69_000]],
    ['although a clock is behind', [0, -300, 90], 92, ['host2.example', 'host3.example', 90_000]],
    ['the clock of the last host is ahead', [0, 1, 500], 92, ['host2.example', 'host3.example', 91_000]],
    ['nowhere', [0, 0], 0, null],
    ['clocks do not tell', [500, -500], 10, null],
  ])('%s', (_, stamps, seen, stay) => {
    const found = longestStay(start, way(...stamps), at(seen));
    expect(found === null ? null : [found.host, found.next, found.least]).toEqual(stay);
  });

  test('it never claims more than the trip took', () => {
    const seconds = fc.integer({ min: -5_000, max: 5_000 });
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 8 }), fc.nat(5_000), (stamps, seen) => {
        const found = longestStay(start, way(...stamps), at(seen));
        expect(found?.least ?? 0).toBeLessThanOrEqual(seen * 1_000);
      }),
    );
  });
});

test.each([
  ['Postfix', '2.0.0 Ok: queued as 4XyZ1q2w3e', '4XyZ1q2w3e'],
  ['Exim', 'OK id=1vOabc-00000001abc-2DeF', '1vOabc-00000001abc-2DeF'],
  ['Stalwart', '2.0.0 Message queued with id 3f4c5a.', '3f4c5a'],
  ['KumoMTA', 'OK ids=01a2b3c4d5e6', '01a2b3c4d5e6'],
  ['Cisco', 'ok:  Message 123456789 accepted', '123456789'],
  ['Sendmail', '2.0.0 5AQE0abc012345 Message accepted for delivery', '5AQE0abc012345'],
  [
    'Microsoft',
    '2.6.0 <x@example.com> [InternalId=12345678901234, Hostname=A.prod.example] 9876 bytes in 0.1, 50 KB/sec Queued mail for delivery',
    '12345678901234',
  ],
  [
    'Amazon SES',
    'Ok 0100019aabcdef01-12345678-1234-1234-1234-123456789012-000000',
    '0100019aabcdef01-12345678-1234-1234-1234-123456789012-000000',
  ],
  ['Google', '2.0.0 OK  1795701600 abc123def-456.78 - gsmtp'.replace('  ', ' '), 'abc123def-456.78'],
  ['Haraka', 'Message Queued (5F6E7D8C-1234.1)', '5F6E7D8C-1234.1'],
  ['without one', '2.0.0 OK', null],
])('the queue identifier in a reply of %s', (_, reply, id) => {
  expect(queueIdOf(reply)).toBe(id);
});
