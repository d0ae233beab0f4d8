import { expect, test } from 'vitest';
import { probeScript } from './probe-script.ts';
import { mailServer } from './scripted-server.ts';

test.each([
  ['220 mx1.example.com ESMTP Exim 4.98.1 Sun, 22 Nov 2026', '250 mx1', 'Exim'],
  ['220 mx1.example.com ESMTP OpenSMTPD', '250 mx1 Hello probe [192.0.2.1], pleased to meet you', 'OpenSMTPD'],
  ['220 mx1.example.com ESMTP', '250 mx1.example.com Hello probe.example.com [192.0.2.1]', 'Exim'],
  ['220 mx1.example.com ESMTP', '250-mx1.example.com\r\n250 PIPECONNECT', 'Exim'],
  ['220 mx1.example.com ESMTP', '250 mx1.example.com Hello probe [192.0.2.1], pleased to meet you', 'Sendmail'],
  ['220 mx1.example.com ESMTP', '250-mx1.example.com Hello [192.0.2.1]\r\n250 SIZE', 'Microsoft Exchange'],
  ['220 mx1.example.com ESMTP', '250-mx1.example.com\r\n250-X-ANONYMOUSTLS\r\n250 SIZE', 'Microsoft Exchange'],
  ['220 mx1.example.com ESMTP', '250-mx1.example.com\r\n250-XFORWARD NAME ADDR\r\n250 SIZE', 'Postfix'],
  ['220 mx1.example.com ESMTP', '250-mx1.example.com\r\n250 SIZE', null],
])('%s, then %s: %s', async (greeting, EHLO, software) => {
  const { sample } = await probeScript(mailServer({ answers: { greeting, EHLO } }));
  expect(sample).toMatchObject({ outcome: 'pass', software });
});
