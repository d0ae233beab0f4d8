import { afterEach, describe, expect, test } from 'vitest';
import type { MxAddresses } from '../../lambda/dns/special-addresses.ts';
import type { Limits } from '../../lambda/smtp/bounds/limits.ts';
import { type ProbeTarget, probeTarget } from '../../lambda/smtp/probe-target.ts';
import type { Outcome, Sample } from '../../lambda/smtp/sample/sample.ts';
import { isUnanswered, serveNames, type Zone } from '../dns/name-server.ts';
import { says } from './faults/scripts.ts';
import { mailServer, type Script, type ScriptedServer, serve } from './scripted-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const DEAD: Script = (client) => client.close();
const GREYLISTING: Script = mailServer({ answers: { RCPT: '450 4.2.0 Greylisted' } });
const BLOCKED: Script = mailServer({ answers: { greeting: '554 5.7.1 your host is listed at bl.example.net' } });

/** Servers on several addresses of 127/8 with the same port. */
async function serveAt(
  scripts: Readonly<Record<string, Script>>,
): Promise<{ port: number; servers: Record<string, ScriptedServer> }> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const servers: Record<string, ScriptedServer> = {};
    let port = 0;
    try {
      for (const [address, script] of Object.entries(scripts)) {
        const server = await serve(script, address, port);
        port = server.port;
        servers[address] = server;
        open.push(server);
      }
      return { port, servers };
    } catch {
      for (const server of Object.values(servers)) await server.close();
    }
  }
  throw new Error('no port is free on all addresses');
}

/** The MX hosts of these tests are on loopback. */
async function probeIn(
  zone: Zone,
  target: Partial<ProbeTarget>,
  limits: Partial<Limits> = {},
  mxAddresses: MxAddresses = 'any',
): Promise<Sample> {
  const names = await serveNames(zone);
  open.push(names);
  const patience = isUnanswered(zone) ? { dns: 3_000, otherFamily: 500 } : { dns: 20_000, otherFamily: 20_000 };
  const base = { host: null, domain: null, port: 25, security: 'none', ehloName: 'probe.example.com' } as const;
  return probeTarget(
    { ...base, ...target },
    { resolver: names.resolver, limits: { quit: 100, ...patience, ...limits }, mxAddresses },
  );
}

describe('a name that does not resolve', () => {
  test.each<[string, Zone, Outcome, string]>([
    ['NXDOMAIN', {}, 'fail', 'dns-nxdomain'],
    ['no data', { 'mx1.example.com': {} }, 'fail', 'dns-no-data'],
    ['SERVFAIL', { 'mx1.example.com': 'servfail' }, 'fail', 'dns-servfail'],
    ['REFUSED', { 'mx1.example.com': 'refused' }, 'unable', 'dns-refused'],
    ['timeout', { 'mx1.example.com': 'silence' }, 'unable', 'dns-timeout'],
    ['NOTIMP', { 'mx1.example.com': 'notimp' }, 'fail', 'dns-failed'],
  ])('%s of a host', async (_, zone, outcome, code) => {
    const sample = await probeIn(zone, { host: 'mx1.example.com' });
    expect(sample).toMatchObject({ outcome, phase: 'dns', code, address: null });
    expect(sample.timings.dns).toBeGreaterThan(0);
  });

  test.each<[string, Zone, Outcome, string]>([
    ['NXDOMAIN', {}, 'fail', 'dns-nxdomain'],
    ['neither MX nor address', { 'example.com': {} }, 'fail', 'dns-no-data'],
    ['SERVFAIL', { 'example.com': 'servfail' }, 'fail', 'dns-servfail'],
    ['timeout', { 'example.com': 'silence' }, 'unable', 'dns-timeout'],
    ['null MX', { 'example.com': { MX: ['0 .'] } }, 'fail', 'mx-null'],
    ['MX host without an address', { 'example.com': { MX: ['10 mx1.example.com'] } }, 'fail', 'dns-nxdomain'],
  ])('%s of a domain', async (_, zone, outcome, code) => {
    const sample = await probeIn(zone, { domain: 'example.com' });
    expect(sample).toMatchObject({ outcome, phase: 'dns', code });
  });

  test.each<[string, Zone, string, string]>([
    ['an alias of a missing name', { 'mx1.example.com': { CNAME: 'gone.example.net' } }, 'dns-no-data', 'no address'],
    [
      'an alias loop',
      { 'mx1.example.com': { CNAME: 'gone.example.net' }, 'gone.example.net': { CNAME: 'mx1.example.com' } },
      'dns-no-data',
      'no address',
    ],
    [
      'an alias, and NXDOMAIN',
      { 'mx1.example.com': { CNAME: 'gone.example.net', A: 'nxdomain', AAAA: 'nxdomain' } },
      'dns-nxdomain',
      'ENOTFOUND',
    ],
  ])('%s is named', async (_, zone, code, error) => {
    const sample = await probeIn(zone, { host: 'mx1.example.com' });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'dns', code });
    expect(sample.detail).toContain(`mx1.example.com: ${error}; mx1.example.com is an alias of gone.example.net`);
  });

  test('a resolver without an answer within its limit is a timeout', async () => {
    const sample = await probeIn({ 'mx1.example.com': 'silence' }, { host: 'mx1.example.com' }, { dns: 50 });
    expect(sample).toMatchObject({ outcome: 'unable', code: 'dns-timeout' });
  });
});

