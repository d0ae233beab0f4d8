import { createSecureContext } from 'node:tls';
import type { Certificates, Issued } from '../certificates.ts';
import { type Case, SOON } from '../probe-script.ts';
import { mailServer, type Script } from '../scripted-server.ts';
import { answering, hang, STARTTLS } from './scripts.ts';

/** A group of 1024 bits. */
const DH_1024 = `-----BEGIN DH PARAMETERS-----
MIGHAoGBAKSZkWIX+8FwS891D0YgIAnieqLFGVEd10/FELLh0Aeelf9AvFakcRjv
CTY0kLsGxu2QuLy1g1y0DOL6635sA3sCyDvDUwVnhYq3t9WKwNJdC++9OA1I57Ms
CIaCQmJJ/z8FvnS4Fr0+sINMMh+asACMkPSCDCI6leYRO6yhHMhfAgEC
-----END DH PARAMETERS-----`;

/** DHE alone is offered, which needs TLS 1.2. */
const onlyDiffieHellman = ({ key, pem: cert }: Issued, dhparam: string) => ({
  key,
  cert,
  dhparam,
  ciphers: 'DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0',
  maxVersion: 'TLSv1.2' as const,
});

/** Requires a client certificate. */
const wantsClientCertificate =
  (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
  ({ good }: Certificates): Script =>
    mailServer({
      answers: {
        STARTTLS: async (client) => {
          client.say('220 go\r\n');
          const secureContext = createSecureContext({ key: good.key, cert: good.pem, maxVersion });
          await client.upgrade({ secureContext, requestCert: true, rejectUnauthorized: true });
        },
      },
    });

export const tlsCases: readonly Case[] = [
  {
    name: 'a Diffie-Hellman group of 1024 bits',
    script: ({ rsa }) => mailServer({ tls: onlyDiffieHellman(rsa, DH_1024) }),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'tls',
    code: 'weak-dh',
  },
  {
    name: 'a client certificate wanted, TLS 1.3',
    script: wantsClientCertificate('TLSv1.3'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'client-certificate-wanted',
  },
  {
    name: 'a client certificate wanted, TLS 1.2',
    script: wantsClientCertificate('TLSv1.2'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'client-certificate-wanted',
  },
  ...Object.entries({
    110: 'unsupported_extension',
    111: 'certificate_unobtainable',
    112: 'unrecognized_name',
    113: 'bad_certificate_status_response',
    114: 'bad_certificate_hash_value',
    42: 'bad_certificate',
    120: 'no_application_protocol',
  }).map(
    ([alert, name]): Case => ({
      name: `TLS alert ${alert}, ${name}`,
      script: () => sendInHandshake([21, 3, 3, 0, 2, 2, Number(alert)]),
      endpoint: STARTTLS,
      outcome: 'fail',
      phase: 'tls',
      code: 'tls-alert',
      detail: `alert: ${name.replaceAll('_', ' ')}`,
    }),
  ),
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
    name: 'STARTTLS 454 about a rate',
    script: answering({ STARTTLS: '454 4.7.0 Error: too many new TLS sessions from 192.0.2.1' }),
    endpoint: STARTTLS,
    outcome: 'unable',
    phase: 'starttls',
    code: 'vantage-rate-limited',
  },
  {
    name: 'a second greeting inside TLS',
    script: ({ good }) =>
      mailServer({
        answers: {
          STARTTLS: async (client) => {
            client.say('220 go\r\n');
            await client.upgrade({ secureContext: createSecureContext({ key: good.key, cert: good.pem }) });
            client.say('220 mx1 again\r\n');
          },
        },
      }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'ehlo2',
    code: 'reply-unsolicited',
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
      mailServer({
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
    name: 'STARTTLS offered in implicit TLS',
    script: ({ good }) =>
      mailServer({
        implicit: true,
        tls: { key: good.key, cert: good.pem },
        inTls: { EHLO: '250-mx1\r\n250 STARTTLS' },
      }),
    endpoint: { security: 'tls' },
    outcome: 'warn',
    phase: 'ehlo',
    code: 'starttls-again',
  },
  {
    name: 'STARTTLS offered again inside TLS',
    script: ({ good }) =>
      mailServer({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '250-mx1\r\n250 STARTTLS' } }),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'ehlo2',
    code: 'starttls-again',
  },
  {
    name: 'EHLO refused inside TLS',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem }, inTls: { EHLO: '550 no' } }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'ehlo2',
    code: 'ehlo-refused',
  },
  {
    name: 'no common cipher',
    script: ({ good }) =>
      mailServer({
        tls: { key: good.key, cert: good.pem, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as object,
      }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-no-common-cipher',
  },
  ...(['TLSv1', 'TLSv1.1'] as const).map(
    (version): Case => ({
      name: `${version} only`,
      script: ({ good }) => mailServer({ tls: onlyVersion(good, version) }),
      endpoint: STARTTLS,
      outcome: 'fail',
      phase: 'tls',
      code: 'tls-version',
    }),
  ),
  {
    name: 'TLS 1.1 only, otherwise: warn',
    script: ({ good }) => mailServer({ tls: onlyVersion(good, 'TLSv1.1') }),
    endpoint: { ...STARTTLS, expect: { tls: { atLeast: 'TLSv1.2', otherwise: 'warn' } } },
    outcome: 'warn',
    phase: 'tls',
    code: 'tls-too-old',
  },
  {
    name: 'TLS 1.2, TLS 1.3 expected',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem, maxVersion: 'TLSv1.2' } as object }),
    endpoint: { ...STARTTLS, expect: { tls: { atLeast: 'TLSv1.3' } } },
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-version',
  },
  {
    name: 'TLS alert',
    // Fatal alert 80, internal_error.
    script: () => sendInHandshake([21, 3, 3, 0, 2, 2, 80]),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-alert',
  },
  {
    name: 'a ServerHello of four octets',
    script: () => sendInHandshake([22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 0, 0]),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'tls',
    code: 'tls-failed',
  },
];

function onlyVersion({ key, pem: cert }: Issued, version: 'TLSv1' | 'TLSv1.1'): object {
  return { key, cert, ciphers: 'DEFAULT@SECLEVEL=0', minVersion: version, maxVersion: version };
}

/** Sends octets instead of a handshake. */
function sendInHandshake(octets: readonly number[]): Script {
  return mailServer({
    answers: {
      STARTTLS: async (client) => {
        client.say('220 go\r\n');
        await client.pause(50);
        client.say(Buffer.from(octets));
        await client.hang();
      },
    },
  });
}
