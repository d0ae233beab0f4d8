import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Credentials } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { createKnownSecrets } from '../../../lambda/smtp/redaction/mask-known-passwords.ts';
import { probeScript } from '../probe-script.ts';
import { type Client, mailServer, type Script } from '../scripted-server.ts';

const auth = { user: 'probe@example.com', password: 'Öffne dich, Sesam' };
const CHALLENGE = '<1896.697170952@postoffice.example.net>';
const digest = createHmac('md5', auth.password).update(CHALLENGE).digest('hex');

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SECRETS = [
  auth.user,
  auth.password,
  auth.password.toUpperCase(),
  Buffer.from(auth.password).toString('latin1'),
  base64(auth.password),
  base64(auth.password).replace(/=+$/, ''),
  base64(auth.user),
  base64(`\0${auth.user}\0${auth.password}`),
  base64(`user=${auth.user}\x01auth=Bearer ${auth.password}\x01\x01`),
];
const BEARER = base64(`n,a=${auth.user},\x01auth=Bearer ${auth.password}\x01\x01`);
const DIGESTS = [base64(`${auth.user} ${digest}`), digest];

/** Sends challenges, then a refusal with the secrets. */
function refuseWithSecrets(secrets: readonly string[], challenges: readonly string[]) {
  // An octet that is no UTF-8 makes a line Latin-1, and the password in it another text.
  const lines = secrets.flatMap((secret) => [`535-no ${secret}`, Buffer.from(`535-\xff ${secret}`, 'latin1')]);
  return async (client: Client): Promise<void> => {
    for (const challenge of challenges) {
      client.say(`334 ${challenge}\r\n`);
      await client.hear();
    }
    for (const line of lines) client.say(Buffer.concat([Buffer.from(line), Buffer.from('\r\n')]));
    client.say('535 5.7.8 no\r\n');
  };
}

test.each<[NonNullable<Credentials['mechanism']>, readonly string[], readonly string[]]>([
  ['PLAIN', [], SECRETS],
  ['LOGIN', [base64('Username:'), base64('Password:')], SECRETS],
  ['CRAM-MD5', [base64(CHALLENGE)], [...SECRETS, ...DIGESTS]],
  ['XOAUTH2', [base64('{"status":"401"}')], SECRETS],
  ['OAUTHBEARER', [base64('{"status":"invalid_token"}')], [...SECRETS, BEARER]],
])('%s: no output has the echoed credentials', async (mechanism, challenges, secrets) => {
  const answers = { EHLO: `250-mx1\r\n250 AUTH ${mechanism}`, AUTH: refuseWithSecrets(secrets, challenges) };
  const { sample } = await probeScript(mailServer({ answers }), { auth: { ...auth, mechanism } });
  expect(sample).toMatchObject({ outcome: 'fail', phase: 'auth', code: 'auth-rejected' });
  expect(sample.transcript.filter((line) => line === 'S: 535-no ***')).toHaveLength(secrets.length);
  for (const secret of secrets) expect(JSON.stringify(sample)).not.toContain(secret);
});

test('a SCRAM proof that a server echoes is masked', async () => {
  let proof = '';
  const AUTH = async (client: Client, line: string): Promise<void> => {
    const nonce = /r=(.*)/.exec(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString())?.[1];
    client.say(`334 ${base64(`r=${nonce}x,s=c2FsdA==,i=4096`)}\r\n`);
    const answer = await client.hear();
    proof = Buffer.from(answer, 'base64')
      .toString()
      .replace(/^.*,p=/, '');
    client.say(`535-no ${answer}\r\n535 no ${proof}\r\n`);
  };
  const answers = { EHLO: '250-mx1\r\n250 AUTH SCRAM-SHA-256', AUTH };
  const { sample } = await probeScript(mailServer({ answers }), { auth });
  expect(sample).toMatchObject({ code: 'auth-rejected', reply: '535-no ***\n535 no ***' });
  expect(proof).toMatch(/^.{43}=$/);
  expect(JSON.stringify(sample)).not.toContain(proof.slice(0, 12));
});

test('a password that a server knows from an earlier session is redacted before AUTH', async () => {
  const answers = { greeting: `220 mx1 ${auth.password}`, EHLO: `250-${auth.password}\r\n250 SIZE` };
  const { sample } = await probeScript(mailServer({ answers }), { auth });
  expect(sample.greeting).toBe('mx1 ***');
  expect(JSON.stringify(sample)).not.toContain(auth.password);
});

