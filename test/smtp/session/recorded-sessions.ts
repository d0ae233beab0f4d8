import type { Endpoint } from '../../../lambda/smtp/endpoint/endpoint.ts';

/** Recorded sessions. Each entry of `said` is the reply to the data that the client sent before it. */
export interface RecordedSession {
  readonly name: string;
  readonly endpoint: Partial<Endpoint>;
  /** `TLS` is a successful handshake. */
  readonly said: readonly (string | typeof TLS)[];
  readonly code: string | null;
}

export const TLS = Symbol('handshake');

const auth = { user: 'probe@example.com', password: 'open sesame' } as const;
const mail = { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] } as const;

export const RECORDED: readonly RecordedSession[] = [
  {
    name: 'Postfix, plain',
    endpoint: {},
    said: [
      '220 mx1.example.com ESMTP Postfix (Debian/GNU)\r\n',
      '250-mx1.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n',
      '221 2.0.0 Bye\r\n',
    ],
    code: null,
  },
  {
    name: 'Postfix with postscreen, STARTTLS, PIPELINING',
    endpoint: { security: 'starttls', ...mail },
    said: [
      '220-mx1.example.com ESMTP Postfix\r\n220 mx1.example.com ESMTP Postfix\r\n',
      '250-mx1.example.com\r\n250-PIPELINING\r\n250 STARTTLS\r\n',
      '220 2.0.0 Ready to start TLS\r\n',
      TLS,
      '250-mx1.example.com\r\n250 PIPELINING\r\n',
      '250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n',
    ],
    code: null,
  },
  {
    name: 'Exim, HELO after a refused EHLO',
    endpoint: { ...mail },
    said: [
      '220 mx1.example.com ESMTP Exim 4.96\r\n',
      '502 what\r\n',
      '250 mx1.example.com Hello\r\n',
      '250 OK\r\n',
      '250 Accepted\r\n',
      '250 Reset OK\r\n',
      '221 bye\r\n',
    ],
    code: null,
  },
  {
    name: 'implicit TLS, AUTH LOGIN',
    endpoint: { security: 'tls', auth: { ...auth, mechanism: 'LOGIN' } },
    said: [
      TLS,
      '220 Gr\xc3\xbc\xc3\x9fe\r\n',
      '250-mx1\r\n250 AUTH LOGIN PLAIN\r\n',
      '334 VXNlcm5hbWU6\r\n',
      '334 UGFzc3dvcmQ6\r\n',
      '235 2.7.0 welcome probe@example.com, open sesame\r\n',
      '221 bye\r\n',
    ],
    code: null,
  },
  {
    name: 'a mail delivered after bogus recipients were refused',
    endpoint: { ...mail, deliver: true, expect: { rcpt: { rejects: ['nobody@example.com'] } } },
    said: [
      '220 mx1\r\n',
      '250-mx1\r\n250 PIPELINING\r\n',
      '250 ok\r\n550 5.1.1 no\r\n250 ok\r\n',
      '250 ok\r\n250 ok\r\n',
      '354 go on\r\n',
      '250 queued\r\n',
      '221 bye\r\n',
    ],
    code: null,
  },
  {
    name: 'greylisted',
    endpoint: { ...mail },
    said: ['220 mx1\r\n', '250-mx1\r\n250 PIPELINING\r\n', '250 ok\r\n450 4.2.0 Greylisted\r\n250 ok\r\n221 bye\r\n'],
    code: 'rcpt-greylisted',
  },
  {
    name: 'refused by a blocklist',
    endpoint: {},
    said: ['554 5.7.1 192.0.2.1 blocked using zen.spamhaus.org\r\n', '221 bye\r\n'],
    code: 'vantage-listed',
  },
  {
    name: 'AUTH echoed and refused',
    endpoint: { auth },
    said: [
      '220 mx1\r\n',
      '250-mx1\r\n250 AUTH PLAIN\r\n',
      '535 5.7.8 no AHByb2JlQGV4YW1wbGUuY29tAG9wZW4gc2VzYW1l for PROBE@example.com\r\n',
      '221 bye\r\n',
    ],
    code: 'auth-rejected',
  },
  { name: 'SSH', endpoint: {}, said: ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'], code: 'not-smtp-ssh' },
  { name: 'LF only, codes without text', endpoint: {}, said: ['220\n', '250\n', '221\n'], code: null },
];
