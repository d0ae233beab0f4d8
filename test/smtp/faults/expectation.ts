import type { Case } from '../hold.ts';
import { polite } from '../scripted-server.ts';
import { answering, mail, offersAuth, STARTTLS } from './manners.ts';

export const expectations: readonly Case[] = [
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
    script: ({ good }) => polite({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '250 mx1' } }),
    endpoint: { ...STARTTLS, expect: { authAfterTls: 'warn' } },
    outcome: 'warn',
    phase: 'ehlo2',
    code: 'auth-missing',
  },
  {
    name: 'AUTH missing in implicit TLS',
    script: ({ good }) =>
      polite({ implicit: true, tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '250-mx1\r\n250 STARTTLS' } }),
    endpoint: { security: 'tls', expect: { authAfterTls: 'fail' } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'auth-missing',
  },
  {
    name: 'AUTH wanted in TLS, and no TLS',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH PLAIN' }),
    endpoint: { security: 'starttls-if-offered', expect: { authAfterTls: 'fail' } },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'auth-missing',
  },
  {
    name: 'AUTH wanted in TLS, which is missing itself',
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
    name: 'the whole above its budget',
    script: answering({
      greeting: async (client) => {
        await client.pause(120);
        client.say('220 mx1\r\n');
      },
    }),
    endpoint: { expect: { latency: { total: { warn: 100 } } } },
    outcome: 'warn',
    phase: 'ehlo',
    code: 'slow',
  },
];