test.each<[string, Partial<Credentials>, string, string]>([
  [
    'AUTH PLAIN cut short',
    { user: 'bob', password: 'hunter2' },
    'unrecognized: AUTH PLAIN AGJvYgBodW50',
    'unrecognized: AUTH PLAIN ***',
  ],
  ['a prefix', {}, 'no correct-hor…', 'no ***…'],
  ['a suffix', {}, 'no …attery-staple', 'no …***'],
  ['its middle', {}, 'no …horse-batt…', 'no …***…'],
  ['seven characters', {}, 'no correct', 'no correct'],
  ['a short password before AUTH', { password: 'hunter2' }, 'is it Hunter2?', 'is it ***?'],
  ['a part of a short password', { password: 'hunter2' }, 'is it hunter?', 'is it hunter?'],
  ['a password that is mostly spaces', { password: 'a b c d e f' }, 'it is a b c d ', 'it is ***'],
  ['an entity in place of a letter', {}, 'no corr&#101;ct-horse', 'no ***'],
  ['an escape of an escape', {}, 'no co%2572rect-horse', 'no ***'],
  ['base64 with its padding in percent', { password: 'correct-horse' }, 'no Y29ycmVjdC1ob3JzZQ%3D%3D', 'no ***'],
])('before AUTH: %s', async (_, credentials, said, shown) => {
  const known = { user: 'probe@example.com', password: 'correct-horse-battery-staple', ...credentials };
  const { sample } = await probeScript(mailServer({ answers: { greeting: `554 ${said}` } }), { auth: known });
  expect(sample.reply).toBe(`554 ${shown}`);
  expect(sample.greeting).toBe(shown);
  expect(sample.transcript).toContain(`S: 554 ${shown}`);
});

test('a password that goes on in the next line, or in the next reply, is masked in both', async () => {
  const known = { user: 'probe@example.com', password: 'correct-horse-battery' };
  const answers = { greeting: '220-corre\r\n220 ct-ho', EHLO: '250-rse-b\r\n250-att\r\n250 SIZE' };
  const { sample } = await probeScript(mailServer({ answers }), { auth: known });
  expect(sample.greeting).toBe('***\n***');
  const said = sample.transcript.filter((line) => line.startsWith('S: '));
  expect(said).toEqual(['S: 220-***', 'S: 220 ***', 'S: 250-***', 'S: 250-***', 'S: 250 SIZE']);
});

test('a reply is classified by what was said, whatever is masked of it', async () => {
  const listed = '554 5.7.1 Service unavailable; Client host blocked using zen.example.net';
  const known = { user: 'probe@example.com', password: 'host blocked using' };
  const { sample } = await probeScript(mailServer({ answers: { greeting: listed } }), { auth: known });
  expect(sample).toMatchObject({
    code: 'vantage-listed',
    reply: '554 5.7.1 Service unavailable; Client *** zen.example.net',
  });
  expect(JSON.stringify(sample)).not.toContain('blocked');
});

test('a greeting is held to what is expected of it as it was said', async () => {
  const known = { user: 'probe@example.com', password: 'ESMTP Postfix' };
  const expected = { greeting: { matches: 'Postfix$' } };
  const { sample } = await probeScript(mailServer(), { auth: known, mailFrom: 'ops@example.com', expect: expected });
  expect(sample.findings.map(({ code }) => code)).not.toContain('greeting-mismatch');
  expect(sample).toMatchObject({ greeting: 'mx1.example.com ***', software: 'Postfix' });
});

/** Challenges without end, whatever is answered. */
const insatiable: Script = async (client) => {
  client.say('220 mx1\r\n');
  await client.hear('EHLO');
  client.say('250-mx1\r\n250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\r\n');
  await client.hear('AUTH');
  for (;;) {
    client.say('334 \r\n');
    if ((await client.hear()) === 'QUIT') client.close();
  }
};

test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'] as const)(
  '%s: challenges without end are one finding',
  async (mechanism) => {
    const { sample, heard } = await probeScript(insatiable, { auth: { ...auth, mechanism } });
    expect(sample.findings.map(({ code }) => code)).toEqual(['auth-challenge-malformed']);
    expect(heard.length).toBeLessThan(8);
    expect(sample.transcript.length).toBeLessThan(20);
  },
);

test('a digest of one session is masked in the next, before AUTH', async () => {
  const secrets = createKnownSecrets();
  const cram = { ...auth, mechanism: 'CRAM-MD5' as const };
  const answers = { EHLO: '250-mx1\r\n250 AUTH CRAM-MD5', AUTH: refuseWithSecrets([], [base64(CHALLENGE)]) };
  await probeScript(mailServer({ answers }), { auth: cram }, {}, { secrets });
  const telltale = { greeting: `554 ${digest.slice(3, 20)} ${base64(`${auth.user} ${digest}`).slice(5)}` };
  const { sample } = await probeScript(mailServer({ answers: telltale }), {}, {}, { secrets });
  expect(sample.reply).toBe('554 ***');
});
