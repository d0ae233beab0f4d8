import { beforeAll, describe, expect, test } from 'vitest';
import type { Credentials, Endpoint } from '../../lambda/smtp/endpoint/endpoint.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type Case, probeScript, SOON } from './probe-script.ts';
import { type Client, mailServer, type Script, serve } from './scripted-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const lines = (from: number, to: number, line: (n: number) => string) =>
  Array.from({ length: to - from }, (_, n) => line(from + n)).join('\r\n');

/** Sends the reply one byte per segment. */
const byteWise = (text: string) => async (client: Client) => {
  for (const byte of `${text}\r\n`) {
    client.say(byte);
    await client.pause(1);
  }
};

/** A session with LF instead of CRLF. */
const lineFeedOnly: Script = async (client) => {
  client.say('220 mx1.example.com\n');
  await client.hear('EHLO');
  client.say('250-mx1.example.com\n250 SIZE\n');
  await client.hear('QUIT');
  client.say('221 bye\n');
};

const neverAnswersQuit: Script = mailServer({ answers: { QUIT: (client) => client.hang() } });
const answersQuitLate = async (client: Client) => {
  await client.pause(1_000);
  client.say('221 bye\r\n');
};
const closesAfterQuit: Script = mailServer({
  answers: {
    QUIT: (client) => {
      client.say('221 bye\r\n');
      client.reset();
    },
  },
});

