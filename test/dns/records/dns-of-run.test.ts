import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ServerTiming } from '../../../lambda/dns/ask-name-servers-in-turn.ts';
import { dnsOfRun, type RunDns } from '../../../lambda/dns/records/dns-of-run.ts';
import { LOOKUP_BOUNDS } from '../../../lambda/dns/records/query-budget.ts';
import type { DnsServer } from '../../../lambda/dns/transport/dns-server.ts';
import { makeCertificate, type ServerCertificate } from '../../../local/demo/certificate.ts';
import { serveOverHttps, serveOverTls } from '../encrypted-name-server.ts';
import { serveNames } from '../name-server.ts';
import type { Zone } from '../zone-answers.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
const opened = <One extends { close(): void }>(one: One): One => {
  open.push(one);
  return one;
};

const timing = { patience: 20_000, retry: 20_000, limit: 20_000 };
const soon = { patience: 200, retry: 400, limit: 500 };
const name = 'example.com';
const address: Zone = { [name]: { A: ['192.0.2.1'] }, '': { DNSKEY: ['257 3 13 AwEAAQ=='] } };

// One certificate with both names, so that one authority is enough.
let both: ServerCertificate;
beforeAll(async () => {
  both = await makeCertificate(['localhost', 'dns.example.com']);
});

const run = (
  servers: readonly DnsServer[],
  more: { systemServers?: readonly DnsServer[]; port?: number; timing?: ServerTiming } = {},
): RunDns => opened(dnsOfRun(servers, { timing, ca: both.ca, systemServers: [], ...more }));

describe('an answer is authenticated', () => {
  const other: Zone = { [name]: { A: ['192.0.2.2'] } };
  const tls = (zone: Zone, authenticated: boolean) =>
    serveOverTls(zone, { certificate: both, name: 'dns.example.com', authenticated });
  const https = (zone: Zone, authenticated: boolean) =>
    serveOverHttps(zone, { certificate: both, name: 'localhost', authenticated });

  test.each<[string, () => Promise<DnsServer[]>, boolean]>([
    [
      'on loopback with the AD bit',
      async () => [opened(await serveNames(address, { authenticated: true })).plain],
      true,
    ],
    ['on loopback without it', async () => [opened(await serveNames(address)).plain], false],
    [
      'by two that agree',
      async () => [opened(await tls(address, true)).server, opened(await https(address, true)).server],
      true,
    ],
    ['by one alone', async () => [opened(await tls(address, true)).server], false],
    [
      'by the first alone',
      async () => [opened(await tls(address, true)).server, opened(await https(address, false)).server],
      false,
    ],
    [
      'by the second alone',
      async () => [opened(await tls(address, false)).server, opened(await https(address, true)).server],
      false,
    ],
    [
      'by two with other records',
      async () => [opened(await tls(address, true)).server, opened(await https(other, true)).server],
      false,
    ],
    [
      'by two of which one says that there is no such name',
      async () => [opened(await tls(address, true)).server, opened(await https({}, true)).server],
      false,
    ],
    [
      'by two of which one fails',
      async () => [opened(await tls(address, true)).server, opened(await https({ [name]: 'servfail' }, true)).server],
      false,
    ],
    [
      'by two with the same name',
      async () => [opened(await tls(address, true)).server, opened(await tls(address, true)).server],
      false,
    ],
  ])('%s: %#', async (_, servers, authenticated) => {
    const { lookup } = run(await servers());
    expect(await lookup('A', name)).toMatchObject({ kind: 'found', values: ['192.0.2.1'], authenticated });
  });

  test('also that there is no such name', async () => {
    const { lookup } = run([opened(await tls({}, true)).server, opened(await https({}, true)).server]);
    expect(await lookup('TLSA', name)).toEqual({ kind: 'none', exists: false, authenticated: true });
  });

  test('the second is asked only after an answer with the AD bit', async () => {
    const [first, second] = [opened(await tls(address, false)), opened(await https(address, true))];
    await run([first.server, second.server]).lookup('A', name);
    expect([first.queries.length, second.queries.length]).toEqual([1, 0]);
  });

  test('a server that is not encrypted is asked after those that can authenticate', async () => {
    const plain = opened(await serveNames({}));
    // Not on loopback for this purpose: the address of the forwarder of Docker.
    const untrusted: DnsServer = { ...plain.plain, address: '127.0.0.11' } as DnsServer;
    const [first, second] = [opened(await tls(address, true)), opened(await https(address, true))];
    const { lookup } = run([untrusted, first.server, second.server]);
    expect(await lookup('A', name)).toMatchObject({ kind: 'found', authenticated: true });
    expect(plain.queries).toEqual([]);
  });
});

