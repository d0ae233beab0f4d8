/** The limits against a hostile server, over real TLS: time, memory, and nothing removed that was not named. */

import { beforeAll, describe, expect, test } from 'vitest';
import type { MailboxLimits } from '../../lambda/mailbox/session/mailbox-limits.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import type { Client } from '../smtp/scripted-server.ts';
import { HOSTILE_CASES, imap, million, pop3, SOON } from './hostile-servers.ts';
import { everything, mailboxScript, type ScriptedMailbox, visit } from './scripted-mailbox.ts';

let certificate: Issued;
beforeAll(async () => {
  certificate = await issue({ subject: 'CN=mx1.example.com', names: ['mx1.example.com', '127.0.0.1'] });
});

/** A server of IMAP with implicit TLS, whose certificate is trusted. */
const imaps = () => ({ protocol: 'imap', security: 'tls', ca: certificate.pem }) as const;

/** Loaded machines fire timers late. */
const SLACK = 8_000;
const MEBIBYTE = 2 ** 20;

const within = (limits: Partial<MailboxLimits> = {}) => (limits === SOON ? 5_000 : 20_000) + SLACK;

describe.each(HOSTILE_CASES)('$server.protocol: $name', ({ server, code, phase, limits, warnings = [] }) => {
  test(`${code ?? 'nothing fails'}`, async () => {
    const before = memory();
    const endpoint = { protocol: server.protocol, security: server.security ?? 'tls', ca: certificate.pem };
    const seen = await visit(mailboxScript(server, certificate), endpoint, limits === undefined ? {} : { limits });
    if (code === null) expect(seen.failure).toBeNull();
    else expect(seen.failure?.code).toMatch(new RegExp(`^(?:${code})$`));
    if (phase !== undefined) expect(seen.failure?.phase).toBe(phase);
    if (code === null) expect(seen.report.findings.map((found) => found.code)).toEqual(warnings);
    expect(seen.took).toBeLessThan(within(limits));
    expect(Buffer.byteLength(seen.report.transcript.join('\n'))).toBeLessThanOrEqual(8_192);
    expect(JSON.stringify(seen.report)).not.toMatch(/sesame/);
    // The server is in this process, with what it has queued.
    expect(memory() - before).toBeLessThan(120 * MEBIBYTE);
    if (server.security === 'starttls' && seen.failure?.phase === 'starttls') {
      expect(seen.heard.join('\n')).not.toMatch(/AUTHENTICATE|LOGIN |PASS/);
    }
  });
});

function memory(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('credentials', () => {
  test.each(['imap', 'pop3'] as const)(
    'are not sent by %s to a server whose certificate is not trusted',
    async (protocol) => {
      const seen = await visit(mailboxScript({ protocol }, certificate), { protocol, security: 'tls' });
      expect(seen.failure).toMatchObject({ phase: 'certificate', code: 'certificate-self-signed' });
      expect(seen.heard).toEqual([]);
    },
  );

  test('nor where an untrusted certificate is only a warning', async () => {
    const expectations = { certificate: { trust: 'warn' } } as const;
    const endpoint = { protocol: 'imap', security: 'tls', expect: expectations } as const;
    const seen = await visit(mailboxScript({ protocol: 'imap' }, certificate), endpoint);
    expect(seen.failure).toMatchObject({ phase: 'auth', code: 'auth-withheld' });
    expect(seen.heard).toEqual([]);
  });

  test('are sent to any server with `insecure`', async () => {
    const endpoint = { protocol: 'imap', security: 'tls', insecure: true } as const;
    const seen = await visit(mailboxScript({ protocol: 'imap' }, certificate), endpoint);
    expect(seen.failure).toBeNull();
  });
});

test.each<[string, ScriptedMailbox, string | null]>([
  [
    'IMAP',
    imap({
      greeting: `* OK ${'y'.repeat(100_000)}`,
      CAPABILITY: `* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ${million.slice(0, 10_000).join(' ')} ${'X'.repeat(50_000)}\r\nTAG OK`,
    }),
    null,
  ],
  [
    'IMAP, of names that are too long',
    imap({ greeting: '* OK', CAPABILITY: `* CAPABILITY ${'X'.repeat(100_000)}\r\nTAG OK` }),
    'capability-missing',
  ],
  ['POP3', pop3({ greeting: `+OK ${'y'.repeat(8_000)}`, CAPA: `+OK\r\n${'X'.repeat(60_000)}\r\n.` }), null],
])('the report of %s has bounded texts', async (_, server, code) => {
  const endpoint = { protocol: server.protocol, security: 'tls', ca: certificate.pem } as const;
  const { report, failure } = await visit(mailboxScript(server, certificate), endpoint);
  expect(failure?.code ?? null).toBe(code);
  expect(JSON.stringify(report).length).toBeLessThan(24_000);
});

test('a password in the certificate of a server is masked', async () => {
  const telling = await issue({ subject: 'CN=open sesame', names: ['127.0.0.1', 'open.sesame.example.com'] });
  const endpoint = { protocol: 'imap', security: 'tls', ca: telling.pem } as const;
  const { report } = await visit(mailboxScript({ protocol: 'imap' }, telling), endpoint);
  expect(report.tls?.certificate?.subject).toBe('CN=***');
});

test.each<[string, (client: Client) => Promise<void> | void, string]>([
  ['a server without TLS on a port with it', (client) => client.say('* OK ready\r\n'), 'plain-on-tls-port'],
  ['a server that closes in the handshake', (client) => client.hearSomething().then(() => client.close()), 'closed'],
  [
    'a server that resets in the handshake',
    (client) => client.hearSomething().then(() => client.reset()),
    'reset|closed',
  ],
])('%s', async (_, script, code) => {
  const { failure } = await visit(script, imaps());
  expect(failure?.phase).toBe('tls');
  expect(failure?.code).toMatch(new RegExp(`^(?:${code})$`));
});

test('only what was named is removed, and CLOSE is never sent', async () => {
  const { heard } = await visit(mailboxScript({ protocol: 'imap' }, certificate), imaps());
  const changes = heard.filter((line) => /STORE|EXPUNGE|CLOSE|DELETE|MOVE/.test(line));
  expect(changes.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'UID STORE 7 +FLAGS.SILENT (\\Deleted)',
    'UID EXPUNGE 7',
  ]);
});

