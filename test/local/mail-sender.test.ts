import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { channelWants, localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { PLAIN } from '../../lambda/alert/words/late-delivery-note.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config, MailRelay } from '../../lambda/config/config.ts';
import { makeCertificate } from '../../local/demo/certificate.ts';
import { mailSender, sendMail } from '../../local/mail-sender.ts';
import { channelProblems } from '../../local/undeliverable-channels.ts';
import { alert, context } from '../alert/alerts.ts';
import { type RelayServer, startRelayServer } from './relay-server.ts';

const password = 'correct-horse-battery';
const credentials = { user: 'monitor@example.org', password: { env: 'RELAY_PASSWORD' } };
let certificate: { key: string; cert: string };
const servers: RelayServer[] = [];

beforeAll(async () => {
  const { key, cert } = await makeCertificate(['relay.example.net']);
  certificate = { key, cert };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await server.close();
});

async function relayServer(options: SMTPServerOptions = {}, relay: Partial<MailRelay> = {}): Promise<RelayServer> {
  const server = await startRelayServer(options, relay);
  servers.push(server);
  return server;
}

const login: SMTPServerOptions = {
  authOptional: false,
  allowInsecureAuth: true,
  onAuth: (auth, _session, done) => {
    const { username = '', password: given = '' } = auth;
    if (given !== password) return done(new Error(`535 5.7.8 no user ${username} with password ${given}`));
    return done(null, { user: username });
  },
};

/** RFC 2045 6.7 */
function fromQuotedPrintable(body: string): string {
  const octets = body
    .replaceAll('\r\n', '\n')
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}

test('with `answers`, each e-mail has a link of its own address behind the text', async () => {
  vi.stubEnv('LINKS', 'k'.repeat(32));
  const { relay, received } = await relayServer();
  const answers = {
    ...{ url: 'https://alerts.example.com', listen: { host: '127.0.0.1', port: 8025 } },
    ...{ linkKey: { env: 'LINKS' }, linkLifetime: 86_400_000 },
  };
  for (const address of ['ops@example.org', 'duty@example.org']) {
    await sendMail(relay, address, alert('down'), { ...context, answers });
  }
  const texts = received.map(({ message }) => fromQuotedPrintable(message));
  const links = texts.map((text) => /https:\/\/alerts\.example\.com\/acknowledge\/[\w.-]+/.exec(text)?.[0]);
  expect(links.every((link) => link !== undefined)).toBe(true);
  expect(new Set(links).size).toBe(2);
  expect(texts[0]).toContain('Made for ops@example.org, valid until');
  expect(texts[1]).toContain('Made for duty@example.org, valid until');
});

test('an alert is one e-mail with the text that SNS sends', async () => {
  const { relay, received } = await relayServer();
  await sendMail(relay, 'ops@example.org', alert('down'), context);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ from: 'ops@example.org', to: ['ops@example.org'] });
  const [head = '', body = ''] = (received[0]?.message ?? '').split(/\r?\n\r?\n([\s\S]*)/);
  const texts = alertTexts(alert('down'), context);
  expect(head.replace(/\r?\n /g, ' ')).toContain(`Subject: ${texts.subject}`);
  expect(head).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  expect(fromQuotedPrintable(body).trimEnd()).toBe(texts.email.trimEnd());
});