describe('a missing address family', () => {
  test.each<[string, 4 | 6]>([
    ['127.0.0.1', 6],
    ['::1', 4],
    ['[::1]', 4],
  ])('the address %s with family IPv%i', async (host, family) => {
    const sample = await probeIn({}, { host, family });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'dns', code: 'dns-no-data', address: null });
    expect(sample.detail).toContain(`no IPv${family} address`);
  });

  test('an address literal has one family', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const sample = await probeIn({}, { host: '127.0.0.1', port, family: 'each' });
    expect(sample.parts?.map((part) => [part.name, part.sample.code])).toEqual([
      ['IPv4', null],
      ['IPv6', 'dns-no-data'],
    ]);
  });
});

const multicast = (many: number) => Array.from({ length: many }, (_, n) => `224.0.0.${n + 1}`);

describe('a host with several addresses', () => {
  test('the first address that answers is used, with a warning for the dead one', async () => {
    const { port } = await serveAt({ '127.0.0.3': mailServer() });
    const sample = await probeIn(
      { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3'] } },
      { host: 'mx1.example.com', port },
    );
    expect(sample).toMatchObject({
      outcome: 'warn',
      code: 'address-down',
      address: '127.0.0.3',
      otherAddresses: ['127.0.0.2'],
    });
    expect(sample.detail).toContain('127.0.0.2');
  });

  test.each<[string, Script]>([
    ['closes', DEAD],
    ['resets', async (client) => client.pause(10).then(() => client.reset())],
    ['says 421', mailServer({ answers: { greeting: '421 4.3.2 shutting down' } })],
    ['says 554', mailServer({ answers: { greeting: '554 mx1 no SMTP service here' } })],
    ['stays silent', (client) => client.hang()],
    ['stops within its greeting', says('220-mx1.example.com ')],
  ])('an address that %s instead of a greeting is skipped with a warning', async (_, script) => {
    const { port } = await serveAt({ '127.0.0.2': script, '127.0.0.3': mailServer() });
    const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3'] } };
    const sample = await probeIn(zone, { host: 'mx1.example.com', port }, { greeting: 1_500, clientHello: 200 });
    expect(sample).toMatchObject({
      outcome: 'warn',
      phase: 'greeting',
      code: 'address-down',
      address: '127.0.0.3',
      otherAddresses: ['127.0.0.2'],
    });
    expect(sample.detail).toMatch(/^127\.0\.0\.2 port \d+: /);
  });

  test.each<[string, Script, Script, Partial<Sample>]>([
    [
      'silent, as the other',
      (client) => client.hang(),
      (client) => client.hang(),
      { outcome: 'fail', code: 'silence' },
    ],
    ['refusing this vantage', BLOCKED, mailServer(), { outcome: 'unable', code: 'vantage-listed' }],
    [
      'refusing EHLO',
      mailServer({ answers: { EHLO: '550 no' } }),
      mailServer(),
      { outcome: 'fail', code: 'ehlo-refused' },
    ],
    [
      'closed, as the other',
      DEAD,
      mailServer({ answers: { greeting: '554 no' } }),
      { outcome: 'fail', code: 'closed' },
    ],
  ])('the first address counts: %s', async (_, first, second, expected) => {
    const { port } = await serveAt({ '127.0.0.2': first, '127.0.0.3': second });
    const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3'] } };
    const sample = await probeIn(zone, { host: 'mx1.example.com', port }, { greeting: 1_500, clientHello: 200 });
    expect(sample).toMatchObject({ ...expected, address: '127.0.0.2' });
  });

  test.each<[string, string[], string[], string]>([
    [
      'four of five addresses refuse',
      ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.9'],
      [],
      '127.0.0.9',
    ],
    [
      'four IPv4 addresses refuse, and IPv6 works',
      ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'],
      ['::1'],
      '::1',
    ],
    // TCP has no route to a multicast address.
    ['there is no route to many addresses', [...multicast(40), '127.0.0.9'], [], '127.0.0.9'],
  ])('%s', async (_, A, AAAA, address) => {
    const { port } = await serveAt({ [address]: mailServer() });
    const sample = await probeIn({ 'mx1.example.com': { A, AAAA } }, { host: 'mx1.example.com', port });
    expect(sample).toMatchObject({ address });
    expect(['pass', 'warn']).toContain(sample.outcome);
  });

  test('the addresses after the limit are not tried', async () => {
    const { port, servers } = await serveAt({ '127.0.0.9': mailServer() });
    const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3', '127.0.0.9'] } };
    const sample = await probeIn(zone, { host: 'mx1.example.com', port }, { addresses: 2 });
    expect(sample).toMatchObject({ outcome: 'fail', code: 'connect-refused' });
    expect(servers['127.0.0.9']?.heard).toEqual([]);
  });

  test('a silent address leaves time for another one before the deadline', async () => {
    const { port } = await serveAt({ '127.0.0.2': (client) => client.hang(), '127.0.0.3': mailServer() });
    const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3'] } };
    const sample = await probeIn(zone, { host: 'mx1.example.com', port, timeout: 6_000 }, { clientHello: 200 });
    expect(sample).toMatchObject({ outcome: 'warn', code: 'address-down', address: '127.0.0.3' });
    expect(sample.total).toBeLessThan(6_000);
  });

  test.each<[string, Zone['x'], string]>([
    ['AAAA', { A: ['127.0.0.1'], AAAA: 'silence' }, '127.0.0.1'],
    ['A', { A: 'silence', AAAA: ['::1'] }, '::1'],
  ])('%s is not answered: the other family is used, with a warning', async (_, records, address) => {
    const { port } = await serveAt({ [address]: mailServer() });
    const sample = await probeIn({ 'mx1.example.com': records }, { host: 'mx1.example.com', port });
    expect(sample).toMatchObject({ outcome: 'warn', phase: 'dns', code: 'dns-slow-family', address });
    expect(sample.findings).toHaveLength(1);
  });

  test.each<[string, Zone['x'], string]>([
    ['SERVFAIL for AAAA', { A: ['127.0.0.1'], AAAA: 'servfail' }, '127.0.0.1'],
    ['NXDOMAIN for A', { A: 'nxdomain', AAAA: ['::1'] }, '::1'],
  ])('%s: the other family is used, with a warning', async (_, records, address) => {
    const { port } = await serveAt({ [address]: mailServer() });
    const sample = await probeIn({ 'mx1.example.com': records }, { host: 'mx1.example.com', port });
    expect(sample).toMatchObject({ outcome: 'warn', phase: 'dns', code: 'dns-broken-family', address });
    const domain: Zone = { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': records ?? {} };
    const ofDomain = await probeIn(domain, { domain: 'example.com', port });
    expect(ofDomain).toMatchObject({ outcome: 'warn', phase: 'dns', code: 'dns-broken-family', address });
  });

  test('all dead', async () => {
    const sample = await probeIn(
      { 'mx1.example.com': { A: ['127.0.0.2', '127.0.0.3'] } },
      { host: 'mx1.example.com', port: 1 },
    );
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-refused' });
  });

  test('IPv4 first, or the configured family', async () => {
    const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.1'], AAAA: ['::1'] } };
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    expect(await probeIn(zone, { host: 'mx1.example.com', port })).toMatchObject({
      outcome: 'pass',
      address: '127.0.0.1',
      otherAddresses: ['::1'],
    });
    expect(await probeIn(zone, { host: 'mx1.example.com', port: 1, family: 6 })).toMatchObject({
      outcome: 'fail',
      address: '::1',
    });
  });
});

describe('each family', () => {
  const zone: Zone = { 'mx1.example.com': { A: ['127.0.0.1'], AAAA: ['::1'] } };

  test('both pass', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer(), '::1': mailServer() });
    const sample = await probeIn(zone, { host: 'mx1.example.com', port, family: 'each' });
    expect(sample.outcome).toBe('pass');
    expect(sample.parts?.map(({ name, sample: { address } }) => [name, address])).toEqual([
      ['IPv4', '127.0.0.1'],
      ['IPv6', '::1'],
    ]);
  });

  test('the outcome of the worse family', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer(), '::1': DEAD });
    const sample = await probeIn(zone, { host: 'mx1.example.com', port, family: 'each' });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'greeting', code: 'closed', address: '::1' });
    expect(sample.detail).toMatch(/^IPv6: /);
  });

  test('unable for one family does not count', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer(), '::1': BLOCKED });
    const sample = await probeIn(zone, { host: 'mx1.example.com', port, family: 'each' });
    expect(sample).toMatchObject({ outcome: 'pass', findings: [] });
    expect(sample.parts?.[1]?.sample).toMatchObject({ outcome: 'unable', code: 'vantage-listed' });
  });
});

