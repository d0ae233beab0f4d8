/** Names and connections, before the session. */

import { beforeAll, expect, test } from 'vitest';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import { defaultMailboxSecurity, type MailboxEndpoint } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import { serveNames, type Zone } from '../dns/name-server.ts';
import { freePort } from '../free-port.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import { serve } from '../smtp/scripted-server.ts';
import { PASSWORD } from './play-session.ts';
import { mailboxScript, visit } from './scripted-mailbox.ts';

let certificate: Issued;
beforeAll(async () => {
  certificate = await issue({ names: ['imap.example.com', '127.0.0.1'] });
});

const ENDPOINT = { protocol: 'imap', security: 'tls', host: 'imap.example.com', port: 993 } as const;

async function withNames<Result>(
  zone: Zone,
  work: (resolver: Awaited<ReturnType<typeof serveNames>>['resolver']) => Promise<Result>,
) {
  const names = await serveNames(zone, 5_000);
  try {
    return await work(names.resolver);
  } finally {
    names.close();
  }
}

test.each<[string, Zone, string]>([
  ['no such name', {}, 'dns-nxdomain'],
  ['a silent name server', { 'imap.example.com': 'silence' }, 'dns-timeout'],
])('%s', async (_, zone, code) => {
  await withNames(zone, async (resolver) => {
    const error = await openMailbox(ENDPOINT, PASSWORD, { resolver, limits: { dns: 300 } }).catch((e) => e);
    expect(error).toMatchObject({ name: 'MailboxError', fatal: true, failure: { phase: 'dns', code } });
    expect(error.report.findings).toEqual([error.failure]);
    expect(error.report.timings.dns).toBeGreaterThan(0);
  });
});

test('a port that nobody listens on', async () => {
  const port = await freePort();
  const error = await openMailbox({ ...ENDPOINT, host: '127.0.0.1', port }, PASSWORD).catch((e) => e);
  expect(error.failure).toMatchObject({ phase: 'connect', code: 'connect-refused' });
  expect(error.report.address).toBe('127.0.0.1');
});

test('the next address is tried, and the first one is a warning', async () => {
  const server = await serve(mailboxScript({ protocol: 'imap' }, certificate));
  const zone: Zone = { 'imap.example.com': { A: ['127.0.0.9', '127.0.0.1'] } };
  await withNames(zone, async (resolver) => {
    const endpoint: MailboxEndpoint = { ...ENDPOINT, port: server.port, ca: certificate.pem };
    const mailbox = await openMailbox(endpoint, PASSWORD, { resolver });
    await mailbox.end();
    const { address, findings, transcript, timings, tls } = mailbox.report();
    expect(address).toBe('127.0.0.1');
    expect(findings.map(({ code, outcome }) => [code, outcome])).toEqual([['address-down', 'warn']]);
    expect(transcript[0]).toBe(`* imap.example.com is 127.0.0.1, port ${server.port}`);
    expect(Object.keys(timings)).toEqual(['dns', 'connect', 'tls', 'greeting', 'auth', 'logout']);
    expect(tls?.certificate?.names).toContain('imap.example.com');
  });
  await server.close();
});

test('settings that cannot be used are errors of the caller', async () => {
  await expect(openMailbox(ENDPOINT, { ...PASSWORD, user: '' })).rejects.toThrow(TypeError);
  await expect(openMailbox({ ...ENDPOINT, ca: 'none' }, PASSWORD)).rejects.toThrow(TypeError);
});

test('calls that cannot be made are errors of the caller, and the session goes on', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const script = mailboxScript({ protocol: 'imap' }, certificate);
  const { failure, heard } = await visit(script, endpoint, {}, async (mailbox) => {
    await expect(mailbox.search({})).rejects.toThrow(TypeError);
    await mailbox.select('INBOX');
    await expect(mailbox.search({ header: ['X-Trip', 'a\r\nA9 LOGOUT'] })).rejects.toThrow(TypeError);
    await expect(mailbox.fetch('7 (FLAGS)', 10)).rejects.toThrow(TypeError);
    await expect(mailbox.fetch('7', 0)).rejects.toThrow(TypeError);
    await expect(mailbox.remove(['7', '1:*'])).rejects.toThrow(TypeError);
    expect(await mailbox.search({})).toEqual(['7']);
    await mailbox.end();
    await expect(mailbox.search({})).rejects.toThrow(TypeError);
  });
  expect(failure).toBeNull();
  expect(heard.join('\n')).not.toMatch(/STORE|A9|FLAGS/);
});

test.each([
  ['a folder with a line end', (name: string) => `${name}\r\nA9 LOGOUT`],
  ['a folder with NUL', (name: string) => `${name}\0`],
])('%s is an error of the caller, and nothing is sent', async (_, change) => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const script = mailboxScript({ protocol: 'imap' }, certificate);
  const { heard } = await visit(script, endpoint, {}, async (mailbox) => {
    await expect(mailbox.select(change('INBOX'))).rejects.toThrow(TypeError);
  });
  expect(heard.some((line) => line.includes('SELECT'))).toBe(false);
});

test('the usual ports have their security', () => {
  expect([993, 995, 143, 110].map(defaultMailboxSecurity)).toEqual(['tls', 'tls', 'starttls', 'starttls']);
});