test('a repeated alert has the same Message-ID, another alert and another address another', async () => {
  const { relay, received } = await relayServer({}, { from: 'monitor@example.net' });
  const first = alert('down');
  await sendMail(relay, 'ops@example.org', first, context);
  await sendMail(relay, 'ops@example.org', first, context);
  await sendMail(relay, 'ops@example.org', { ...first, id: 'other' }, context);
  await sendMail(relay, 'boss@example.org', first, context);
  const ids = received.map(({ message }) => /^Message-ID: (<[0-9a-f]{32}@example\.net>)\r$/m.exec(message)?.[1]);
  expect(ids[0]).toBeDefined();
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test('it logs in with the password from the environment', async () => {
  vi.stubEnv('RELAY_PASSWORD', password);
  const { relay, received } = await relayServer(login, { credentials, from: credentials.user, security: 'none' });
  await sendMail(relay, 'ops@example.org', alert('down'), context);
  expect(received[0]).toMatchObject({ user: 'monitor@example.org', from: 'monitor@example.org' });
});

test('a refused login names the reason, and neither the password nor a part of it', async () => {
  vi.stubEnv('RELAY_PASSWORD', 'wrong-horse-battery');
  const { relay } = await relayServer(login, { credentials, security: 'none' });
  const error = await sendMail(relay, 'ops@example.org', alert('down'), context).catch(String);
  expect(error).toContain(`127.0.0.1:${relay.port} did not accept the e-mail: 535`);
  expect(error).not.toMatch(/wrong-horse|battery|d3JvbmctaG9yc2U/);
});

test.each<[MailRelay['security'], 'plain' | 'secure' | 'refused']>([
  ['none', 'plain'],
  ['starttls-if-offered', 'secure'],
  ['starttls', 'refused'],
])('with a certificate that is not trusted, `%s` is %s', async (security, expected) => {
  const { relay, received } = await relayServer(certificate, { security });
  const error = await sendMail(relay, 'ops@example.org', alert('down'), context).catch(String);
  expect(received.map(({ isSecure }) => isSecure)).toEqual({ plain: [false], secure: [true], refused: [] }[expected]);
  if (expected === 'refused') expect(error).toMatch(/certificate/);
});

test('`starttls` sends nothing to a relay that does not offer it', async () => {
  const { relay, received } = await relayServer({}, { security: 'starttls' });
  await expect(sendMail(relay, 'ops@example.org', alert('down'), context)).rejects.toThrow('did not accept');
  expect(received).toEqual([]);
});

test('a refused recipient is an error with the reply', async () => {
  const onRcptTo: SMTPServerOptions['onRcptTo'] = (_address, _session, done) =>
    done(Object.assign(new Error('5.7.1 Relay access denied'), { responseCode: 554 }));
  const { relay } = await relayServer({ onRcptTo });
  await expect(sendMail(relay, 'ops@example.org', alert('down'), context)).rejects.toThrow(
    '554 5.7.1 Relay access denied',
  );
});

test('a relay that never answers costs ten seconds', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const relay: MailRelay = { host: '127.0.0.1', port, security: 'none', credentials: null, from: null };
  const before = performance.now();
  await expect(sendMail(relay, 'ops@example.org', alert('down'), context)).rejects.toThrow('did not accept');
  expect(performance.now() - before).toBeLessThan(60_000);
  silent.close();
});

test('an address is a channel of its own: a refusal is words with the reply, and then it is taken', async () => {
  let isRefusing = true;
  const onMailFrom: SMTPServerOptions['onMailFrom'] = (_address, _session, done) =>
    done(isRefusing ? Object.assign(new Error('4.3.1 full'), { responseCode: 452 }) : null);
  const { relay, received } = await relayServer({ onMailFrom });
  const notify: readonly Channel[] = [
    { kind: 'email', address: 'ops@example.org', when: ['down'] },
    { kind: 'email', address: 'boss@example.org', when: ['recovered'] },
  ];
  const config = { ...context, notify, smtp: relay } as unknown as Config;
  const wanting = localChannels(config).filter((channel) => channelWants(channel, alert('down')));
  expect(wanting.map(({ id }) => id)).toEqual(['terminal', expect.stringMatching(/^email:[0-9a-f]{8}$/)]);
  const send = mailSender(relay, 'ops@example.org', context);
  const { signal } = new AbortController();
  const refused = await send({ alert: alert('down'), ...PLAIN }, signal);
  expect(refused).toMatchObject({ taken: false, words: expect.stringContaining('452 4.3.1 full') });
  isRefusing = false;
  expect(await send({ alert: alert('down'), ...PLAIN }, signal)).toEqual({
    taken: true,
    answer: '250 OK: message queued',
  });
  expect(received.map(({ to }) => to)).toEqual([['ops@example.org']]);
});

const email: Channel = { kind: 'email', address: 'ops@example.org', when: ['down'] };
const sms: Channel = { kind: 'sms', number: '+15555550100', when: ['down'] };
const smtp: MailRelay = { host: 'relay.example.net', port: 587, security: 'starttls', credentials, from: null };

test.each<[string, Pick<Config, 'notify' | 'smtp'>, readonly string[]]>([
  ['no channels', { notify: [] }, []],
  ['SMS', { notify: [sms] }, ['no SMS is sent from this machine: SNS sends it on AWS']],
  ['e-mail', { notify: [email] }, ['no e-mail is sent from this machine: add `smtp` to the config']],
  ['e-mail through a relay', { notify: [email], smtp: { ...smtp, credentials: null } }, []],
  [
    'e-mail through a relay whose password is not set',
    { notify: [email], smtp },
    ['no e-mail can be sent: environment variable RELAY_PASSWORD is not set'],
  ],
])('what a config for AWS does not send on one machine: %s', async (_, config, problems) => {
  expect(await channelProblems(config)).toEqual(problems);
});
