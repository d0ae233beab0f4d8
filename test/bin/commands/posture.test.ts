import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { postureSchema } from '../../../docs/posture.ts';
import { type NameServer, serveNames, type Zone } from '../../dns/name-server.ts';
import { goodKey } from '../../posture/cases.ts';
import { cli, inProcess } from '../cli.ts';
import { onTerminal } from '../terminal.ts';

const open: NameServer[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const healthy: Zone = {
  'example.com': { MX: ['10 mx1.example.com'], TXT: ['v=spf1 ip4:192.0.2.25 -all', 'other text'] },
  'mx1.example.com': { A: ['192.0.2.10'] },
  'out.example.com': { A: ['192.0.2.25'] },
  '10.2.0.192.in-addr.arpa': { PTR: ['mx1.example.com'] },
  '25.2.0.192.in-addr.arpa': { PTR: ['out.example.com'] },
  's1._domainkey.example.com': { TXT: [`v=DKIM1; k=rsa; p=${goodKey}`] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:reports@example.com'] },
  '2.0.0.127.bl.example.net': { A: ['127.0.0.2'] },
};

async function posture(zone: Zone, ...args: readonly string[]) {
  const server = await serveNames(zone);
  open.push(server);
  const asked = [
    'posture',
    'example.com',
    '--resolver',
    server.address,
    '--selector',
    's1',
    '--list',
    'bl.example.net',
    '--no-sessions',
  ];
  return { ...(await inProcess([...asked, ...args])), server };
}

test('a healthy domain passes with exit code 0, a line for each finding', async () => {
  const { code, stdout, stderr } = await posture(healthy, '--address', '192.0.2.25');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^PASS {2}example\.com {2}\d+ ok; \d+ queries, \d\.\d s\n/);
  expect(stdout).toMatch(/^ok {2}spf {5}v=spf1 ip4:192\.0\.2\.25 -all; 0 of 10 lookups$/m);
  expect(stdout).toMatch(/^ok {2}dkim {4}RSA, 2048 bits$/m);
  expect(stdout).not.toContain('Hint');
  expect(code).toBe(0);
});

test.each<[number, string, Zone]>([
  [1, 'a warning', { ...healthy, '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:a@example.com'] } }],
  [2, 'a failure', { ...healthy, '25.2.0.192.bl.example.net': { A: ['127.0.0.2'] }, '_dmarc.example.com': {} }],
  [3, 'a failure of DNS', { ...healthy, '_dmarc.example.com': 'servfail' }],
  [3, 'a list that refuses', { ...healthy, '2.0.0.127.bl.example.net': { A: ['127.255.255.254'] } }],
  [2, 'no such domain', {}],
])('exit code %i: %s', async (expected, _, zone) => {
  const { code, stdout, stderr } = await posture(zone);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/Hint/);
  expect(code).toBe(expected);
});

test.each<[string, Zone[string]]>([
  ['fails', 'servfail'],
  ['refuses', 'refused'],
  ['answers another question', 'other-question'],
  ['answers garbage', 'garbage'],
])('a resolver that %s: nothing is known, and nothing else is said', async (_, lie) => {
  const zone = new Proxy<Zone>({}, { get: () => lie, has: () => true });
  const { code, stdout } = await posture(zone, '--json', '--timeout', '4s');
  const { checks } = postureSchema.parse(JSON.parse(stdout));
  expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['unable']));
  expect(code).toBe(3);
});

test('a silent resolver: nothing is known, before the deadline', async () => {
  const zone = new Proxy<Zone>({}, { get: () => 'silence' });
  const since = performance.now();
  const { code, stdout } = await posture(zone, '--json', '--timeout', '2s');
  expect(performance.now() - since).toBeLessThan(3_000);
  expect(new Set(postureSchema.parse(JSON.parse(stdout)).checks.map(({ outcome }) => outcome))).toEqual(
    new Set(['unable']),
  );
  expect(code).toBe(3);
});

test('--json prints one line that the JSON Schema describes', async () => {
  const { stdout, server } = await posture({ ...healthy, '_dmarc.example.com': {} }, '--json');
  expect(stdout.trimEnd()).not.toContain('\n');
  const document = postureSchema.parse(JSON.parse(stdout));
  expect(document).toMatchObject({
    version: 1,
    domain: 'example.com',
    outcome: 'fail',
    queries: server.queries.length,
  });
  expect(document.checks[0]).toMatchObject({
    area: 'dmarc',
    code: 'dmarc-missing',
    rfc: 'RFC 9989 4.10',
    publish: ['_dmarc.example.com. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"'],
    command: 'dig +short TXT _dmarc.example.com',
  });
  const schema = JSON.parse(readFileSync(new URL('../../../smtp-quorum-posture.schema.json', import.meta.url), 'utf8'));
  expect(schema.required.toSorted()).toEqual(Object.keys(document).toSorted());
});

