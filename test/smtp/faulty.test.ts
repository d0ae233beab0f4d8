import { networkInterfaces } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAILURES, type FailureCode } from '../../lambda/smtp/failures.ts';
import { probe } from '../../lambda/smtp/probe.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type Case, hold, SOON } from './hold.ts';
import { type Answers, type Client, polite, type Script, serve } from './scripted-server.ts';
import { unacceptingServer } from './unaccepting-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const hang = (client: Client) => client.hang();
const close = (client: Client) => client.close();
const says =
  (what: string | Buffer): Script =>
  async (client) => {
    client.say(what);
    await client.hang();
  };
const answering = (answers: Answers) => () => polite({ answers });
const greets = (greeting: string) => answering({ greeting });
/** The same said again and again until the client has had enough. */
const forever =
  (what: string): Script =>
  async (client) => {
    const until = Date.now() + 5_000;
    const gone = client.hang().then(
      () => true,
      () => true,
    );
    while (Date.now() < until && !(await Promise.race([gone, client.pause(1).then(() => false)])))
      client.say(what.repeat(50));
  };
const dripping: Script = async (client) => {
  for (const byte of `220 ${'z'.repeat(200)}`) {
    client.say(byte);
    await client.pause(30);
  }
};

const greetings: readonly Case[] = [
  {
    name: 'accepted then silence',
    script: () => hang,
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'silence',
  },
  { name: 'accepted then FIN', script: () => close, outcome: 'fail', phase: 'greeting', code: 'closed' },
  {
    name: 'accepted then RST',
    script: () => async (client) => {
      await client.pause(20);
      client.reset();
    },
    outcome: 'fail',
    phase: 'greeting',
    code: 'reset',
  },
  {
    name: 'greeting 421',
    script: greets('421 4.3.2 mx1 shutting down'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'service-unavailable',
  },
  {
    name: 'greeting 450',
    script: greets('450 4.3.2 not now'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-refused-temporarily',
  },
  {
    name: 'greeting 554',
    script: greets('554 mx1 no SMTP service here'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-refused',
  },
  {
    name: 'greeting 554 about a blocklist',
    script: greets('554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-listed',
  },
  {
    name: 'greeting 554 about a policy',
    script: greets('554 5.7.1 Your IP address has a poor reputation'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-refused',
  },
  {
    name: 'greeting 550 about PTR',
    script: greets('550 5.7.25 no PTR record for 192.0.2.1'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-refused',
  },
  {
    name: 'greeting 421 about a rate',
    script: greets('421 4.7.0 mx1 Error: too many connections from 192.0.2.1'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-rate-limited',
  },
  {
    name: 'greeting 421 without a name for it',
    script: greets('421 4.3.2 too many connections, try again later'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'service-unavailable',
  },
  {
    name: 'SSH',
    script: () => says('SSH-2.0-OpenSSH_9.2\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-ssh',
  },
  {
    name: 'HTTP',
    script: () => says('HTTP/1.1 400 Bad Request\r\n\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-http',
  },
  {
    name: 'HTTP that waits for a request',
    script: () => webServer,
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-http',
  },
  { name: 'POP3', script: () => says('+OK POP3 ready\r\n'), outcome: 'fail', phase: 'greeting', code: 'not-smtp-pop3' },
  {
    name: 'IMAP',
    script: () => says('* OK IMAP4rev1 ready\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-imap',
  },
  {
    name: 'FTP',
    script: () => says('220 (vsFTPd 3.0.5)\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-ftp',
  },
  {
    name: 'TLS on a plain port',
    script: ({ good }) => polite({ implicit: true, tls: { key: good.key, cert: good.pem } }),
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'tls-on-plain-port',
  },
  {
    name: 'plain on a TLS port',
    script: () => polite(),
    endpoint: { security: 'tls' },
    outcome: 'fail',
    phase: 'tls',
    code: 'plain-on-tls-port',
  },
  { name: 'NULs', script: () => says('220 \0\0\0\r\n'), outcome: 'fail', phase: 'greeting', code: 'reply-binary' },
  {
    name: 'binary without a line end',
    script: () => says(Buffer.from([0xff, 0xfe, 0, 1, 2, 3])),
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-binary',
  },
  {
    name: 'an endless greeting',
    script: () => forever('220-and on it goes\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-endless',
  },
  {
    name: 'an endless line',
    script: () => forever('2'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-line-too-long',
  },
  {
    name: 'a byte at a time, never done',
    script: () => dripping,
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-incomplete',
  },
  {
    name: 'mixed codes inside one reply',
    script: greets('220-mx1\r\n250 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-mixed-codes',
  },
  {
    name: 'code out of range',
    script: greets('999 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-code-invalid',
  },
  {
    name: 'a line without a code',
    script: greets('hello there'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-malformed',
  },
  {
    name: 'a code that is no greeting',
    script: greets('200 news.example.com NNTP'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-unexpected',
  },
  {
    name: 'two replies to nothing',
    script: greets('220 mx1\r\n250 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-unsolicited',
  },
];

/** Answers anything but HTTP with a 400, as web servers do. */
async function webServer(client: Client): Promise<void> {
  await client.hearSomething();
  client.say('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  client.close();
}

const hellos: readonly Case[] = [
  {
    name: 'EHLO hang',
    script: answering({ EHLO: hang }),
    limits: SOON,
    outcome: 'fail',
    phase: 'ehlo',
    code: 'silence',
  },
  {
    name: 'EHLO 4xx',
    script: answering({ EHLO: '451 4.3.0 later' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused-temporarily',
  },
  {
    name: 'EHLO 5xx, HELO 5xx',
    script: answering({ EHLO: '502 what', HELO: '550 5.7.1 no' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  {
    name: 'EHLO 550',
    script: answering({ EHLO: '550 5.7.1 bad name' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  {
    name: 'EHLO 421',
    script: answering({ EHLO: '421 4.3.2 bye' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'service-unavailable',
  },
  {
    name: 'HELO-only server where EHLO is asked for',
    script: answering({ EHLO: '502 what' }),
    endpoint: { helo: 'ehlo' },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  { name: 'close after EHLO', script: answering({ EHLO: close }), outcome: 'fail', phase: 'ehlo', code: 'closed' },
  {
    name: 'a reply cut off',
    script: answering({ EHLO: (client) => client.say('250-mx1\r\n250-SI') }),
    limits: SOON,
    outcome: 'fail',
    phase: 'ehlo',
    code: 'reply-incomplete',
  },
  {
    name: 'a reply cut off by FIN',
    script: answering({
      EHLO: (client) => {
        client.say('250-mx1\r\n250-SI');
        client.close();
      },
    }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'closed',
  },
  {
    name: '354 to EHLO',
    script: answering({ EHLO: '354 go on' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'reply-unexpected',
  },
  {
    name: '`250` eight seconds late',
    script: answering({
      EHLO: async (client) => {
        await client.pause(8_000);
        client.say('250 mx1\r\n');
      },
    }),
    outcome: 'warn',
    phase: 'ehlo',
    code: 'slow',
  },
];

const STARTTLS = { security: 'starttls' } as const;
const starttls: readonly Case[] = [
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

const serving = (which: Exclude<keyof Certificates, 'ca'>) => (all: Certificates) =>
  polite({ tls: { key: all[which].key, cert: all[which].pem } });
const certificateCases: readonly Case[] = [
  {
    name: 'certificate expired',
    script: serving('expired'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-expired',
  },
  {
    name: 'certificate not yet valid',
    script: serving('early'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-not-yet-valid',
  },
  {
    name: 'wrong name',
    script: serving('wrongName'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-wrong-name',
  },
  {
    name: 'wrong name that is not judged',
    script: serving('wrongName'),
    endpoint: { ...STARTTLS, expect: { certificate: { name: 'ignore' } } },
    outcome: 'pass',
  },
  {
    name: 'self-signed',
    script: serving('selfSigned'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-self-signed',
  },
  {
    name: 'self-signed, looked at but not judged',
    script: serving('selfSigned'),
    endpoint: { ...STARTTLS, insecure: true },
    outcome: 'pass',
  },
  {
    name: 'unknown issuer',
    script: serving('unknown'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-unknown-issuer',
  },
  {
    name: 'unknown issuer, root served',
    script: ({ unknown, stranger }) => polite({ tls: { key: unknown.key, cert: unknown.pem + stranger.pem } }),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-unknown-issuer',
  },
  {
    name: 'missing intermediate',
    script: serving('behind'),
    endpoint: STARTTLS,
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-missing-intermediate',
  },
  {
    name: 'expiring',
    script: serving('expiring'),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'certificate',
    code: 'certificate-expiring',
  },
  {
    name: 'expiring below the failure threshold',
    script: serving('expiring'),
    endpoint: { ...STARTTLS, expect: { certificate: { failDays: 14 } } },
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-expiring',
  },
  {
    name: 'weak key',
    script: serving('weakKey'),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'certificate',
    code: 'certificate-weak-key',
  },
  {
    name: 'weak signature',
    script: ({ weakSignature: { key, pem } }) => polite({ tls: { key, cert: pem, ciphers: 'DEFAULT@SECLEVEL=0' } }),
    endpoint: STARTTLS,
    outcome: 'warn',
    phase: 'certificate',
    code: 'certificate-weak-signature',
  },
  {
    name: 'certificate expired behind implicit TLS',
    script: ({ expired }) => polite({ implicit: true, tls: { key: expired.key, cert: expired.pem } }),
    endpoint: { security: 'tls' },
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-expired',
  },
];

const auth = { user: 'probe@example.com', password: 'open sesame' };
const offersAuth = '250-mx1\r\n250 AUTH PLAIN LOGIN';
const authCases: readonly Case[] = [
  {
    name: 'AUTH not offered',
    script: answering({}),
    endpoint: { auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-not-offered',
  },
  {
    name: 'the wanted mechanism not offered',
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
    code: 'auth-refused',
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
    name: 'AUTH where TLS was hoped for',
    script: answering({ EHLO: offersAuth }),
    endpoint: { security: 'starttls-if-offered', auth },
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-withheld',
  },
];

const mail = { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] } as const;
const oneByOne = '250 mx1.example.com';
const mailCases: readonly Case[] = [
  {
    name: 'MAIL 452',
    script: answering({ MAIL: '452 4.3.1 Insufficient system storage', RCPT: '503 5.5.1 need MAIL' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'mail',
    code: 'storage-insufficient',
  },
  {
    name: 'MAIL 452 without pipelining',
    script: answering({ EHLO: oneByOne, MAIL: '452 4.3.1 Insufficient system storage' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'mail',
    code: 'storage-insufficient',
  },
  {
    name: 'MAIL 552',
    script: answering({ MAIL: '552 5.3.4 too big' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'mail',
    code: 'storage-exceeded',
  },
  {
    name: 'MAIL 550',
    script: answering({ MAIL: '550 5.1.8 no such domain' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'mail',
    code: 'mail-refused',
  },
  {
    name: 'MAIL 451',
    script: answering({ MAIL: '451 4.1.8 cannot look up the domain' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'mail',
    code: 'mail-refused-temporarily',
  },
  {
    name: 'MAIL 451 where temporary is a warning',
    script: answering({ MAIL: '451 4.1.8 later' }),
    endpoint: { ...mail, expect: { temporary: 'warn' } },
    outcome: 'warn',
    phase: 'mail',
    code: 'mail-refused-temporarily',
  },
  {
    name: 'RCPT 450',
    script: answering({ RCPT: '450 4.2.1 mailbox busy' }),
    endpoint: mail,
    outcome: 'warn',
    phase: 'rcpt',
    code: 'rcpt-refused-temporarily',
  },
  {
    name: 'RCPT 450 greylisting',
    script: answering({ RCPT: '450 4.2.0 Greylisted, see http://postgrey.example.com' }),
    endpoint: mail,
    outcome: 'warn',
    phase: 'rcpt',
    code: 'rcpt-greylisted',
  },
  {
    name: 'RCPT 450 where temporary is a failure',
    script: answering({ RCPT: '450 4.2.0 Greylisted' }),
    endpoint: { ...mail, expect: { temporary: 'fail' } },
    outcome: 'fail',
    phase: 'rcpt',
    code: 'rcpt-greylisted',
  },
  {
    name: 'RCPT 550',
    script: answering({ RCPT: '550 5.1.1 User unknown' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'rcpt-refused',
  },
  {
    name: 'RCPT 550 without pipelining',
    script: answering({ EHLO: oneByOne, RCPT: '550 5.1.1 User unknown' }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'rcpt-refused',
  },
  {
    name: 'RCPT 554 about a blocklist',
    script: answering({ RCPT: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example.net' }),
    endpoint: mail,
    outcome: 'unable',
    phase: 'rcpt',
    code: 'vantage-listed',
  },
  {
    name: 'RCPT 421 and FIN',
    script: answering({
      RCPT: (client) => {
        client.say('421 4.3.2 bye\r\n');
        client.close();
      },
    }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'service-unavailable',
  },
  {
    name: 'RCPT hang',
    script: answering({ RCPT: hang }),
    endpoint: mail,
    limits: SOON,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'silence',
  },
  {
    name: 'FIN amid a group',
    script: answering({ RCPT: close }),
    endpoint: mail,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'closed',
  },
  {
    name: 'DATA 451',
    script: answering({ DATA: '451 4.3.0 filter' }),
    endpoint: { ...mail, deliver: true },
    outcome: 'fail',
    phase: 'data',
    code: 'data-refused-temporarily',
  },
  {
    name: 'DATA 354 then 451',
    script: answering({ '.': '451 4.3.0 filter' }),
    endpoint: { ...mail, deliver: true },
    outcome: 'fail',
    phase: 'data',
    code: 'data-refused-temporarily',
  },
  {
    name: 'DATA 354 then 452',
    script: answering({ '.': '452 4.3.1 full' }),
    endpoint: { ...mail, deliver: true },
    outcome: 'fail',
    phase: 'data',
    code: 'storage-insufficient',
  },
  {
    name: 'DATA 354 then 552',
    script: answering({ '.': '552 5.3.4 too big' }),
    endpoint: { ...mail, deliver: true },
    outcome: 'fail',
    phase: 'data',
    code: 'storage-exceeded',
  },
  {
    name: 'DATA 354 then 550',
    script: answering({ '.': '550 5.7.1 spam' }),
    endpoint: { ...mail, deliver: true },
    outcome: 'fail',
    phase: 'data',
    code: 'data-refused',
  },
  {
    name: 'open relay',
    script: answering({}),
    endpoint: { expect: { rcpt: { accepts: ['ops@example.com'], rejects: ['x@example.net'] } } },
    outcome: 'fail',
    phase: 'rcpt',
    code: 'open-relay',
  },
  {
    name: 'accept-all',
    script: answering({}),
    endpoint: { expect: { rcpt: { accepts: ['ops@example.com'], rejects: ['nobody@example.com'] } } },
    outcome: 'warn',
    phase: 'rcpt',
    code: 'accept-all',
  },
];

const expectations: readonly Case[] = [
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

describe.concurrent.each([
  ['greeting', greetings],
  ['EHLO', hellos],
  ['STARTTLS and TLS', starttls],
  ['certificate', certificateCases],
  ['AUTH', authCases],
  ['mail transaction', mailCases],
  ['expectation', expectations],
] as const)('%s', (_, cases: readonly Case[]) => {
  test.each(cases)('$name', async ({ script, endpoint, limits, outcome, phase, code }) => {
    const trusting = { ca: certificates.ca, serverName: 'mx1.example.com', ...endpoint };
    const { sample } = await hold(script(certificates), trusting, { farewell: 200, ...limits });
    expect(sample).toMatchObject({ outcome, phase: phase ?? null, code: code ?? null });
  });
});

test('every code of a case is in the table, in a phase that the table allows', () => {
  for (const { code, phase } of [
    ...greetings,
    ...hellos,
    ...starttls,
    ...certificateCases,
    ...authCases,
    ...mailCases,
    ...expectations,
  ]) {
    if (code === undefined) continue;
    const told = FAILURES[code as FailureCode].phase;
    expect([told, told === 'ehlo' ? 'ehlo2' : told, 'any'].some((one) => one === 'any' || one === phase)).toBe(true);
  }
});

describe('no connection', () => {
  const endpoint = { security: 'none', ehloName: 'probe.example.com' } as const;

  test('refused', async () => {
    const server = await serve(hang);
    await server.close();
    const sample = await probe({ ...endpoint, host: '127.0.0.1', port: server.port });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-refused' });
  });

  test('unreachable', async () => {
    // A broadcast address: the kernel says ENETUNREACH by itself, nothing is sent.
    const sample = await probe({ ...endpoint, host: '127.255.255.255', port: 25 });
    const connected = Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.family === 'IPv4' && !address.internal);
    expect(sample.code).toBe(connected ? 'connect-unreachable' : 'no-route');
  });

  test('SYN never answered', async ({ skip }) => {
    const server = await unacceptingServer();
    try {
      if (server === null) return skip('this kernel answers SYNs beyond the backlog');
      const sample = await probe({ ...endpoint, host: '127.0.0.1', port: server.port }, { limits: { connect: 500 } });
      expect(sample).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-timeout' });
    } finally {
      await server?.close();
    }
  });

  test('stopped from outside', async () => {
    const server = await serve(hang);
    const stop = new AbortController();
    const sampled = probe({ ...endpoint, host: '127.0.0.1', port: server.port }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect(await sampled).toMatchObject({ outcome: 'unable', code: 'aborted', phase: 'greeting' });
    await server.close();
  });

  test('stopped before it began', async () => {
    const sample = await probe({ ...endpoint, host: '127.0.0.1', port: 1 }, { signal: AbortSignal.abort() });
    expect(sample).toMatchObject({ outcome: 'unable', code: 'aborted' });
  });
});
