import { type Case, SOON } from '../probe-script.ts';
import { mailServer } from '../scripted-server.ts';
import { answering, auth, hang, offersAuth, STARTTLS } from './scripts.ts';

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

/** An error in a script fails its test. */
function failOnAuth(): void {
  throw new Error('a password was sent');
}
