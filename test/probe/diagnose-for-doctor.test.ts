import { type AddressInfo, createServer, type Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import type { Config, Target } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { diagnose } from '../../lambda/probe/diagnose-for-doctor.ts';
import { freePort } from '../free-port.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => server.close(() => done())));
  return (server.address() as AddressInfo).port;
}

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; ended: string[] }> {
  const ended: string[] = [];
  const smtp = new SMTPServer({ authOptional: true, disableReverseLookup: true, logger: false, ...options });
  smtp.on('error', () => undefined);
  smtp.server.on('connection', (socket) => {
    socket.on('data', (said) => ended.push(String(said).trim()));
  });
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => smtp.close(done)));
  return { port: (smtp.server.address() as AddressInfo).port, ended };
}

async function refusing(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume().end('554 no service for you\r\n');
  });
  return await listening(server);
}

function config(passwords: readonly string[] = []): Config {
  const targets = passwords.map(
    (secret, at): Target => ({
      id: `mx${at}`,
      host: '127.0.0.1',
      domain: null,
      port: 587,
      security: 'none',
      family: 4,
      helo: 'auto',
      insecure: false,
      timeout: 5_000,
      auth: { user: 'probe', password: { secret } },
    }),
  );
  return {
    version: 1,
    name: 'test',
    home: 'us-east-1',
    ehloName: 'probe-{vantage}.example.com',
    control: null,
    policy: { ...policyDefaults(1), vantages: ['eu-west-1'], every: 60_000 },
    notify: [],
    targets,
  };
}

const door = (port: number) => ({ host: '127.0.0.1', domain: null, port });
const world = (passwords: readonly string[] = [], secret = async () => 'never shown') => ({
  config: config(passwords),
  vantage: 'eu-west-1',
  secret,
});

test('a server that speaks is reached, as a guest that says its name and QUIT', async () => {
  const { port, ended } = await mailServer();
  const { vantage, knocks } = await diagnose(world(), { diagnose: [door(port)] });
  expect([vantage, knocks]).toEqual(['eu-west-1', [{ ...door(port), reached: true, code: null, detail: null }]]);
  expect(ended).toEqual(['EHLO probe-eu-west-1.example.com', 'QUIT']);
});

test('a server that speaks TLS at once is reached at any port, by who knows it', async () => {
  const { port } = await mailServer({ secure: true });
  const { knocks } = await diagnose(world(), { diagnose: [{ ...door(port), security: 'tls' }] });
  expect(knocks).toEqual([{ ...door(port), reached: true, code: null, detail: null }]);
});

test('a server that refuses is reached: the way out is open', async () => {
  const port = await refusing();
  const { knocks } = await diagnose(world(), { diagnose: [door(port)] });
  expect(knocks).toMatchObject([{ port, reached: true, detail: '554 no service for you' }]);
});

test('where nothing listens it is not, and each door is told apart', async () => {
  const [open, closed] = [(await mailServer()).port, await freePort()];
  const { knocks } = await diagnose(world(), { diagnose: [door(closed), door(open)] });
  expect(knocks).toMatchObject([
    { port: closed, reached: false, code: 'connect-refused' },
    { port: open, reached: true, code: null },
  ]);
});

test('each secret is read once, and its value stays where it is', async () => {
  const asked: unknown[] = [];
  const read = async (reference: unknown) => {
    asked.push(reference);
    if (asked.length === 2) throw new Error('AccessDeniedException');
    return 'never shown';
  };
  const found = await diagnose({ ...world(['one', 'one', 'two']), secret: read }, { diagnose: [] });
  expect(asked).toEqual([{ secret: 'one' }, { secret: 'two' }]);
  expect(found.secrets).toEqual([
    { secret: 'one', error: null },
    { secret: 'two', error: 'Error: AccessDeniedException' },
  ]);
  expect(JSON.stringify(found)).not.toContain('never shown');
});