test('the whole answer of a hostile zone is printable, fits 80 columns, and ends soon', async () => {
  const hostile = '\x1b[2J\u009b31m\r\n\x07\xff evil "\\';
  const many = Array.from({ length: 500 }, (_, nth) => `include:s${nth}.example.com`).join(' ');
  const zone: Zone = {
    'example.com': { MX: ['10 mx1.example.com'], TXT: [`v=spf1 ${many} -all`, hostile, 'x'.repeat(30_000)] },
    'mx1.example.com': { A: ['192.0.2.10'] },
    '10.2.0.192.in-addr.arpa': { PTR: [`${'p'.repeat(60)}.example.com`] },
    '_dmarc.example.com': { TXT: [`v=DMARC1; p=${hostile}; ${hostile}=1; rua=${hostile}@example.com`] },
    's1._domainkey.example.com': { TXT: [`v=DKIM1; p=${hostile}`] },
    '_mta-sts.example.com': { TXT: [`v=STSv1; id=${hostile}`] },
    '_smtp._tls.example.com': { TXT: [`v=TLSRPTv1; rua=${'a'.repeat(9_000)}`] },
  };
  const since = performance.now();
  const { stdout, code } = await onTerminal(80, () => posture(zone, '--all'));
  expect(performance.now() - since).toBeLessThan(8_000);
  expect(stdout).toMatch(/^[\n -~\u2026\u00ff]*$/);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain('spf-too-many-lookups');
  expect(code).toBe(2);
});

test('a record that is longer than a line is printed in parentheses, and reads back', async () => {
  const text = `v=spf1 ${Array.from({ length: 12 }, (_, nth) => `ip4:192.0.2.${nth}`).join(' ')}`;
  const zone: Zone = { ...healthy, 'example.com': { MX: ['10 mx1.example.com'], TXT: [text] } };
  const { stdout } = await onTerminal(80, () => posture(zone, '--no-lists'));
  const [, record = ''] = /Publish +(example\.com\. IN TXT \([^)]*\))/.exec(stdout) ?? [];
  const strings = [...record.matchAll(/"([^"]*)"/g)].map(([, one]) => one);
  expect(strings.join('')).toBe(`${text} ~all`);
});

test('--no-lists asks no list', async () => {
  const { server } = await posture(healthy, '--no-lists');
  expect(server.queries.filter((query) => query.includes('example.net'))).toEqual([]);
  expect(server.queries.length).toBeGreaterThan(5);
});

describe('bad usage is exit code 3, and asks nothing', () => {
  test.each([
    [['posture'], "missing required argument 'domain'"],
    [['posture', 'ops@example.com'], 'use example.com'],
    [['posture', 'localhost'], 'is not a domain'],
    [['posture', '192.0.2.1'], '--address'],
    [['posture', 'https://example.com/'], 'is not a domain'],
    [['posture', 'example.com', '--address', 'mx1'], 'is not an IP address'],
    [['posture', 'example.com', '--selector', 's1:x'], 'is not a DKIM selector'],
    [['posture', 'example.com', '--list', 'lists'], 'is not the zone'],
    [['posture', 'example.com', '--resolver', 'dns.example.com'], 'write its address, or tls://dns.example.com'],
    [['posture', 'example.com', '--resolver', 'dns'], 'is not the address of a resolver'],
    [['posture', 'example.com', '--resolver', 'http://192.0.2.53/dns-query'], 'write https://'],
    [['posture', 'example.com', '--resolver', 'https://dns.example.com'], 'https://dns.example.com/dns-query'],
    [['posture', 'example.com', '--resolver', 'tls://'], 'DNS over TLS'],
    [['posture', 'example.com', '--resolver', '192.0.2.53:0'], 'is not the address of a resolver'],
    [['posture', 'example.com', '--timeout', '1h'], 'from 1s to 60s'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await inProcess(args);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(code).toBe(3);
  });
});

test('an internationalized domain is asked by its A-labels', async () => {
  const server = await serveNames({});
  open.push(server);
  await inProcess(['posture', 'B\u00dcCHER.example', '--resolver', server.address]);
  expect(server.queries[0]).toBe('MX xn--bcher-kva.example');
});

test('the built command line runs it', async () => {
  const server = await serveNames(healthy);
  open.push(server);
  const { code, stdout } = await cli([
    'posture',
    'example.com',
    '--resolver',
    server.address,
    '--no-lists',
    '--no-sessions',
    '--selector',
    's1',
  ]);
  expect(stdout).toMatch(/^PASS {2}example\.com/);
  expect(code).toBe(0);
  expect(existsSync(new URL('../../../docs/posture.md', import.meta.url))).toBe(true);
});
