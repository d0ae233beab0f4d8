import { type Case, SOON } from '../probe-script.ts';
import { type Client, mailServer } from '../scripted-server.ts';
import { answering, auth, hang, offersAuth, STARTTLS } from './scripts.ts';

const offersScram = '250-mx1\r\n250 AUTH SCRAM-SHA-256';
const base64 = (text: string) => Buffer.from(text).toString('base64');

export const authCases: readonly Case[] = [
  {
    name: 'AUTH not offered',
    script: answering({}),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-not-offered',
  },
  {
    name: 'configured mechanism not offered',
    script: answering({ EHLO: offersAuth }),
    endpoint: { auth: { ...auth, mechanism: 'XOAUTH2' } },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-not-offered',
  },
  {
    name: 'AUTH 535',
    script: answering({ EHLO: offersAuth, AUTH: '535 5.7.8 no' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-rejected',
  },
  {
    name: 'AUTH 454',
    script: answering({ EHLO: offersAuth, AUTH: '454 4.7.0 later' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-unavailable',
  },
  {
    name: 'AUTH 538',
    script: answering({ EHLO: offersAuth, AUTH: '538 5.7.11 TLS first' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'tls-required',
  },
  {
    name: 'AUTH 504',
    script: answering({ EHLO: offersAuth, AUTH: '504 5.7.4 Unrecognized authentication type' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-refused',
  },
  {
    name: 'AUTH 535 of a tenant without authenticated SMTP',
    script: answering({
      EHLO: offersAuth,
      AUTH: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-disabled',
  },
  {
    name: 'AUTH 534 that wants an application password',
    script: answering({ EHLO: offersAuth, AUTH: '534 5.7.9 Application-specific password required.' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-app-password',
  },
  {
    name: 'AUTH 421 about a rate',
    script: answering({ EHLO: offersAuth, AUTH: '421 4.7.0 mx1 Error: too many AUTH commands from 192.0.2.1' }),
    endpoint: { auth },
    outcome: 'unable',
    phase: 'auth',
    code: 'vantage-rate-limited',
  },
  {
    name: 'AUTH hang',
    script: answering({ EHLO: offersAuth, AUTH: hang }),
    endpoint: { auth },
    limits: SOON,
    outcome: 'fail',
    phase: 'auth',
    code: 'silence',
  },
  {
    name: 'malformed challenge',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH CRAM-MD5', AUTH: '334 $$$ not base64', '*': '501 cancelled' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-challenge-malformed',
  },
  {
    name: 'LOGIN with prompts that are not base64',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH LOGIN', AUTH: prompts('Username:', 'Password:') }),
    endpoint: { auth },
    outcome: 'pass',
  },
  ...(['502 5.5.1 not implemented', '504 5.5.4 unrecognized mechanism'] as const).map(
    (reply): Case => ({
      name: `PLAIN offered, but ${reply}, and LOGIN works`,
      script: answering({ EHLO: offersAuth, AUTH: onlyLogin(reply) }),
      endpoint: { auth },
      outcome: 'pass',
    }),
  ),
  {
    name: 'all mechanisms offered, but 504',
    script: answering({ EHLO: offersAuth, AUTH: '504 5.5.4 unrecognized mechanism' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-refused',
  },
  {
    name: 'the configured mechanism is not replaced',
    script: answering({ EHLO: offersAuth, AUTH: onlyLogin('504 5.5.4 unrecognized mechanism') }),
    endpoint: { auth: { ...auth, mechanism: 'PLAIN' } },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-refused',
  },
  ...['GSSAPI NTLM', 'SCRAM-SHA-256-PLUS', 'DIGEST-MD5'].map(
    (offered): Case => ({
      name: `only ${offered} offered`,
      script: answering({ EHLO: `250-mx1\r\n250 AUTH ${offered}` }),
      endpoint: { auth },
      outcome: 'unable',
      phase: 'auth',
      code: 'auth-mechanism-unsupported',
    }),
  ),
  {
    name: 'only mechanisms with a token offered, for a password',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH XOAUTH2 OAUTHBEARER' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-not-offered',
  },
  {
    name: 'SCRAM accepted without the signature of the server',
    script: answering({ EHLO: offersScram, AUTH: '235 2.7.0 ok' }),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-challenge-malformed',
    detail: 'the server did not prove its own identity',
  },
  ...Object.entries({
    'a nonce that is not ours': ['r=abc,s=c2FsdA==,i=4096', 'the challenge cannot be answered'],
    'too many iterations': ['r=NONCEx,s=c2FsdA==,i=9000000', 'the challenge cannot be answered'],
    'an extension that must be understood': ['m=x,r=NONCEx,s=c2FsdA==,i=4096', 'the challenge cannot be answered'],
    'a wrong signature': ['r=NONCEx,s=c2FsdA==,i=4096', 'the SCRAM signature of the server is wrong'],
  } as const).map(
    ([name, [first, detail]]): Case => ({
      name: `SCRAM with ${name}`,
      script: answering({ EHLO: offersScram, AUTH: scramServer(first), '*': '501 cancelled' }),
      endpoint: { auth },
      outcome: 'fail',
      phase: 'auth',
      code: 'auth-challenge-malformed',
      detail,
    }),
  ),
  {
    name: 'OAUTHBEARER 535 after an error in JSON',
    script: answering({ EHLO: '250-mx1\r\n250 AUTH OAUTHBEARER', AUTH: refusesToken }),
    endpoint: { auth: { ...auth, mechanism: 'OAUTHBEARER' } },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-rejected',
  },
  {
    name: 'one challenge too many',
    script: answering({ EHLO: offersAuth, AUTH: '334 ', '*': '501 cancelled' }),
    endpoint: { auth: { ...auth, mechanism: 'PLAIN' } },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-challenge-malformed',
  },
  {
    name: 'AUTH with starttls-if-offered, and no STARTTLS',
    script: answering({ EHLO: offersAuth }),
    endpoint: { security: 'starttls-if-offered', auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-withheld',
  },
  ...(['trust', 'name'] as const).map(
    (expectation): Case => ({
      name: `AUTH over TLS, ${expectation} failures are warnings`,
      script: ({ selfSigned, wrongName }) => {
        const { key, pem: cert } = expectation === 'trust' ? selfSigned : wrongName;
        return mailServer({ tls: { key, cert }, inTls: { AUTH: failOnAuth } });
      },
      endpoint: { ...STARTTLS, auth, expect: { certificate: { [expectation]: 'warn' } } },
      outcome: 'fail',
      phase: 'auth',
      code: 'auth-withheld',
    }),
  ),
  {
    name: 'AUTH over TLS with insecure',
    script: ({ selfSigned: { key, pem: cert } }) => mailServer({ tls: { key, cert } }),
    endpoint: { ...STARTTLS, auth, insecure: true },
    outcome: 'pass',
  },
];

function prompts(...texts: readonly string[]) {
  return async (client: Client) => {
    for (const text of texts) {
      client.say(`334 ${text}\r\n`);
      await client.hear();
    }
    client.say('235 2.7.0 ok\r\n');
  };
}

function onlyLogin(reply: string) {
  return async (client: Client, line: string) =>
    line.startsWith('AUTH LOGIN')
      ? prompts(base64('Username:'), base64('Password:'))(client)
      : client.say(`${reply}\r\n`);
}

/** `first`: its first message, with NONCE for that of the client. The signature is always wrong. */
function scramServer(first: string) {
  return async (client: Client, line: string) => {
    const nonce = /r=(.*)/.exec(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString())?.[1] ?? '';
    client.say(`334 ${base64(first.replace('NONCE', nonce))}\r\n`);
    if ((await client.hear()) === '*') return client.say('501 cancelled\r\n');
    client.say(`334 ${base64('v=AAAA')}\r\n`);
    await client.hear('*');
    client.say('501 cancelled\r\n');
  };
}

async function refusesToken(client: Client): Promise<void> {
  client.say(`334 ${base64('{"status":"invalid_token"}')}\r\n`);
  await client.hear('AQ==');
  client.say('535 5.7.8 no\r\n');
}

/** An error in a script fails its test. */
function failOnAuth(): void {
  throw new Error('a password was sent');
}
