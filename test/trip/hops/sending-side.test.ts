/** What is learnt of the side that sent a message, and what nobody else can make us learn. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitHeader } from '../../../lambda/standards/mime/header.ts';
import { receivedHops } from '../../../lambda/standards/received/received.ts';
import { type SendingSide, sendingSide } from '../../../lambda/trip/hops/sending-side.ts';
import { tripHops } from '../../../lambda/trip/hops/trip-hops.ts';

const DATE = 'Thu, 26 Nov 2026 13:00:00 +0000';
const received = (clauses: string) => `Received: ${clauses}; ${DATE}`;
const signed = (domain: string, selector: string) =>
  `DKIM-Signature: v=1; a=rsa-sha256; d=${domain};\r\n s=${selector}; bh=AAAA; b=BBBB`;

/** Of the mailbox. */
const store = received('from mx.example.net (localhost [127.0.0.1]) by store.example.net with LMTP id 77777');
const outside = received(
  'from mail.example.com (mail.example.com [203.0.113.5]) by mx.example.net with ESMTPS id 88888',
);
const filter = received('from mail.example.com (localhost [127.0.0.1]) by mail.example.com with ESMTP id 66666');
const relay = received('from out.example.com (out.example.com [10.0.0.5]) by relay.example.com with ESMTP id 55555');
const ours = received('from probe.example.com (probe [198.51.100.9]) by mail.example.com with ESMTPSA id 4XyZ1q2w3e');
const proxy = received('from probe.example.com (probe [198.51.100.8]) by proxy.example.com with ESMTPSA id 99999');
const own = signed('example.com', 's1');
const forged = received(
  'from victim.example.org (victim.example.org [203.0.113.66]) by mx.example.net with ESMTPS id 88888',
);
const forgedSignature = signed('example.com', 'forged');

/** @param header newest first */
function shown(header: readonly string[], reply = '2.0.0 Ok: queued as 4XyZ1q2w3e'): SendingSide {
  const { fields } = splitHeader([...header, 'Subject: a', '', 'body', ''].join('\r\n'));
  const hops = receivedHops(fields);
  return sendingSide({ fields, received: hops }, tripHops(hops, { at: Date.parse(DATE), reply }));
}

const text = ({ sendingAddress, signatures }: SendingSide) =>
  [sendingAddress ?? '-', ...(signatures ?? []).map(({ selector, domain }) => `${selector}@${domain}`)].join(' ');

describe('what a message shows', () => {
  test.each<[string, readonly string[], string]>([
    ['the address and the signature', [store, outside, own, ours], '203.0.113.5 s1@example.com'],
    ['a signature below our field', [outside, ours, own], '203.0.113.5 s1@example.com'],
    [
      'the address behind a filter and a relay of our own',
      [store, outside, own, relay, filter, ours, proxy],
      '203.0.113.5 s1@example.com',
    ],
    [
      'each signature once',
      [outside, own, own, signed('Example.COM', 'S2'), ours],
      '203.0.113.5 s1@example.com s2@example.com',
    ],
    [
      'IPv6, as others write it, too',
      [outside.replace('[203.0.113.5]', '[IPv6:2001:DB8:0:0::0:5]'), ours],
      '2001:db8::5',
    ],
    ['IPv4 in IPv6', [outside.replace('203.0.113.5', '::ffff:203.0.113.5'), ours], '203.0.113.5'],
    ['the signature alone where the message stays on the server', [store, own, ours], '- s1@example.com'],
    ['no address without a public one', [outside.replace('203.0.113.5', '10.1.2.3'), own, ours], '- s1@example.com'],
    ['nothing without our queue identifier', [store, outside, own, proxy], '-'],
    ['nothing without a field', [], '-'],
  ])('%s', (_, header, expected) => {
    expect(text(shown(header))).toBe(expected);
  });

  test('nothing if the reply names no queue identifier', () => {
    expect(shown([store, outside, own, ours], 'OK')).toEqual({});
  });
});