describe('a domain', () => {
  const A = (last: number) => ({ A: [`127.0.0.${last}`] });
  const zone: Zone = {
    'example.com': { MX: ['20 mx2.example.com', '10 mx1.example.com'], A: ['127.0.0.4'] },
    'mx1.example.com': A(1),
    'mx2.example.com': A(2),
  };

  test.each<[string, Script, Script, Partial<Sample>]>([
    ['all accept', mailServer(), mailServer(), { outcome: 'pass', code: null, address: '127.0.0.1' }],
    ['a backup is dead', mailServer(), DEAD, { outcome: 'warn', code: 'mx-host-down', address: '127.0.0.1' }],
    ['only a backup accepts', DEAD, mailServer(), { outcome: 'warn', code: 'mx-backup-only', address: '127.0.0.2' }],
    ['none accepts', DEAD, DEAD, { outcome: 'fail', phase: 'greeting', code: 'closed', address: '127.0.0.1' }],
    [
      'the vantage is refused by the best',
      BLOCKED,
      mailServer(),
      { outcome: 'warn', code: 'vantage-listed', address: '127.0.0.2' },
    ],
    [
      'the vantage is refused by a backup',
      mailServer(),
      BLOCKED,
      { outcome: 'warn', code: 'vantage-listed', address: '127.0.0.1' },
    ],
    [
      'the best is dead, and the vantage refused by a backup',
      DEAD,
      BLOCKED,
      { outcome: 'unable', code: 'vantage-listed', address: '127.0.0.2' },
    ],
    ['the vantage is refused by all', BLOCKED, BLOCKED, { outcome: 'unable', code: 'vantage-listed' }],
  ])('%s', async (_, first, second, expected) => {
    const { port } = await serveAt({ '127.0.0.1': first, '127.0.0.2': second });
    const sample = await probeIn(zone, { domain: 'example.com', port });
    expect(sample).toMatchObject(expected);
    expect(sample.parts?.map(({ name }) => name)).toEqual(['mx1.example.com', 'mx2.example.com']);
    expect(sample.transcript[0]).toBe('* example.com has MX 10 mx1.example.com, 20 mx2.example.com');
  });

  test.each<[string, Script, Script, readonly string[]]>([
    ['all greylist', GREYLISTING, GREYLISTING, ['rcpt-greylisted', 'rcpt-greylisted']],
    ['the best greylists', GREYLISTING, mailServer(), ['mx-host-deferred']],
    ['a backup greylists', mailServer(), GREYLISTING, ['mx-host-deferred']],
    ['a backup is dead, the best greylists', GREYLISTING, DEAD, ['rcpt-greylisted', 'mx-host-down']],
  ])('%s', async (_, first, second, codes) => {
    const { port } = await serveAt({ '127.0.0.1': first, '127.0.0.2': second });
    const rcpt = { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] };
    const sample = await probeIn(zone, { domain: 'example.com', port, ...rcpt });
    expect([sample.outcome, sample.code]).toEqual(['warn', codes[0]]);
    expect(sample.findings.map(({ code }) => code)).toEqual(codes);
  });

  test('two of the same preference, one dead', async () => {
    const { port } = await serveAt({ '127.0.0.1': DEAD, '127.0.0.2': mailServer() });
    const equal: Zone = { ...zone, 'example.com': { MX: ['10 mx1.example.com', '10 mx2.example.com'] } };
    const sample = await probeIn(equal, { domain: 'example.com', port });
    expect(sample.findings.map(({ code }) => code)).toEqual(['mx-host-down']);
  });

  test('no MX: the address of the domain itself', async () => {
    const { port } = await serveAt({ '127.0.0.4': mailServer() });
    const sample = await probeIn({ 'example.com': A(4) }, { domain: 'example.com', port });
    expect(sample).toMatchObject({ outcome: 'pass', address: '127.0.0.4' });
    expect(sample.parts?.map(({ name }) => name)).toEqual(['example.com']);
  });

  test('a host that refuses the vantage is a warning', async () => {
    const { port } = await serveAt({ '127.0.0.1': BLOCKED, '127.0.0.2': mailServer() });
    const { findings } = await probeIn(zone, { domain: 'example.com', port });
    const reply = '554 5.7.1 your host is listed at bl.example.net';
    const detail = 'mx1.example.com: refused with 554';
    expect(findings).toEqual([{ phase: 'greeting', code: 'vantage-listed', outcome: 'warn', detail, reply }]);
  });

  test('a host without an answer of the resolver is not down', async () => {
    const { port } = await serveAt({ '127.0.0.2': mailServer() });
    const { findings } = await probeIn({ ...zone, 'mx1.example.com': 'silence' }, { domain: 'example.com', port });
    expect(findings.map(({ code, outcome }) => [code, outcome])).toEqual([['dns-timeout', 'warn']]);
  });

  test('no MX: the domain may be an alias (RFC 5321 5.1)', async () => {
    const { port } = await serveAt({ '127.0.0.4': mailServer() });
    const aliased: Zone = { 'example.com': { CNAME: 'www.example.com' }, 'www.example.com': A(4) };
    expect(await probeIn(aliased, { domain: 'example.com', port })).toMatchObject({ outcome: 'pass', findings: [] });
  });

  test('a host with only IPv4 is not down', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer(), '127.0.0.2': mailServer(), '::1': mailServer() });
    const both: Zone = { ...zone, 'mx1.example.com': { A: ['127.0.0.1'], AAAA: ['::1'] } };
    const sample = await probeIn(both, { domain: 'example.com', port, family: 'each' });
    expect(sample).toMatchObject({ outcome: 'pass', findings: [] });
    expect(sample.parts?.flatMap((part) => part.sample.parts?.map((one) => one.sample.code))).toEqual([
      null,
      null,
      null,
      'dns-no-data',
    ]);
  });

  test('a duplicate host is probed once, with its better preference', async () => {
    const { port, servers } = await serveAt({ '127.0.0.1': mailServer() });
    const twice: Zone = { ...zone, 'example.com': { MX: ['20 MX1.example.com', '10 mx1.example.com'] } };
    const sample = await probeIn(twice, { domain: 'example.com', port });
    expect(sample.parts).toHaveLength(1);
    expect(sample.transcript[0]).toBe('* example.com has MX 10 mx1.example.com');
    expect(servers['127.0.0.1']?.heard.filter((line) => line.startsWith('EHLO'))).toHaveLength(1);
  });

  test('two names with the same address are probed one after the other', async () => {
    const slow: Script = async (client) => {
      await client.pause(30);
      await mailServer()(client);
    };
    const { port, servers } = await serveAt({ '127.0.0.1': slow });
    const sample = await probeIn({ ...zone, 'mx2.example.com': A(1) }, { domain: 'example.com', port });
    expect(sample).toMatchObject({ outcome: 'pass', findings: [] });
    const sessions = Array(2).fill(['EHLO probe.example.com', 'QUIT']).flat();
    await expect.poll(() => servers['127.0.0.1']?.heard).toEqual(sessions);
  });

  test('two names of one dead server make the domain fail', async () => {
    const { port } = await serveAt({ '127.0.0.1': (client) => client.hang() });
    const shared: Zone = { ...zone, 'mx2.example.com': A(1) };
    const sample = await probeIn(shared, { domain: 'example.com', port, timeout: 1_500 });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'greeting', code: 'silence' });
    expect(sample.parts?.map((part) => part.sample.code).toSorted()).toEqual(['connect-timeout', 'silence']);
  });

  test('an MX that is an alias', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const aliased: Zone = {
      'example.com': { MX: ['10 mail.example.com'] },
      'mail.example.com': { CNAME: 'mx1.example.com' },
      'mx1.example.com': A(1),
    };
    const sample = await probeIn(aliased, { domain: 'example.com', port });
    expect(sample).toMatchObject({
      outcome: 'warn',
      phase: 'dns',
      code: 'mx-alias',
      detail: 'mail.example.com is an alias of mx1.example.com',
    });
  });

  test('an MX that is an alias loop', async () => {
    const looping: Zone = {
      'example.com': { MX: ['10 a.example.com'] },
      'a.example.com': { CNAME: 'b.example.com' },
      'b.example.com': { CNAME: 'a.example.com' },
    };
    const sample = await probeIn(looping, { domain: 'example.com' });
    expect(sample.findings.map(({ code }) => code)).toContain('mx-alias-loop');
    expect(sample.outcome).toBe('fail');
  });

  test('a null MX beside another one', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const both: Zone = { ...zone, 'example.com': { MX: ['0 .', '10 mx1.example.com'] } };
    const sample = await probeIn(both, { domain: 'example.com', port });
    expect(sample).toMatchObject({
      outcome: 'warn',
      phase: 'dns',
      code: 'mx-null-beside-others',
      address: '127.0.0.1',
    });
    expect(sample.findings).toHaveLength(1);
  });

  test('an MX that is an address', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const only: Zone = { 'example.com': { MX: ['10 127.0.0.1'] } };
    expect(await probeIn(only, { domain: 'example.com', port })).toMatchObject({
      outcome: 'fail',
      phase: 'dns',
      code: 'mx-address',
    });
    const beside: Zone = { ...zone, 'example.com': { MX: ['10 192.0.2.1', '20 mx1.example.com'] } };
    const sample = await probeIn(beside, { domain: 'example.com', port });
    expect(sample).toMatchObject({ outcome: 'warn', code: 'mx-address', address: '127.0.0.1' });
    expect(sample.findings.map(({ code }) => code)).toEqual(['mx-address']);
  });

  test.each<[string, Zone]>([
    ['localhost', { 'example.com': { MX: ['10 localhost'] } }],
    ['127.0.0.1', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { A: ['127.0.0.1'] } }],
    ['0.0.0.0', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { A: ['0.0.0.0'] } }],
    ['::', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['::'] } }],
    ['::1', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['::1'] } }],
    ['fe80::1', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['fe80::1'] } }],
    ['10.0.0.1', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { A: ['10.0.0.1'] } }],
    [
      'NAT64 of 127.0.0.1',
      { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['64:ff9b::7f00:1'] } },
    ],
    [
      '6to4 of 10.0.0.1',
      { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['2002:a00:1::1'] } },
    ],
    [
      '::ffff:127.0.0.1',
      { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['::ffff:7f00:1'] } },
    ],
    ['fd00::1', { 'example.com': { MX: ['10 mx1.example.com'] }, 'mx1.example.com': { AAAA: ['fd00::1'] } }],
    [
      '127.0.0.1 of an alias',
      {
        'example.com': { MX: ['10 a.example.com'] },
        'a.example.com': { CNAME: 'b.example.com' },
        'b.example.com': { A: ['127.0.0.1'] },
      },
    ],
    ['127.0.0.1, without an MX record', { 'example.com': { A: ['127.0.0.1'] } }],
  ])('an MX host with the address %s is a failure, and is not connected to', async (_, home) => {
    const { port, servers } = await serveAt({ '127.0.0.1': mailServer(), '::1': mailServer() });
    const sample = await probeIn(home, { domain: 'example.com', port }, {}, 'public');
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'dns', code: 'mx-not-routable', address: null });
    expect(Object.values(servers).flatMap(({ heard }) => heard)).toEqual([]);
  });

  test('a host on loopback may be written as one', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const host: Zone = { 'mx1.example.com': { A: ['127.0.0.1'] } };
    expect(await probeIn(host, { host: 'mx1.example.com', port }, {}, 'public')).toMatchObject({ outcome: 'pass' });
    expect(await probeIn({}, { host: 'localhost', port, family: 4 }, {}, 'public')).toMatchObject({ outcome: 'pass' });
  });

  test('more MX hosts than are probed', async () => {
    const { port } = await serveAt({ '127.0.0.1': mailServer() });
    const hosts = Array.from({ length: 4 }, (_, n) => `mx${n}.example.com`);
    const many: Zone = {
      'example.com': { MX: hosts.map((host, n) => `${n} ${host}`) },
      ...Object.fromEntries(hosts.map((host) => [host, A(1)])),
    };
    const sample = await probeIn(many, { domain: 'example.com', port }, { mxHosts: 3 });
    expect(sample).toMatchObject({ outcome: 'warn', code: 'mx-too-many' });
    expect(sample.parts).toHaveLength(3);
  });
});

describe('the name of a host is once in a detail', () => {
  test.each<[string, Zone, Partial<ProbeTarget>, string]>([
    ['ENODATA', { 'mx1.example.com': {} }, {}, 'mx1.example.com: ENODATA'],
    ['of each family', { 'mx1.example.com': {} }, { family: 'each' }, 'mx1.example.com: IPv4: ENODATA'],
  ])('%s', async (_, zone, target, detail) => {
    const all: Zone = { 'example.com': { MX: ['10 mx1.example.com'] }, ...zone };
    expect((await probeIn(all, { domain: 'example.com', ...target })).detail).toBe(detail);
  });
});

test('a target without host and domain throws', async () => {
  await expect(probeIn({}, {})).rejects.toThrow(TypeError);
});
