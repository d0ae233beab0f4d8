/** A trip from its plan to its verdict, as Postfix, OpenDKIM and Dovecot treat the message. */
import { expect, test } from 'vitest';
import { trustedResults } from '../../lambda/standards/authentication-results/trusted-results.ts';
import { compareTrip } from '../../lambda/trip/alterations/compare-trip.ts';
import { tripHops } from '../../lambda/trip/hops/trip-hops.ts';
import { readTripMessage } from '../../lambda/trip/message/read-trip-message.ts';
import { verifyToken } from '../../lambda/trip/message/token.ts';
import type { TripArrival } from '../../lambda/trip/verdict/trip-state.ts';
import { tripVerdict } from '../../lambda/trip/verdict/trip-verdict.ts';
import { sign } from '../standards/dkim/sign.ts';
import { plan, sent } from './plan.ts';

const start = plan.token.at;
const at = (seconds: number) => start + seconds * 1_000;
const date = (seconds: number) => new Date(at(seconds)).toUTCString().replace('GMT', '+0000 (UTC)');
const reply = '2.0.0 Ok: queued as 4XyZ1q2w3e';

function way(store: number, results: string, tls = true): string {
  const encrypted = tls ? '\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))' : '';
  return [
    'Return-Path: <canary@example.com>',
    'Delivered-To: seed@example.net',
    `Received: from mx.example.net\r\n\tby store.example.net with LMTP\r\n\tid CKq1HqYZZ2cAAAAA\r\n\tfor <seed@example.net>; ${date(store)}`,
    `Authentication-Results: mx.example.net; ${results}`,
    `Received: from mail.example.com (mail.example.com [198.51.100.7])${encrypted}\r\n\tby mx.example.net (Postfix) with ${tls ? 'ESMTPS' : 'ESMTP'} id 9A8B7C6D5E\r\n\tfor <seed@example.net>; ${date(2)}`,
    `Received: from probe.example.com (unknown [192.0.2.9])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\tby mail.example.com (Postfix) with ESMTPSA id 4XyZ1q2w3e\r\n\tfor <seed@example.net>; ${date(1)}`,
    '',
  ].join('\r\n');
}

async function arrive(trace: string, seconds: number, change = (text: string) => text) {
  const signed = (await sign(sent.message, 'relaxed/relaxed')) + sent.message.toString('latin1');
  const message = readTripMessage(Buffer.from(trace + change(signed), 'latin1'));
  expect(verifyToken(message.token ?? '', plan.key)).toEqual(plan.token);
  const results = trustedResults(message.authenticationResults, 'mx.example.net');
  const arrival: TripArrival = {
    seen: at(seconds),
    absent: null,
    folder: 'inbox',
    hops: tripHops(message.received, { began: start, at: start, reply }),
    results: Object.fromEntries([...results].map(([method, { result }]) => [method, result])),
    alterations: compareTrip(sent, message),
  };
  const verdict = tripVerdict(
    {
      limits: { warn: 60_000, fail: 300_000 },
      expect: { folder: 'inbox', spf: 'pass', dkim: 'pass', dmarc: 'pass', tls: true, unchanged: true },
      sending: { outcome: 'accepted', began: start, at: start, reply },
      read: at(seconds),
      readFailure: null,
      arrivals: [arrival],
    },
    at(seconds),
  );
  return { arrival, verdict, codes: verdict.findings.map(({ code }) => code) };
}

const passed = 'spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com; dmarc=pass header.from=example.com';

test('healthy', async () => {
  const { arrival, verdict } = await arrive(way(3, passed), 4);
  expect(arrival.results).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'pass' });
  expect(arrival.hops.map(({ host, acceptedByUs, delay, tls }) => [host, acceptedByUs, delay, tls])).toEqual([
    ['mail.example.com', true, 1_000, true],
    ['mx.example.net', false, 1_000, true],
    ['store.example.net', false, 1_000, false],
  ]);
  expect(verdict).toEqual({
    outcome: 'pass',
    findings: [{ code: 'arrived', outcome: 'pass', detail: '' }],
    total: 4_000,
    longest: { host: null, next: 'mail.example.com', least: 1_000 },
  });
});

test('kept by the receiver: the host is named', async () => {
  const { verdict, codes } = await arrive(way(400, passed), 401);
  expect(codes).toEqual(['late']);
  expect(verdict.longest).toEqual({ host: 'mx.example.net', next: 'store.example.net', least: 398_000 });
});

test('a footer that breaks DKIM, in plain text', async () => {
  const results = 'spf=pass smtp.mailfrom=example.com; dkim=fail (body hash did not verify); dmarc=pass';
  const { arrival, codes } = await arrive(way(3, results, false), 4, (text) =>
    text.replace('The last line of the text.', 'The last line of the text.\r\n-- \r\nConfidential'),
  );
  expect(codes).toEqual(['authentication-failed', 'plaintext-hop', 'altered']);
  expect(arrival.alterations.map(({ code, detail }) => [code, detail])).toEqual([
    ['text-footer', '-- Confidential'],
    ['dkim-broken', 'example.com'],
  ]);
});

test('nothing that is stored has an address of the mailbox', async () => {
  const { arrival } = await arrive(way(3, passed), 4, (text) =>
    text
      .replace(/^From: .*$/m, 'From: Canary via list <list@example.org>')
      .replace(/^To: .*$/m, 'To: seed@example.net, other@example.net'),
  );
  expect(arrival.alterations.map(({ code, detail }) => [code, detail])).toEqual([
    ['from-changed', 'From: Canary via list <address>'],
    ['to-changed', 'To: <address>, <address>'],
  ]);
  expect(JSON.stringify(arrival)).not.toContain('@');
});
