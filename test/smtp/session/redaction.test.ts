import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Credentials } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { probeScript } from '../probe-script.ts';
import { type Client, mailServer } from '../scripted-server.ts';

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
])('%s: no output has the echoed credentials', async (mechanism, challenges, secrets) => {
  const answers = { EHLO: `250-mx1\r\n250 AUTH ${mechanism}`, AUTH: refuseWithSecrets(secrets, challenges) };
  const { sample } = await probeScript(mailServer({ answers }), { auth: { ...auth, mechanism } });
  expect(sample).toMatchObject({ outcome: 'fail', phase: 'auth', code: 'auth-rejected' });
  expect(sample.transcript.filter((line) => line === 'S: 535-no ***')).toHaveLength(secrets.length);
  for (const secret of secrets) expect(JSON.stringify(sample)).not.toContain(secret);
});

test('a password that a server knows from an earlier session is redacted before AUTH', async () => {
  const answers = { greeting: `220 mx1 ${auth.password}`, EHLO: `250-${auth.password}\r\n250 SIZE` };
  const { sample } = await probeScript(mailServer({ answers }), { auth });
  expect(sample.greeting).toBe('mx1 ***');
  expect(JSON.stringify(sample)).not.toContain(auth.password);
});
