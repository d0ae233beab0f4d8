/** The limits against a hostile server: time, memory and stored text. */

import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { probeTarget } from '../../lambda/smtp/probe-target.ts';
import { refusalCode } from '../../lambda/smtp/replies/refusals.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { leastCpuTime } from '../cpu-time.ts';
import { serveNames, type Zone } from '../dns/name-server.ts';
import { type Issued, issue } from './certificates.ts';
import { probeScript } from './probe-script.ts';
import { type Client, mailServer, type Script, serve } from './scripted-server.ts';

const WHERE = { security: 'none', ehloName: 'probe.example.com' } as const;
/** Loaded machines fire timers late. */
const SLACK = 7_000;

describe('the deadline holds', () => {
  const silent: Script = (client) => client.hang();
  const zone: Zone = {
    'mx1.example.com': { A: ['127.0.0.1'], AAAA: ['::1'] },
    'mx2.example.com': 'silence',
    'example.com': { MX: ['10 mx1.example.com', '20 mx2.example.com'] },
    'slow.example.com': 'silence',
  };

  test.each([
    ['a host', { host: 'mx1.example.com', domain: null }],
    ['each family', { host: 'mx1.example.com', domain: null, family: 'each' }],
    ['a name that does not resolve', { host: 'slow.example.com', domain: null, family: 'each' }],
    ['a domain', { host: null, domain: 'example.com', family: 'each' }],
    ['a domain that does not resolve', { host: null, domain: 'slow.example.com' }],
  ] as const)('%s', async (_, target) => {
    const [names, server] = await Promise.all([serveNames(zone, 15_000), serve(silent)]);
    const began = performance.now();
    const sample = await probeTarget(
      { ...WHERE, port: server.port, ...target, timeout: 500 },
      { resolver: names.resolver, mxAddresses: 'any' },
    );
    const took = performance.now() - began;
    await server.close();
    names.close();
    expect(sample.outcome).not.toBe('pass');
    expect(took).toBeLessThan(500 + SLACK);
  });

  test('the detail has the time that was waited', async () => {
    const { sample } = await probeScript(silent, { timeout: 1_000 });
    expect(sample).toMatchObject({ code: 'silence', phase: 'greeting' });
    expect(sample.detail).toMatch(/^no greeting within (?:0\.[5-9]|[1-9]\d*\.\d) s/);
  });
});

describe('at the deadline of the probe', () => {
  test('a server without a greeting gets no ClientHello', async () => {
    let said = false;
    const silentServer: Script = async (client) => {
      await client.hearSomething();
      said = true;
    };
    const { sample } = await probeScript(silentServer, { timeout: 1_500 }, { greeting: 1_000, clientHello: 1_500 });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'greeting', code: 'silence' });
    expect(said).toBe(false);
  });

  test('the detail has the slowest phases', async () => {
    const script = mailServer({
      answers: {
        greeting: async (client) => {
          await client.pause(250);
          client.say('220 mx1\r\n');
        },
        EHLO: (client) => client.hang(),
      },
    });
    const { sample } = await probeScript(script, { timeout: 3_000 });
    expect(sample).toMatchObject({ phase: 'ehlo', code: 'silence' });
    expect(sample.detail).toMatch(
      /^no answer after \d+\.\d s; the probe's time was up, after greeting \d\.\d s, connect \d\.\d s$/,
    );
  });
});

test.each<[string, (client: Client) => void]>([
  ['closed', (client) => client.close()],
  ['reset', (client) => client.reset()],
])('a silent server that is %s after the ClientHello has the code silence', async (how, leave) => {
  const script: Script = async (client) => {
    await client.hearSomething();
    leave(client);
  };
  const { sample } = await probeScript(script, {}, { greeting: 200, clientHello: 15_000 });
  expect(sample).toMatchObject({
    code: 'silence',
    phase: 'greeting',
    detail: expect.stringMatching(`^no greeting within \\d+\\.\\d s; ${how} when spoken to$`),
  });
});

test.each<[string, string]>([
  ['220 mx1.example.com ESMTP', 'it came later'],
  [
    '502 5.5.2 Error: command not recognized',
    'it answered a ClientHello with 502, as a mail server that did not greet',
  ],
  ['what?', 'the data that came later is not a greeting'],
])('a silent server that answers a ClientHello with %j', async (reply, then) => {
  const script: Script = async (client) => {
    await client.hearSomething();
    client.say(`${reply}\r\n`);
    await client.hang();
  };
  const { sample } = await probeScript(script, {}, { greeting: 200, clientHello: 15_000 });
  expect(sample).toMatchObject({ code: 'silence', phase: 'greeting' });
  expect(sample.detail?.replace(/^no greeting within \d+\.\d s; /, '')).toBe(then);
});

