/** Sessions with a real mailbox: Dovecot's IMAP and POP3. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { MailboxCredentials, MailboxEndpoint } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../../lambda/mailbox/session/mailbox-report.ts';
import { describeServer } from './describe-server.ts';
import {
  type DovecotMailbox,
  type MailboxDoor,
  missingDovecotMailbox,
  startDovecotMailbox,
} from './dovecot-mailbox.ts';
import { makeOptions, WORLD } from './server.ts';
import { unexpectedLines } from './trips/log-reasons.ts';

const run = promisify(execFile);

const SECOND_OPINION = `
import hashlib, imaplib, json, poplib, ssl, sys
imaps, pop3s, user, password = sys.argv[1:]
context = ssl._create_unverified_context()
imap = imaplib.IMAP4_SSL('127.0.0.1', int(imaps), ssl_context=context)
imap.login(user, password)
imap.select('INBOX', readonly=True)
uid = imap.uid('SEARCH', 'HEADER', 'X-Trip', 'second-opinion')[1][0].decode()
raw = imap.uid('FETCH', uid, '(BODY.PEEK[])')[1][0][1]
validity = imap.response('UIDVALIDITY')[1][0].decode()
imap.logout()
pop = poplib.POP3_SSL('127.0.0.1', int(pop3s), context=context)
pop.user(user)
pop.pass_(password)
number, unique_id = pop.uidl()[1][-1].decode().split(' ')
lines = b''.join(line + b'\\r\\n' for line in pop.retr(int(number))[1])
pop.quit()
digest = lambda octets: hashlib.sha256(octets).hexdigest()
print(json.dumps({'uid': uid, 'uidValidity': validity, 'uniqueId': unique_id, 'byImap': digest(raw), 'byPop3': digest(lines)}))
`;

const PASSWORD: MailboxCredentials = { user: WORLD.user, password: WORLD.password };

function message(token: string, lines = 3): string {
  const body = Array.from({ length: lines }, (_, nth) => `line ${nth} of the message`).join('\r\n');
  return [
    'Received: from mx.example.com by mx.example.com; Thu, 26 Nov 2026 10:00:00 +0000',
    'From: probe@example.com',
    `X-Trip: ${token}`,
    'Subject: a trip',
    '',
    body,
    '.a line with a dot',
    '',
  ].join('\r\n');
}

describeServer('Dovecot', missingDovecotMailbox(), () => {
  let options: Awaited<ReturnType<typeof makeOptions>>;
  let server: DovecotMailbox;

  beforeAll(async () => {
    options = await makeOptions();
    server = await startDovecotMailbox(options);
  });

  afterAll(async () => {
    await server?.stop();
    await options?.remove();
  });

  const endpointOf = (door: MailboxDoor): MailboxEndpoint => ({
    protocol: door.startsWith('imap') ? 'imap' : 'pop3',
    host: '127.0.0.1',
    port: server.ports[door],
    security: door.endsWith('s') ? 'tls' : 'starttls',
    serverName: WORLD.host,
    ca: options.certificate.ca,
  });

  describe.each<MailboxDoor>(['imap', 'imaps', 'pop3', 'pop3s'])('%s', (door) => {
    test('finds, reads and removes a message, and no other', async () => {
      const [ours, others] = [message(`ours-${door}`, 100), message(`others-${door}`)];
      await server.deliver(ours);
      await server.deliver(others);
      const mailbox = await openMailbox(endpointOf(door), PASSWORD);
      const selected = await mailbox.select('INBOX');
      expect(selected.messages).toBeGreaterThanOrEqual(2);
      const since = Date.now();
      const header = ['X-Trip', `ours-${door}`] as const;
      const found = await mailbox.search(door.startsWith('imap') ? { since, header } : { header });
      expect(found).toHaveLength(1);
      const [id = ''] = found;
      const fetched = await mailbox.fetch(id, 1_000_000);
      expect(fetched.raw.toString()).toBe(ours);
      expect(fetched).toMatchObject({ truncated: false, size: Buffer.byteLength(ours) });
      if (door.startsWith('imap')) expect(Math.abs((fetched.arrived ?? 0) - Date.now())).toBeLessThan(600_000);
      const part = await mailbox.fetch(id, 600);
      expect(part).toMatchObject({ truncated: true, size: Buffer.byteLength(ours) });
      expect(part.raw.length).toBeGreaterThan(300);
      expect(ours.startsWith(part.raw.toString())).toBe(true);
      expect(await mailbox.remove([id])).toBe(door.startsWith('imap') ? 'expunged' : 'at-end');
      await mailbox.end();
      const report = mailbox.report();
      expect(report.findings).toEqual([]);
      expect(report.transcript.join('\n')).not.toMatch(/sesame|X-Trip: |line 0|probe@/);
      expect(report.transcript.join('\n')).toContain('TLSv1.3');
      const again = await openMailbox(endpointOf(door), PASSWORD);
      await again.select('INBOX');
      expect(await again.search({ header })).toEqual([]);
      expect(await again.search({ header: ['x-trip', `others-${door}`] })).toHaveLength(1);
      await again.end();
    });

    test('a wrong password', async () => {
      const error = await openMailbox(endpointOf(door), { ...PASSWORD, password: 'close sesame' }).catch((e) => e);
      expect(error).toBeInstanceOf(MailboxError);
      expect(error.failure).toMatchObject({ phase: 'auth', code: 'auth-rejected', outcome: 'fail' });
      expect(JSON.stringify(error.report)).not.toMatch(/sesame/);
      expect(error.report.transcript.at(-1)).not.toMatch(/closed/);
    });

    test('an access token', async () => {
      const mailbox = await openMailbox(endpointOf(door), { user: WORLD.user, accessToken: WORLD.token });
      await mailbox.select('INBOX');
      await mailbox.end();
      expect(JSON.stringify(mailbox.report())).not.toContain(WORLD.token);
      const wrong = await openMailbox(endpointOf(door), { user: WORLD.user, accessToken: 'ya29.wrong' }).catch(
        (e) => e,
      );
      expect(wrong.failure).toMatchObject({ phase: 'auth', code: 'auth-rejected' });
    });
  });

  test('folders have their names and uses, and each can be selected', async () => {
    const mailbox = await openMailbox(endpointOf('imaps'), PASSWORD);
    const folders = await mailbox.folders();
    expect(folders.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'INBOX', use: 'inbox', selectable: true },
      { name: 'Spamverdachtü', use: 'junk', selectable: true },
      { name: 'Trash', use: 'trash', selectable: true },
    ]);
    for (const { name } of folders) expect(await mailbox.select(name)).toMatchObject({ name, readOnly: false });
    const missing = await mailbox.select('No such folder').catch((error) => error);
    expect(missing).toMatchObject({ fatal: false, failure: { phase: 'select', code: 'folder-missing' } });
    expect(await mailbox.select('inbox')).toMatchObject({ name: 'inbox' });
    await mailbox.end();
    const { timings } = mailbox.report();
    expect(Object.keys(timings)).toEqual(
      expect.arrayContaining(['connect', 'tls', 'greeting', 'auth', 'list', 'select', 'logout']),
    );
  });

  /** What Python's imaplib and poplib read: another implementation of both protocols. */
  test('the clients of Python read the same identifiers and octets', async () => {
    await server.deliver(message('second-opinion', 2_000));
    const imap = await openMailbox(endpointOf('imaps'), PASSWORD);
    const { uidValidity } = await imap.select('INBOX');
    const [uid = ''] = await imap.search({ header: ['X-Trip', 'second-opinion'] });
    const byImap = (await imap.fetch(uid, 1_000_000)).raw;
    await imap.end();
    const pop3 = await openMailbox(endpointOf('pop3s'), PASSWORD);
    await pop3.select('INBOX');
    const [uniqueId = ''] = await pop3.search({ header: ['X-Trip', 'second-opinion'] });
    const byPop3 = (await pop3.fetch(uniqueId, 1_000_000)).raw;
    await pop3.end();
    expect(byPop3.equals(byImap)).toBe(true);
    const { imaps, pop3s } = server.ports;
    const settings = [String(imaps), String(pop3s), WORLD.user, WORLD.password];
    const { stdout } = await run('python3', ['-c', SECOND_OPINION, ...settings]);
    const digest = createHash('sha256').update(byImap).digest('hex');
    expect(JSON.parse(stdout)).toEqual({ uid, uidValidity, uniqueId, byImap: digest, byPop3: digest });
  });

  test('messages that arrive during a session of IMAP are found', async () => {
    const mailbox = await openMailbox(endpointOf('imap'), PASSWORD);
    await mailbox.select('INBOX');
    expect(await mailbox.search({ header: ['X-Trip', 'late'] })).toEqual([]);
    await server.deliver(message('late'));
    expect(await mailbox.search({ header: ['X-Trip', 'late'] })).toHaveLength(1);
    await mailbox.end();
  });

  test('a refresh token gets the access token', async () => {
    const issuer = createServer((request, response) => {
      response.setHeader('connection', 'close');
      if (request.method === 'POST') response.end(JSON.stringify({ access_token: WORLD.token, expires_in: 3600 }));
      else response.writeHead(405).end();
    });
    await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening));
    const tokenEndpoint = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`;
    const mailbox = await openMailbox(endpointOf('imaps'), {
      user: WORLD.user,
      refreshToken: '1//refresh-sesame',
      clientId: 'client',
      tokenEndpoint,
    });
    await mailbox.select('INBOX');
    await mailbox.end();
    issuer.close();
  });

  test('its log has no complaint about the protocol', () => {
    expect(server.log().length).toBeGreaterThan(0);
    expect(unexpectedLines('Dovecot', server.log())).toEqual([]);
  });
});

describeServer('Dovecot without UIDPLUS', missingDovecotMailbox(), () => {
  test('messages are only marked, with a warning', async () => {
    const options = await makeOptions();
    const server = await startDovecotMailbox(options, 'IMAP4rev1 LITERAL+ AUTH=PLAIN');
    try {
      await server.deliver(message('marked'));
      const endpoint = {
        protocol: 'imap',
        host: '127.0.0.1',
        port: server.ports.imaps,
        security: 'tls',
        serverName: WORLD.host,
        ca: options.certificate.ca,
      } as const;
      const mailbox = await openMailbox(endpoint, PASSWORD);
      await mailbox.select('INBOX');
      expect(await mailbox.remove(await mailbox.search({ header: ['X-Trip', 'marked'] }))).toBe('flagged');
      await mailbox.end();
      expect(mailbox.report().findings.map(({ code }) => code)).toEqual(['expunge-unsafe']);
      const again = await openMailbox(endpoint, PASSWORD);
      expect(await again.select('INBOX')).toMatchObject({ messages: 1 });
      await again.end();
    } finally {
      await server.stop();
      await options.remove();
    }
  });
});
