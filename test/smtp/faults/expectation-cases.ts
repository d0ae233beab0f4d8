import type { Case } from '../probe-script.ts';
import { type Client, mailServer } from '../scripted-server.ts';
import { answering, auth, mail, offersAuth, STARTTLS } from './scripts.ts';

/** AUTH LOGIN with its two challenges. */
const login = (end: string) => async (client: Client) => {
  for (const challenge of ['VXNlcm5hbWU6', 'UGFzc3dvcmQ6']) {
    client.say(`334 ${challenge}\r\n`);
    await client.hear();
  }
  client.say(`${end}\r\n`);
};
const logsIn = login('235 2.7.0 welcome');
const refusesLogin = login('535 5.7.8 no');

export const expectationCases: readonly Case[] = [
  {
    name: 'greeting of another server',
    script: answering({}),
    endpoint: { expect: { greeting: { matches: '^mx2\\.' } } },
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-mismatch',
  },
  {
    name: 'greeting as expected, with its code',
    script: answering({}),
    endpoint: { expect: { greeting: { matches: '^220 mx1\\.' } } },
    outcome: 'pass',
  },
  {
    name: 'keyword missing',
    script: answering({}),
    endpoint: { expect: { keywords: { present: ['chunking', 'size'] } } },
    outcome: 'warn',
    phase: 'ehlo',
    code: 'keyword-missing',
  },
  {
    name: 'keyword unwanted',
    script: answering({}),
    endpoint: { expect: { keywords: { absent: ['SIZE'], otherwise: 'fail' } } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'keyword-unwanted',
  },
  {
    name: 'SIZE too small',
    script: answering({}),
    endpoint: { expect: { size: { atLeast: 20_000_000 } } },
    outcome: 'warn',
    phase: 'ehlo',
    code: 'size-too-small',
  },
  {
    name: 'SIZE not offered',
    script: answering({ EHLO: '250 mx1' }),
    endpoint: { expect: { size: { atLeast: 1, otherwise: 'fail' } } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'size-too-small',
  },
  {
    name: 'SIZE without a limit',
    script: answering({ EHLO: '250-mx1\r\n250 SIZE' }),
    endpoint: { expect: { size: { atLeast: 20_000_000, otherwise: 'fail' } } },
    outcome: 'pass',
  },
  {
    name: 'AUTH in clear',
    script: answering({ EHLO: offersAuth }),
    endpoint: { expect: { authInClear: 'fail' } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'auth-in-clear',
  },
  {
    name: 'AUTH missing in TLS',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '250 mx1' } }),
    endpoint: { ...STARTTLS, expect: { authAfterTls: 'warn' } },
    outcome: 'warn',
    phase: 'ehlo2',
    code: 'auth-missing',
  },
  {
    name: 'AUTH missing in implicit TLS',
    script: ({ good }) =>
      mailServer({
        implicit: true,
        tls: { key: good.key, cert: good.pem },
        inTls: { EHLO: '250-mx1\r\n250 STARTTLS' },
      }),
    endpoint: { security: 'tls', expect: { authAfterTls: 'fail' } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'auth-missing',
  },
  {
    name: 'AUTH in TLS expected, no TLS',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH PLAIN' }),
    endpoint: { security: 'starttls-if-offered', expect: { authAfterTls: 'fail' } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'auth-missing',
  },
  {
    name: 'AUTH in TLS expected, TLS required and missing',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH PLAIN' }),
    endpoint: { ...STARTTLS, expect: { authAfterTls: 'fail' } },
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-not-offered',
  },
  {
    name: 'expected reply code',
    script: answering({ RCPT: '550 5.1.1 no' }),
    endpoint: { ...mail, expect: { replies: { rcpt: { code: [550, 551] } } } },
    outcome: 'pass',
  },
  {
    name: 'unexpected reply code',
    script: answering({}),
    endpoint: { ...mail, expect: { replies: { rcpt: { code: 550, otherwise: 'warn' } } } },
    outcome: 'warn',
    phase: 'rcpt',
    code: 'reply-code-mismatch',
  },
  {
    name: 'LMTP, 220 expected',
    script: answering({ greeting: '220 mx1.example.com Cyrus LMTP 3.4.3 server ready' }),
    endpoint: { expect: { replies: { greeting: { code: 220 } } } },
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-lmtp',
  },
  {
    name: 'AUTH 235 expected, after challenges',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH LOGIN', AUTH: logsIn }),
    endpoint: { auth, expect: { replies: { auth: { code: 235 } } } },
    outcome: 'pass',
  },
  {
    name: 'AUTH 235 expected, refused after challenges',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH LOGIN', AUTH: refusesLogin }),
    endpoint: { auth, expect: { replies: { auth: { code: 235, otherwise: 'warn' } } } },
    outcome: 'warn',
    phase: 'auth',
    code: 'auth-rejected',
  },
  {
    name: 'DATA 250 expected',
    script: answering({}),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: 250 } } } },
    outcome: 'pass',
  },
  {
    name: 'DATA 354 expected',
    script: answering({}),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: 354 } } } },
    outcome: 'pass',
  },
  {
    name: 'DATA [354, 250] expected',
    script: answering({}),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: [354, 250] } } } },
    outcome: 'pass',
  },
  {
    name: 'DATA 250 expected, 354 then 451',
    script: answering({ '.': '451 4.3.0 filter' }),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: 250, otherwise: 'warn' } } } },
    outcome: 'warn',
    phase: 'data',
    code: 'data-refused-temporarily',
  },
  {
    name: 'DATA 354 expected, 451',
    script: answering({ DATA: '451 4.3.0 filter' }),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: 354 } }, temporary: 'warn' } },
    outcome: 'fail',
    phase: 'data',
    code: 'data-refused-temporarily',
  },
  {
    name: 'DATA 451 expected, 250',
    script: answering({}),
    endpoint: { ...mail, deliver: true, expect: { replies: { data: { code: 451 } } } },
    outcome: 'fail',
    phase: 'data',
    code: 'reply-code-mismatch',
  },
  {
    name: 'a blocklist behind an unexpected reply code',
    script: answering({ RCPT: '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org' }),
    endpoint: { ...mail, expect: { replies: { rcpt: { code: [250, 450], otherwise: 'warn' } } } },
    outcome: 'unable',
    phase: 'rcpt',
    code: 'vantage-listed',
  },
  {
    name: '421, 250 expected',
    script: answering({ MAIL: '421 4.3.2 bye' }),
    endpoint: { ...mail, expect: { replies: { mail: { code: 250 } } } },
    outcome: 'fail',
    phase: 'mail',
    code: 'service-unavailable',
  },
  {
    name: 'greylisting, only 250 expected',
    script: answering({ RCPT: '450 4.2.0 Greylisted' }),
    endpoint: { ...mail, expect: { replies: { rcpt: { code: 250 } } } },
    outcome: 'fail',
    phase: 'rcpt',
    code: 'rcpt-greylisted',
  },
  {
    name: 'greylisting as expected',
    script: answering({ RCPT: '450 4.2.0 Greylisted' }),
    endpoint: { ...mail, expect: { replies: { rcpt: { code: [250, 450] } } } },
    outcome: 'pass',
  },
  {
    name: 'a phase above its budget',
    script: answering({
      EHLO: async (client) => {
        await client.pause(120);
        client.say('250 mx1\r\n');
      },
    }),
    endpoint: { expect: { latency: { phases: { ehlo: { warn: 50, fail: 100 } } } } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'slow',
  },
  {
    name: 'a phase before the session above its budget',
    script: answering({}),
    endpoint: { expect: { latency: { phases: { connect: { warn: 0.000_001 } } } } },
    outcome: 'warn',
    phase: 'connect',
    code: 'slow',
  },
  {
    name: 'the whole probe above its budget',
    script: answering({
      greeting: async (client) => {
        await client.pause(1_000);
        client.say('220 mx1\r\n');
      },
    }),
    endpoint: { expect: { latency: { total: { warn: 100 } } } },
    outcome: 'warn',
    phase: 'greeting',
    code: 'slow',
  },
];