describe('what others add', () => {
  test.each<[string, readonly string[], string]>([
    [
      'a signature of the receiver',
      [signed('example.net', 'arc'), store, outside, own, ours],
      '203.0.113.5 s1@example.com',
    ],
    ['a signature above the first host outside', [outside, forgedSignature, outside, own, ours], '- s1@example.com'],
    [
      'a Received field with a public address below that of the receiver',
      [outside, forged, own, ours],
      '- s1@example.com',
    ],
    ['two of them', [store, outside, forged, forged, own, ours], '- s1@example.com'],
    [
      'one that repeats our queue identifier',
      [outside, forged.replace('88888', '4XyZ1q2w3e'), own, ours],
      '- s1@example.com',
    ],
    [
      'one without an address',
      [outside, received('by mx.example.net with HTTP'), own, ours],
      '203.0.113.5 s1@example.com',
    ],
    [
      'a name that looks as an address',
      [outside.replace('from mail.example.com', 'from [203.0.113.66]'), ours],
      '203.0.113.5',
    ],
    ['an address below ours', [outside, own, ours, forged], '203.0.113.5 s1@example.com'],
    ['a copy that is sent again: its own address', [forged.replaceAll('.66', '.77'), filter, ours], '203.0.113.77'],
  ])('%s', (_, header, expected) => {
    expect(text(shown(header))).toBe(expected);
  });

  test.each<[string, string]>([
    ['no tags', 'DKIM-Signature: hello'],
    ['no selector', 'DKIM-Signature: v=1; d=example.com'],
    ['an empty selector', signed('example.com', '')],
    ['a space', signed('example.com', 's 1')],
    ['a quote', signed('example.com', `s1'"$(id)`)],
    ['a control character', signed('example.com', 's\u0007')],
    ['another script', signed('example.com', 'ключ')],
    ['an address of a person', signed('example.com', 'ops@example.com')],
    ['two dots', signed('example..com', 's1')],
    ['a dot at the end', signed('example.com', 's1.')],
    ['a label that is too long', signed('example.com', 's'.repeat(64))],
    ['a name that is too long', signed(`${'a.'.repeat(119)}com`, 's1')],
    [
      'a domain that is there twice, so that the first counts, which is none',
      'DKIM-Signature: d=a b; d=example.com; s=s1',
    ],
    ['the selector after 8 KB', `DKIM-Signature: b=${'A'.repeat(9_000)}; d=example.com; s=s1`],
  ])('a signature with %s is not taken', (_, field) => {
    expect(text(shown([outside, field, own, ours]))).toBe('203.0.113.5 s1@example.com');
  });

  test('of 100 signatures five are taken', () => {
    const many = Array.from({ length: 100 }, (_, nth) => signed('example.com', `k${nth}`));
    expect(shown([outside, ...many, ours]).signatures).toHaveLength(5);
  });

  test('of 1,000 Received fields above ours nothing is learnt, and nothing throws', () => {
    expect(shown([...Array<string>(1_000).fill(outside), own, ours])).toEqual({});
  });

  test('no field below that of the receiver shows an address but the one that the receiver saw', () => {
    const field = fc.oneof(
      fc.constantFrom(forged, filter, relay, ours, proxy, own, outside.replaceAll('.5', '.66')),
      fc.string().map((value) => `Received: ${value.replace(/[\r\n]/g, '')}`),
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), fc.array(field, { maxLength: 6 }), (between, below) => {
        const { sendingAddress } = shown([store, outside, ...between, ours, ...below]);
        expect([undefined, '203.0.113.5']).toContain(sendingAddress);
      }),
    );
  });

  test('a signature above the field of the first host outside is never taken', () => {
    const field = fc.constantFrom(forgedSignature, forged, outside, store, filter);
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), (above) => {
        const { signatures } = shown([...above, outside, own, ours]);
        expect(signatures).toEqual([{ domain: 'example.com', selector: 's1' }]);
      }),
    );
  });
});