test('no ClientHello is sent if it is not the turn of the target', async () => {
  let said = false;
  const server = await serve(async (client) => {
    await client.hearSomething();
    said = true;
  });
  const where = { host: '127.0.0.1', port: server.port, security: 'none', ehloName: 'probe.example.com' } as const;
  const sample = await probe(where, { limits: { greeting: 200 }, clientHello: false });
  await server.close();
  expect(sample).toMatchObject({ outcome: 'fail', code: 'silence', phase: 'greeting' });
  expect(sample.detail).toMatch(/^no greeting within \d+\.\d s$/);
  expect(said).toBe(false);
});

test('a server that sends endlessly and never reads costs little memory, and its socket is closed', async () => {
  const block = Buffer.from('220-and on it goes\r\n'.repeat(50_000));
  let gone = 0;
  let said = 0;
  const endlessServer: Script = async (client) => {
    const end = client.hang().finally(() => gone++);
    for (let nth = 0; nth < 100 && gone === 0; nth++) {
      client.say(block);
      said += block.length;
      await Promise.race([end, pause(2)]);
    }
    await end;
  };
  const server = await serve(endlessServer);
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const { outcome, code, transcript } = await probe({ ...WHERE, host: '127.0.0.1', port: server.port });
  const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
  await expect.poll(() => gone).toBe(1);
  await server.close();
  expect({ outcome, code }).toEqual({ outcome: 'fail', code: 'reply-endless' });
  expect(Buffer.byteLength(transcript.join('\n'))).toBeLessThanOrEqual(8_192);
  // The data that the script has queued is in the same process.
  expect(grown - said).toBeLessThan(16 * 2 ** 20);
});

test('a reply that makes patterns slow is judged quickly', () => {
  const line = `421-${'access denied for ptr your ip blocked '.repeat(200)}`;
  const judge = () => refusalCode('greeting', { code: 421, lines: Array(8).fill(line) });
  expect(leastCpuTime(judge)).toBeLessThan(100);
});

describe('limits of a sample', () => {
  let largeCertificate: Issued;
  beforeAll(async () => {
    const names = Array.from({ length: 500 }, (_, n) => `n${n}.example.com`);
    largeCertificate = await issue({ subject: `CN=mx1.example.com,O=${'o'.repeat(5_000)}`, names });
  });

  test('names of a certificate', async () => {
    const script = mailServer({ tls: { key: largeCertificate.key, cert: largeCertificate.pem } });
    const { sample } = await probeScript(script, { security: 'starttls', insecure: true });
    expect(sample.tls?.certificate?.names).toHaveLength(100);
    expect(JSON.stringify(sample.tls).length).toBeLessThan(5_000);
  });

  test('keywords', async () => {
    const keywords = Array.from({ length: 200 }, (_, n) => `250-X-${n} ${'y'.repeat(200)}`);
    const EHLO = ['250-mx1', ...keywords, `250-${'Z'.repeat(65)}`, '250 SIZE'].join('\r\n');
    const { sample } = await probeScript(mailServer({ answers: { EHLO } }));
    expect(sample.outcome).toBe('pass');
    expect(Object.keys(sample.extensions.beforeTls ?? {})).toHaveLength(100);
  });

  test('transcript with many MX hosts', async () => {
    const greeting = (client: Client) => client.say(`${`220-${'on and on '.repeat(10)}\r\n`.repeat(200)}220 mx1\r\n`);
    const server = await serve(mailServer({ answers: { greeting } }));
    const hosts = Array.from({ length: 10 }, (_, n) => `${'m'.repeat(60)}${n}.example.com`);
    const names = await serveNames({
      'example.com': { MX: hosts.map((host) => `10 ${host}`) },
      [hosts[0] ?? '']: { A: ['127.0.0.1'] },
    });
    const target = { ...WHERE, host: null, domain: 'example.com', port: server.port };
    const { transcript } = await probeTarget(target, { resolver: names.resolver, mxAddresses: 'any' });
    await server.close();
    names.close();
    expect(transcript.at(-1)).toMatch(/more lines left out/);
    expect(Buffer.byteLength(transcript.join('\n'))).toBeLessThanOrEqual(8_192);
  });

  test('transcript in a multi-octet script', async () => {
    const greeting = (client: Client) => client.say(`${'220-あいうえお\r\n'.repeat(200)}220 mx1\r\n`);
    const { sample } = await probeScript(mailServer({ answers: { greeting } }));
    expect(sample.outcome).toBe('pass');
    expect(Buffer.byteLength(sample.transcript.join('\n'))).toBeLessThanOrEqual(8_192);
  });
});
