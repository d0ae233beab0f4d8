import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../lambda/standards/mime/header.ts';
import { type Hop, parseReceived, receivedHops } from '../../../lambda/standards/received/received.ts';
import { cpuTime } from '../../cpu-time.ts';

const at = Date.parse('2026-11-26T14:00:02Z');

const CASES: readonly (readonly [name: string, field: string, hop: Partial<Hop>])[] = [
  [
    'Postfix with TLS',
    'from mail.example.com (mail.example.com [192.0.2.1]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (prime256v1)) (No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4XyZ1q2w3e for <user@example.net>; Thu, 26 Nov 2026 14:00:02 +0000 (UTC)',
    {
      from: 'mail.example.com',
      fromAddress: '192.0.2.1',
      by: 'mx.example.net',
      protocol: 'ESMTPS',
      tls: true,
      id: '4XyZ1q2w3e',
      at,
    },
  ],
  [
    'Postfix without TLS',
    'from probe.example.com (unknown [IPv6:2001:db8::9]) by mail.example.com (Postfix) with ESMTP id ABC; Thu, 26 Nov 2026 15:00:02 +0100 (CET)',
    { from: 'probe.example.com', fromAddress: '2001:db8::9', protocol: 'ESMTP', tls: false, at },
  ],
  [
    'Postfix, local',
    'by mail.example.com (Postfix, from userid 1000) id 4XyZ; Thu, 26 Nov 2026 14:00:02 +0000 (UTC)',
    { from: null, fromAddress: null, by: 'mail.example.com', protocol: null, tls: false, id: '4XyZ', at },
  ],
  [
    'Dovecot LMTP',
    'from mx.example.net by store.example.net with LMTP id CKq1HqYZZ2cAAAAA (envelope-from <canary@example.com>) for <user@example.net>; Thu, 26 Nov 2026 14:00:02 +0000',
    { from: 'mx.example.net', by: 'store.example.net', protocol: 'LMTP', tls: false, id: 'CKq1HqYZZ2cAAAAA', at },
  ],
  [
    'Exim',
    'from [192.0.2.1] (helo=mail.example.com) by mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <canary@example.com>) id 1vOabc-00000001abc-2DeF for user@example.net; Thu, 26 Nov 2026 14:00:02 +0000',
    { from: '192.0.2.1', fromAddress: '192.0.2.1', protocol: 'ESMTPS', tls: true, id: '1vOabc-00000001abc-2DeF', at },
  ],
  [
    'Microsoft',
    'from AM7EUR03FT000.eop-EUR03.prod.protection.outlook.com (2603:10a6:208:1::20) by AM0PR01MB0001.eurprd01.prod.exchangelabs.com (2603:10a6:208:2::21) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.8000.10; Thu, 26 Nov 2026 14:00:02 +0000',
    {
      fromAddress: '2603:10a6:208:1::20',
      byAddress: '2603:10a6:208:2::21',
      by: 'am0pr01mb0001.eurprd01.prod.exchangelabs.com',
      protocol: 'SMTP',
      tls: true,
      id: '15.20.8000.10',
      at,
    },
  ],
  [
    'Microsoft, mapi',
    'from A.prod.exchangelabs.com ([fe80::1]) by A.prod.exchangelabs.com ([fe80::1%4]) with mapi id 15.20.8000.10; Thu, 26 Nov 2026 14:00:02 +0000',
    { fromAddress: 'fe80::1', protocol: 'MAPI', tls: false },
  ],
  [
    'Google',
    'from mail.example.com (mail.example.com. [192.0.2.1]) by mx.google.com with ESMTPS id abc123-456 for <user@example.net> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Thu, 26 Nov 2026 06:00:02 -0800 (PST)',
    { fromAddress: '192.0.2.1', by: 'mx.google.com', protocol: 'ESMTPS', tls: true, id: 'abc123-456', at },
  ],
  [
    'Google, inside',
    'by 2002:a05:6a10:1234:b0:123:4567:89ab with SMTP id x1csp12345; Thu, 26 Nov 2026 06:00:02 -0800 (PST)',
    { from: null, by: '2002:a05:6a10:1234:b0:123:4567:89ab', protocol: 'SMTP', tls: false, id: 'x1csp12345', at },
  ],
  [
    'Sendmail',
    'from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.net (8.18.1/8.18.1) with ESMTPS id 5AQE0abc (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT) for <user@example.net>; Thu, 26 Nov 2026 14:00:02 GMT',
    { protocol: 'ESMTPS', tls: true, id: '5AQE0abc', at },
  ],
  [
    'qmail',
    'from unknown (HELO mail.example.com) (192.0.2.1) by mx.example.net with SMTP; 26 Nov 2026 14:00:02 -0000',
    { from: 'unknown', fromAddress: '192.0.2.1', by: 'mx.example.net', protocol: 'SMTP', tls: false, id: null, at },
  ],
  [
    'qmail with TLS',
    'from mail.example.com (HELO x) (192.0.2.1) by mx.example.net with (ECDHE-RSA-AES256-GCM-SHA384 encrypted) SMTP; 26 Nov 2026 14:00:02 -0000',
    { protocol: 'SMTP', tls: true },
  ],
  [
    'Amazon SES',
    'from a8-50.smtp-out.amazonses.com (a8-50.smtp-out.amazonses.com [192.0.2.50]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id o1abc for user@example.net; Thu, 26 Nov 2026 14:00:02 +0000 (UTC)',
    { protocol: 'SMTP', tls: false, id: 'o1abc' },
  ],
  [
    'authenticated',
    'from x ([10.0.0.1]) by y with ESMTPSA id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { fromAddress: '10.0.0.1', tls: true },
  ],
  [
    'UTF8SMTPS (RFC 6531)',
    'from x by y with UTF8SMTPS id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { protocol: 'UTF8SMTPS', tls: true },
  ],
  [
    'a host that is named tls',
    'from tls.example.com (tls.example.com [192.0.2.1]) by cipher.example.net with ESMTP id TLS; Thu, 26 Nov 2026 14:00:02 +0000',
    { tls: false, id: 'TLS' },
  ],
  [
    'an address that the sender chose',
    'from [10.9.9.9] (HELO [127.0.0.1]) (mail.example.com [192.0.2.1]) by y with SMTP id z; x',
    { fromAddress: '192.0.2.1', at: null },
  ],
  [
    'nested comments',
    'from a (b (with ESMTPS) c) by d (e) with (f) SMTP id <g>; 26 Nov 2026 14:00:02 +0000',
    { from: 'a', by: 'd', protocol: 'SMTP', tls: false, id: 'g', at },
  ],
  [
    'Mimecast',
    'from mail.example.com (mail.example.com [192.0.2.1]) by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384) id us-mta-422-ra1J-1; Thu, 26 Nov 2026 09:00:02 -0500',
    { protocol: 'ESMTP', tls: true, id: 'us-mta-422-ra1J-1', at },
  ],
  [
    'Exchange 2016 and older',
    'from mbx1.example.com (203.0.113.84) by mbx2.example.com (203.0.113.68) with Microsoft SMTP Server (TLS) id 15.0.1497.2; Thu, 26 Nov 2026 14:00:02 +0000',
    { protocol: 'SMTP', tls: true, at },
  ],
  [
    'Exchange without TLS',
    'from mbx1.example.com (203.0.113.84) by mbx2.example.com (203.0.113.68) with Microsoft SMTP Server id 15.0.1497.2 via Frontend Transport; Thu, 26 Nov 2026 14:00:02 +0000',
    { protocol: 'SMTP', tls: false },
  ],
  [
    'Cisco',
    'from unknown (HELO mail.example.com) ([192.0.2.1]) by esa1.example.net with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384; 26 Nov 2026 06:00:02 -0800',
    { fromAddress: '192.0.2.1', tls: true, id: null, at },
  ],
  [
    'Trustwave',
    'from mail.example.com (Not Verified[192.0.2.1]) by gate.example.net (using TLS: TLSv1.2, AES256-SHA) id <B5fa0>; Thu, 26 Nov 2026 14:00:02 +0000',
    { fromAddress: '192.0.2.1', protocol: null, tls: true, id: 'B5fa0' },
  ],
  [
    'Cellopoint',
    'from x (x [192.0.2.1]) by y (envelope-from <a@example.com>) (Cellopoint E-mail Firewall v4.1.10 Build 0809 with TLS) with ESMTP id 12; Thu, 26 Nov 2026 14:00:02 +0000',
    { protocol: 'ESMTP', tls: true, id: '12' },
  ],
  [
    'Courier',
    'from x (x [::ffff:192.0.2.1]) (TLS: TLSv1.3,256bits,TLS_AES_256_GCM_SHA384) by y with ESMTP id 12; Thu, 26 Nov 2026 14:00:02 +0000',
    { tls: true },
  ],
  [
    'Haraka',
    'from x (y [192.0.2.1]) by z (Haraka/3.0.3) with ESMTPS id ABC.1 envelope-from <a@example.com> tls TLS_AES_256_GCM_SHA384; Thu, 26 Nov 2026 14:00:02 +0000',
    { fromAddress: '192.0.2.1', protocol: 'ESMTPS', tls: true, id: 'ABC.1' },
  ],
  [
    'MailEnable',
    'from x ([192.0.2.1]) by y with MailEnable ESMTPS; Thu, 26 Nov 2026 14:00:02 +0000',
    { protocol: 'ESMTPS', tls: true },
  ],
  [
    'no TLS, said in words',
    'from x ([192.0.2.1]) by y (no TLS) with ESMTP id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { tls: false },
  ],
  [
    'no TLS, in the words of others',
    'from x ([192.0.2.1]) by y (client is not using TLS) with ESMTP id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { tls: false },
  ],
  [
    'not encrypted',
    'from x ([192.0.2.1]) by y (not encrypted) with ESMTP id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { tls: false },
  ],
  ['qmail, inside', '(qmail 12345 invoked by uid 0); 26 Nov 2026 14:00:02 -0000', { from: null, by: null, at }],
  [
    'an escaped bracket',
    'from x (a \\) b \\( [192.0.2.1]) by y with SMTP id z; Thu, 26 Nov 2026 14:00:02 +0000',
    { fromAddress: '192.0.2.1', by: 'y', at },
  ],
  [
    'semicolons in comments',
    'from x by y (a; b) with SMTP id z; Thu, 26 Nov 2026 15:00:02 +0100 (CET; (x; y))',
    { by: 'y', id: 'z', at },
  ],
  ['a date without a day of the week, seconds or zone', 'by a; 26 Nov 26 14:00', { at: at - 2_000 }],
  ['no date', 'by a; soon', { at: null }],
  [
    'nothing',
    '',
    { from: null, fromAddress: null, by: null, byAddress: null, protocol: null, tls: false, id: null, at: null },
  ],
];