describe('the validator', () => {
  test.each<[string, Zone, boolean, string]>([
    ['validates the root', address, true, 'function'],
    ['does not validate', address, false, 'not-validating'],
    ['does not answer', { '': 'servfail' }, true, 'no-answer'],
  ])('of a resolver that %s', async (_, zone, authenticated, expected) => {
    const server = opened(await serveNames(zone, { authenticated }));
    const dns = run([server.plain]);
    const found = await dns.validator();
    expect(typeof found === 'string' ? found : 'function').toBe(expected);
    await dns.validator();
    expect(server.queries.filter((query) => query === 'DNSKEY ')).toHaveLength(
      expected === 'no-answer' ? server.queries.length : 1,
    );
  });

  test('no server that can be trusted: nothing is asked', async () => {
    const server = opened(
      await serveOverTls(address, { certificate: both, name: 'dns.example.com', authenticated: true }),
    );
    expect(await run([server.server]).validator()).toBe('no-trusted-path');
    expect(server.queries).toEqual([]);
  });

  test('it asks with DO, and with CD if it is to', async () => {
    const server = opened(await serveNames({ ...address, 'b.example.com': 'servfail' }, { authenticated: true }));
    const validator = await run([server.plain]).validator();
    if (typeof validator === 'string') throw new Error(validator);
    expect(await validator('A', name, true)).toMatchObject({
      kind: 'answer',
      authenticated: true,
      message: { rcode: 0 },
    });
    expect(await validator('A', 'b.example.com', false)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'servfail' },
    });
    const [, unchecked, checked] = server.datagrams.map(({ octets }) => [
      octets.readUInt16BE(2) & 0x10,
      octets.readUInt16BE(octets.length - 4),
    ]);
    expect([unchecked, checked]).toEqual([
      [0x10, 0x8000],
      [0, 0x8000],
    ]);
  });
});

describe('lists', () => {
  test.each<[string, boolean, readonly string[]]>([
    ['are asked at the other servers', true, ['given']],
    ['are asked at those of the machine if all others have DNS over HTTPS', false, ['system']],
  ])('%s', async (_, hasPlain, asked) => {
    const https = opened(await serveOverHttps(address, { certificate: both }));
    const [given, system] = [opened(await serveNames(address)), opened(await serveNames(address))];
    const dns = run(hasPlain ? [https.server, given.plain] : [https.server], { systemServers: [system.plain] });
    expect(await dns.listLookup('A', name)).toMatchObject({ kind: 'found' });
    expect(https.queries).toEqual([]);
    expect([given.queries.length && 'given', system.queries.length && 'system'].filter(Boolean)).toEqual(asked);
  });

  test('without DNS over HTTPS it is the lookup of all, and asks once', async () => {
    const server = opened(await serveNames(address));
    const { lookup, listLookup } = run([server.plain]);
    await Promise.all([lookup('A', name), listLookup('A', name)]);
    expect(server.queries).toEqual([`A ${name}`]);
  });
});

describe('the servers of a zone', () => {
  test('are asked without recursion, and their answer is whole', async () => {
    const soa = 'ns1.example.com ops.example.com 2026112601 7200 3600 1209600 3600';
    const server = opened(await serveNames({ [name]: { SOA: [soa] } }));
    const port = Number(server.address.split(':')[1]);
    const dns = run([], { port });
    expect(await dns.askServer('127.0.0.1', 'SOA', name)).toMatchObject({
      kind: 'answer',
      rcode: 0,
      answers: [{ type: 'SOA', data: { serial: 2_026_112_601 } }],
    });
    expect(await dns.askServer('127.0.0.1', 'SOA', 'b.example.com')).toMatchObject({ kind: 'answer', rcode: 3 });
    expect(server.datagrams.map(({ octets }) => octets.readUInt16BE(2) & 0x0100)).toEqual([0, 0]);
    expect(dns.queries()).toBe(2);
  });

  test('that are silent fail in time', async () => {
    const server = opened(await serveNames({ [name]: 'silence' }));
    const dns = run([], { port: Number(server.address.split(':')[1]), timing: soon });
    expect(await dns.askServer('127.0.0.1', 'SOA', name)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'timeout' },
    });
  });

  test('are not asked for a name that cannot be written', async () => {
    const server = opened(await serveNames({}));
    const dns = run([server.plain], { port: Number(server.address.split(':')[1]) });
    const escaped = `${'\\255'.repeat(63)}.example.com`;
    for (const wrong of ['a\\.b.example.com', escaped, `${'a'.repeat(64)}.example.com`])
      expect(await dns.askServer('127.0.0.1', 'SOA', wrong)).toMatchObject({
        kind: 'failed',
        failure: { kind: 'failed' },
      });
    expect(server.queries).toEqual([]);
  });

  test('count among the queries of the run', async () => {
    const dns = opened(dnsOfRun([], { timing, systemServers: [], bounds: { ...LOOKUP_BOUNDS, queries: 0 }, port: 9 }));
    expect(await dns.askServer('127.0.0.1', 'SOA', name)).toMatchObject({
      failure: { detail: expect.stringContaining('limit') },
    });
  });
});

test('aliases: a chain is followed to its end, and one without an end is a failure', async () => {
  const chain = (length: number): Zone =>
    Object.fromEntries(
      Array.from({ length }, (_, nth) => [
        `c${nth}.example.com`,
        nth + 1 < length ? { CNAME: `c${nth + 1}.example.com` } : { A: ['192.0.2.1'] },
      ]),
    );
  const server = opened(
    await serveNames({ ...chain(8), [name]: 'endless', 'd.example.com': { CNAME: 'gone.example.com' } }),
  );
  const { lookup } = run([server.plain]);
  expect(await lookup('A', 'c0.example.com')).toMatchObject({ kind: 'found', values: ['192.0.2.1'] });
  expect(await lookup('A', name)).toMatchObject({
    kind: 'failed',
    failure: { detail: expect.stringContaining('16 aliases') },
  });
  expect(await lookup('A', 'd.example.com')).toMatchObject({ kind: 'none' });
  expect(await lookup('CNAME', 'c0.example.com')).toMatchObject({ kind: 'found', values: ['c1.example.com'] });
});