const cases: readonly Case[] = [
  { name: 'plain', script: () => mailServer(), outcome: 'pass' },
  {
    name: 'multi-line greeting',
    script: () =>
      mailServer({
        answers: { greeting: '220-mx1.example.com ESMTP\r\n220-unsolicited mail is unwelcome\r\n220 proceed' },
      }),
    outcome: 'pass',
  },
  {
    name: 'slow greeting (7 s)',
    script: () => async (client) => {
      await client.pause(7_000);
      await mailServer()(client);
    },
    outcome: 'pass',
  },
  {
    name: 'lower-case and mixed-case keywords',
    script: ({ good }) =>
      mailServer({
        answers: { EHLO: '250-mx1\r\n250-Pipelining\r\n250-size 1000\r\n250 starttls' },
        tls: { key: good.key, cert: good.pem },
      }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  { name: 'LF-only lines', script: () => lineFeedOnly, outcome: 'pass' },
  {
    name: 'code without text',
    script: () => mailServer({ answers: { greeting: '220', EHLO: '250', QUIT: '221' } }),
    outcome: 'pass',
  },
  {
    name: 'lines of 4,000 octets',
    script: () => mailServer({ answers: { EHLO: `250-mx1\r\n250-X-LONG ${'x'.repeat(3_980)}\r\n250 SIZE` } }),
    outcome: 'pass',
  },
  {
    name: 'replies one byte per segment',
    script: () =>
      mailServer({ answers: { greeting: byteWise('220 mx1.example.com'), EHLO: byteWise('250-mx1\r\n250 SIZE') } }),
    outcome: 'pass',
  },
  {
    name: '60 EHLO lines',
    script: () => mailServer({ answers: { EHLO: `250-mx1\r\n${lines(0, 58, (n) => `250-X-${n}`)}\r\n250 SIZE` } }),
    outcome: 'pass',
  },
  {
    name: 'last line `250 STARTTLS`',
    script: ({ good }) =>
      mailServer({ answers: { EHLO: '250-mx1.example.com\r\n250 STARTTLS' }, tls: { key: good.key, cert: good.pem } }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  { name: 'HELO-only server', script: () => mailServer({ answers: { EHLO: '502 5.5.1 EHLO?' } }), outcome: 'pass' },
  {
    name: 'HELO asked for',
    script: () => mailServer({ answers: { EHLO: (client) => client.reset() } }),
    endpoint: { helo: 'helo' },
    outcome: 'pass',
  },
  { name: 'QUIT never answered', script: () => neverAnswersQuit, limits: { quit: 200 }, outcome: 'pass' },
  { name: 'close right after 221', script: () => closesAfterQuit, outcome: 'pass' },
  {
    name: 'UTF-8 greeting',
    script: () => mailServer({ answers: { greeting: (client) => client.say(Buffer.from('220 mx1 Grüße ✉\r\n')) } }),
    outcome: 'pass',
  },
  {
    name: '8-bit greeting',
    script: () =>
      mailServer({ answers: { greeting: (client) => client.say(Buffer.from('220 mx1 Gr\xfc\xdfe\r\n', 'latin1')) } }),
    outcome: 'pass',
  },
  {
    name: 'STARTTLS',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem } }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  {
    name: 'STARTTLS with TLS 1.2',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem, maxVersion: 'TLSv1.2' } as object }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  {
    name: 'implicit TLS',
    script: ({ good }) => mailServer({ implicit: true, tls: { key: good.key, cert: good.pem } }),
    endpoint: { security: 'tls' },
    outcome: 'pass',
  },
  {
    name: 'starttls-if-offered, offered',
    script: ({ good }) => mailServer({ tls: { key: good.key, cert: good.pem } }),
    endpoint: { security: 'starttls-if-offered' },
    outcome: 'pass',
  },
  {
    name: 'starttls-if-offered, not offered',
    script: () => mailServer({ answers: { EHLO: '250 mx1' } }),
    endpoint: { security: 'starttls-if-offered' },
    outcome: 'pass',
  },
  {
    name: 'chain with its intermediate',
    script: ({ belowIntermediate, intermediate }) =>
      mailServer({ tls: { key: belowIntermediate.key, cert: belowIntermediate.pem + intermediate.pem } }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  {
    name: 'a certificate without a subject',
    script: ({ withoutSubject }) => mailServer({ tls: { key: withoutSubject.key, cert: withoutSubject.pem } }),
    endpoint: { security: 'starttls' },
    outcome: 'pass',
  },
  {
    name: 'a recipient accepted',
    script: () => mailServer(),
    endpoint: { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] },
    outcome: 'pass',
  },
  {
    name: 'a recipient accepted without pipelining',
    script: () => mailServer({ answers: { EHLO: '250 mx1' } }),
    endpoint: { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] },
    outcome: 'pass',
  },
  {
    name: 'a mail delivered',
    script: () => mailServer(),
    endpoint: { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'], deliver: true },
    outcome: 'pass',
  },
  {
    name: 'bogus and foreign recipients refused',
    script: () =>
      mailServer({ answers: { RCPT: ['250 ok', '550 5.1.1 User unknown', '554 5.7.1 Relay access denied'] } }),
    endpoint: { expect: { rcpt: { accepts: ['ops@example.com'], rejects: ['nobody@example.com', 'x@example.net'] } } },
    outcome: 'pass',
  },
];

describe.concurrent('a healthy server passes', () => {
  test.each(cases)('$name', async ({ script, endpoint, limits, outcome }) => {
    const { sample, heard } = await probeScript(script(certificates), withCa(endpoint), limits);
    expect(sample).toMatchObject({ outcome, findings: [] });
    expect(heard.at(-1)).toBe('QUIT');
  });

  test.each(Object.keys(challenges) as (keyof typeof challenges)[])('AUTH %s', async (mechanism) => {
    const auth = { user: 'probe@example.com', password: 'open sesame', mechanism };
    const { good } = certificates;
    const inTls = { EHLO: `250-mx1\r\n250 AUTH ${mechanism}`, AUTH: challenges[mechanism] };
    const script = mailServer({ tls: { key: good.key, cert: good.pem }, inTls });
    const { sample, heard } = await probeScript(script, withCa({ security: 'starttls', auth }));
    expect(sample).toMatchObject({ outcome: 'pass', findings: [] });
    expect(sample.timings.auth).toBeGreaterThan(0);
    expect(heard.at(-1)).toBe('QUIT');
    expect(sample.transcript.join()).not.toMatch(/sesame|b3BlbiBzZXNhbWU|cHJvYmVAZXhhbXBsZS5jb20/);
  });

  test('IPv6', async () => {
    const server = await serve(mailServer(), '::1');
    const sample = await probe({ host: '[::1]', port: server.port, security: 'none', ehloName: 'probe.example.com' });
    await server.close();
    expect(sample).toMatchObject({ outcome: 'pass', address: '::1' });
  });

  test.each(['[::1]', '::1'])('IPv6, with a certificate for %s', async (host) => {
    const { key, pem: cert } = certificates.good;
    const server = await serve(mailServer({ tls: { key, cert } }), '::1');
    const where = { host, port: server.port, security: 'starttls', ehloName: 'probe.example.com' } as const;
    const sample = await probe({ ...where, ca: certificates.ca });
    await server.close();
    expect(sample).toMatchObject({ outcome: 'pass', address: '::1' });
  });
});

/** The exact responses of each mechanism: RFC 4616, 2195 and the vendors' pages. */
const challenges: Readonly<
  Record<NonNullable<Credentials['mechanism']>, (client: Client, line: string) => Promise<void>>
> = {
  PLAIN: async (client, line) => {
    client.say(line === `AUTH PLAIN ${base64('\0probe@example.com\0open sesame')}` ? '235 ok\r\n' : '535 no\r\n');
  },
  LOGIN: async (client) => {
    client.say(`334 ${base64('Username:')}\r\n`);
    await client.hear(base64('probe@example.com'));
    client.say(`334 ${base64('Password:')}\r\n`);
    await client.hear(base64('open sesame'));
    client.say('235 ok\r\n');
  },
  'CRAM-MD5': async (client) => {
    client.say(`334 ${base64('<1896.697170952@postoffice.example.net>')}\r\n`);
    const { createHmac } = await import('node:crypto');
    const digest = createHmac('md5', 'open sesame').update('<1896.697170952@postoffice.example.net>').digest('hex');
    await client.hear(base64(`probe@example.com ${digest}`));
    client.say('235 ok\r\n');
  },
  XOAUTH2: async (client, line) => {
    const expected = base64('user=probe@example.com\x01auth=Bearer open sesame\x01\x01');
    client.say(line === `AUTH XOAUTH2 ${expected}` ? '235 ok\r\n' : '535 no\r\n');
  },
  OAUTHBEARER: async (client, line) => {
    const [, , response = ''] = line.split(' ');
    const said = Buffer.from(response, 'base64').toString();
    const pattern = /^n,a=probe@example\.com,;host=127\.0\.0\.1;port=\d+;auth=Bearer open sesame;;$/;
    client.say(pattern.test(said.replaceAll('\x01', ';')) ? '235 ok\r\n' : '535 no\r\n');
  },
  'SCRAM-SHA-1': (client, line) => checkScram('sha1', client, line),
  'SCRAM-SHA-256': (client, line) => checkScram('sha256', client, line),
};

/** A server that has the stored and the server key (RFC 5802 3), and checks the proof with them. */
async function checkScram(hash: string, client: Client, line: string): Promise<void> {
  const crypto = await import('node:crypto');
  const hmac = (key: Buffer, text: string) => crypto.createHmac(hash, key).update(text).digest();
  const digest = (data: Buffer) => crypto.createHash(hash).update(data).digest();
  const plain = (text: string) => Buffer.from(text, 'base64').toString();
  const salted = crypto.pbkdf2Sync('open sesame', 'salt', 4096, digest(Buffer.alloc(0)).length, hash);
  const storedKey = digest(hmac(salted, 'Client Key'));
  const bare = plain(line.split(' ')[2] ?? '').replace(/^n,,/, '');
  const first = `${bare.replace(/^.*,(?=r=)/, '')}3rfcNHYJ,s=${base64('salt')},i=4096`;
  client.say(`334 ${base64(first)}\r\n`);
  const [withoutProof = '', proof = ''] = plain(await client.hear()).split(',p=');
  const signed = `${bare},${first},${withoutProof}`;
  const signature = hmac(storedKey, signed);
  const clientKey = Buffer.from(proof, 'base64').map((octet, at) => octet ^ (signature[at] ?? 0));
  if (!digest(clientKey as Buffer).equals(storedKey)) return client.say('535 no\r\n');
  client.say(`334 ${base64(`v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`)}\r\n`);
  await client.hear('');
  client.say('235 ok\r\n');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function withCa(endpoint: Partial<Endpoint> = {}): Partial<Endpoint> {
  return { ca: certificates.ca, serverName: 'mx1.example.com', ...endpoint };
}

describe('the sample of a session', () => {
  test('facts, timings and a transcript', async () => {
    const { good } = certificates;
    const { sample } = await probeScript(
      mailServer({ tls: { key: good.key, cert: good.pem } }),
      withCa({ security: 'starttls' }),
    );
    expect(sample).toMatchObject({
      address: '127.0.0.1',
      greeting: 'mx1.example.com ESMTP Postfix',
      software: 'Postfix',
      extensions: {
        beforeTls: { SIZE: ['10240000'], STARTTLS: [] },
        afterTls: { AUTH: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'] },
      },
      tls: {
        version: 'TLSv1.3',
        keyExchange: 'X25519',
        certificate: {
          subject: 'CN=mx1.example.com',
          keyType: 'EC P-256',
          keyBits: 256,
          daysLeft: 89,
          signature: 'ecdsa-with-SHA256',
          names: ['mx1.example.com', '127.0.0.1', '0:0:0:0:0:0:0:1'],
        },
      },
    });
    expect(Object.keys(sample.timings)).toEqual(['connect', 'greeting', 'ehlo', 'starttls', 'tls', 'ehlo2']);
    expect(sample.transcript).toContain('C: EHLO probe.example.com');
    expect(sample.transcript).toContain('S: 250 8BITMIME');
  });

  test('the chain as served, without the root', async () => {
    const { belowIntermediate, intermediate } = certificates;
    const { sample } = await probeScript(
      mailServer({ tls: { key: belowIntermediate.key, cert: belowIntermediate.pem + intermediate.pem } }),
      withCa({ security: 'starttls' }),
    );
    expect(sample.tls?.certificate?.chain).toEqual(['CN=mx1.example.com', 'CN=Issuing R1, O=Example Trust']);
  });

  test('the verdict does not wait for the reply to QUIT', async () => {
    const { sample } = await probeScript(neverAnswersQuit, {}, { ...SOON, quit: 4_000 });
    expect(sample.total).toBeLessThan(3_900);
  });

  test('waitForQuit adds the time of QUIT, and does not change the verdict', async () => {
    const server = await serve(mailServer({ answers: { QUIT: answersQuitLate } }));
    const where = { host: '127.0.0.1', port: server.port, security: 'none', ehloName: 'probe.example.com' } as const;
    const quitBudget = { latency: { phases: { quit: { warn: 100 } } } };
    const sample = await probe(where, { waitForQuit: true });
    const slow = await probe({ ...where, expect: quitBudget }, { waitForQuit: true });
    const endless = await probe({ ...where, expect: quitBudget }, { waitForQuit: true, limits: { quit: 120 } });
    await server.close();
    expect(sample.outcome).toBe('pass');
    expect(sample.timings.quit).toBeGreaterThan(900);
    for (const { outcome, phase, code } of [slow, endless])
      expect([outcome, phase, code]).toEqual(['warn', 'quit', 'slow']);
    const others = Object.entries(sample.timings).filter(([phase]) => phase !== 'quit');
    expect(sample.total).toBeLessThan(others.reduce((sum, [, time]) => sum + time, 0) + 800);
  });
});