describe('Received fields', () => {
  test.each(CASES)('%s', (_, field, hop) => {
    expect(parseReceived(field)).toMatchObject(hop);
  });

  test('are newest first, and bounded', () => {
    const header = Array.from(
      { length: 200 },
      (_, nth) => `Received: by host${nth}.example\r\n\tid ${nth};\r\n Thu, 26 Nov 2026 14:00:02 +0000`,
    );
    const hops = receivedHops(parseFields(header.join('\r\n')));
    expect(hops.length).toBe(100);
    expect(hops[0]).toMatchObject({ by: 'host0.example', id: '0', at });
  });

  test('any text: nothing throws, names and addresses are well formed', () => {
    const pieces = fc.constantFrom(
      'from ',
      'by ',
      'with ',
      'id ',
      '(',
      ')',
      '[',
      ']',
      ';',
      '192.0.2.1',
      'x',
      'Thu, 26 Nov 2026 99:99:99 +9999',
      '\0',
      'ESMTPS',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }).map((all) => all.join('')),
        (text) => {
          const { from, by, fromAddress } = parseReceived(text);
          for (const name of [from, by, fromAddress]) expect(name ?? 'a').toMatch(/^[a-z0-9._:-]{1,253}$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(['(', 'from ', 'a', '[', ' ', 'by (', '\u00a0'])('64 KB of %j are read at once', (piece) => {
    const fields = Array.from({ length: 100 }, () => ({
      name: 'received',
      value: piece.repeat(65_536 / piece.length),
    }));
    expect(cpuTime(() => receivedHops(fields))).toBeLessThan(1_500);
  });
});