test('a message after a fetch that was refused is not read', async () => {
  const late = `* 1 FETCH (UID 7 BODY[] {50000}\r\n${'x'.repeat(50_000)})\r\nTAG OK`;
  const answers = { 'UID FETCH': 'TAG NO not now', 'UID SEARCH': late };
  const { failure } = await visit(
    mailboxScript({ protocol: 'imap', answers }, certificate),
    imaps(),
    {},
    async (mailbox) => {
      await mailbox.select('INBOX');
      await expect(mailbox.fetch('7', 100_000)).rejects.toMatchObject({ fatal: false });
      await mailbox.search({});
    },
  );
  expect(failure).toMatchObject({ phase: 'search', code: 'literal-too-large' });
});

test('the deadline holds for the whole session', async () => {
  const slow = (client: Client, tag: string) => client.pause(150).then(() => client.say(`${tag} OK\r\n`));
  const script = mailboxScript({ protocol: 'imap', answers: { NOOP: slow } }, certificate);
  const seen = await visit(script, imaps(), { limits: { deadline: 4_000 } }, async (mailbox) => {
    await mailbox.select('INBOX');
    for (;;) await mailbox.search({});
  });
  expect(seen.failure).toMatchObject({ phase: 'search', code: 'silence' });
  expect(seen.failure?.detail).toMatch(/the time of the session was up$/);
  expect(seen.took).toBeLessThan(4_000 + SLACK);
});

test('a session that is left alone ends at its deadline', async () => {
  const script = mailboxScript({ protocol: 'imap' }, certificate);
  const seen = await visit(script, imaps(), { limits: { deadline: 4_000 } }, async (mailbox) => {
    await mailbox.select('INBOX');
    await new Promise((later) => setTimeout(later, 4_500));
    await mailbox.search({});
  });
  expect(seen.failure).toMatchObject({ code: 'aborted', outcome: 'unable' });
});

test('an abort ends a session at once, and before it begins', async () => {
  const script = mailboxScript({ protocol: 'imap', answers: { SELECT: (client) => client.hang() } }, certificate);
  const seen = await visit(script, imaps(), { signal: AbortSignal.timeout(400) });
  expect(seen.failure).toMatchObject({ code: 'aborted', outcome: 'unable' });
  expect(seen.took).toBeLessThan(400 + SLACK);
  const never = await visit(script, imaps(), { signal: AbortSignal.abort() });
  expect(never.failure).toMatchObject({ code: 'aborted', phase: 'connect' });
});

test('commands of several callers run one after the other', async () => {
  const { failure, heard } = await visit(
    mailboxScript({ protocol: 'imap' }, certificate),
    imaps(),
    {},
    async (mailbox) => {
      await Promise.all([mailbox.folders(), mailbox.select('INBOX'), mailbox.search({}), mailbox.fetch('7', 10)]);
      await everything(mailbox);
    },
  );
  expect(failure).toBeNull();
  expect(heard.slice(1, 6).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
    'LIST ""',
    'SELECT "INBOX"',
    'NOOP',
    'UID SEARCH',
    'UID FETCH',
  ]);
});
