import { type Case, SOON } from '../hold.ts';
import { polite, type Script } from '../scripted-server.ts';
import { answering, hang, STARTTLS } from './manners.ts';

export const starttls: readonly Case[] = [
  {
    name: 'STARTTLS not offered',
    script: answering({ EHLO: '250-mx1\r\n250 SIZE' }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-not-offered',
  },
  {
    name: 'HELO-only server where TLS is asked for',
    script: answering({ EHLO: '502 what' }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-not-offered',
  },
  {
    name: 'STARTTLS 454',
    script: answering({ STARTTLS: '454 4.7.0 TLS not available' }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-refused-temporarily',
  },
  {
    name: 'STARTTLS 502',
    script: answering({ STARTTLS: '502 5.5.1 no' }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-refused',
  },
  {
    name: '220 then garbage',
    script: answering({
      STARTTLS: async (client) => {
        client.say('220 go\r\n');
        await client.pause(50);
        client.say('?'.repeat(50));
        await client.hang();
      },
    }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-garbage',
  },
  {
    name: '220 then silence',
    script: answering({
      STARTTLS: async (client) => {
        client.say('220 go\r\n');
        await client.hang();
      },
    }),
    endpoint: STARTTLS,
    limits: SOON,
    outcome: 'fail',
    phase: 'tls',
    code: 'silence',
  },
  {
    name: '220 then FIN',
    script: answering({
      STARTTLS: async (client) => {
        client.say('220 go\r\n');
        await client.pause(50);
        client.close();
      },
    }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'closed',
  },
  {
    name: '220 then RST',
    script: answering({
      STARTTLS: async (client) => {
        client.say('220 go\r\n');
        await client.pause(50);
        client.reset();
      },
    }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'reset',
  },
  {
    name: 'implicit TLS, then silence',
    script: () => hang,
    endpoint: { security: 'tls' },
    limits: SOON,
    outcome: 'fail',
    phase: 'tls',
    code: 'silence',
  },
  {
    name: 'plaintext injected after the 220',
    script: ({ good }) =>
      polite({
        answers: { STARTTLS: '220 go\r\n250-mx1\r\n250 AUTH PLAIN' },
        tls: { key: good.key, cert: good.pem },
        inTls: { EHLO: '250 mx1' },
      }),
    endpoint: { ...STARTTLS, auth: { user: 'probe@example.com', password: 'open sesame' } },
    outcome: 'fail',
    phase: 'starttls',
    code: 'starttls-injection',
  },
  {
    name: 'STARTTLS offered again inside TLS',
    script: ({ good }) =>
      polite({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '250-mx1\r\n250 STARTTLS' } }),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'ehlo2',
    code: 'starttls-again',
  },
  {
    name: 'EHLO refused inside TLS',
    script: ({ good }) => polite({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '550 no' } }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'ehlo2',
    code: 'ehlo-refused',
  },
  {
    name: 'no common cipher',
    script: ({ good }) =>
      polite({
        tls: { key: good.key, cert: good.pem, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as object,
      }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-no-common-cipher',
  },
  {
    name: 'TLS 1.1 only',
    script: ({ weakKey }) =>
      polite({
        tls: {
          key: weakKey.key,
          cert: weakKey.pem,
          ciphers: 'DEFAULT@SECLEVEL=0',
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
        } as object,
      }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-version',
  },
  {
    name: 'TLS 1.1 only, where that is only warned of',
    script: ({ good }) =>
      polite({
        tls: {
          key: good.key,
          cert: good.pem,
          ciphers: 'DEFAULT@SECLEVEL=0',
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
        } as object,
      }),
    endpoint: { ...STARTTLS, expect: { tls: { atLeast: 'TLSv1.2', otherwise: 'warn' } } },
    outcome: 'warn',
    phase: 'tls',
    code: 'tls-too-old',
  },
  {
    name: 'TLS 1.2 where 1.3 is expected',
    script: ({ good }) => polite({ tls: { key: good.key, cert: good.pem, maxVersion: 'TLSv1.2' } as object }),
    endpoint: { ...STARTTLS, expect: { tls: { atLeast: 'TLSv1.3' } } },
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-version',
  },
  {
    name: 'TLS alert',
    script: () => answeringWithAlert,
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-alert',
  },
];

/** Fatal alert 80, internal_error, instead of a ServerHello. */
const answeringWithAlert: Script = polite({
  answers: {
    STARTTLS: async (client) => {
      client.say('220 go\r\n');
      await client.pause(50);
      client.say(Buffer.from([21, 3, 3, 0, 2, 2, 80]));
      await client.hang();
    },
  },
});
