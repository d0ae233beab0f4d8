import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
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
  expect(performance.now() - since).toBeLessThan(25_000);
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
    check: 'dmarc example.com',
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
  expect(performance.now() - since).toBeLessThan(60_000);
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

test('one failure of DNS that many areas have is said once', async () => {
  const { stdout } = await posture({ ...healthy, 'example.com': 'servfail' });
  expect(stdout.match(/: no-answer$/gm), stdout).toHaveLength(1);
  expect(stdout).toMatch(/^unable at mx, dns, spf, .*fcrdns.*: no-answer$/m);
  expect(stdout.split('\n').filter((line) => line.endsWith('  example.com: ESERVFAIL'))).toEqual([
    '  Found     example.com: ESERVFAIL',
  ]);
});

test('--no-lists asks no list', async () => {
  const { server } = await posture(healthy, '--no-lists');
  expect(server.queries.filter((query) => query.includes('example.net'))).toEqual([]);
  expect(server.queries.length).toBeGreaterThan(5);
});

describe('--explain', () => {
  test('spf: the tree of lookups, with the exit code of the findings of SPF', async () => {
    const zone: Zone = {
      ...healthy,
      'example.com': { MX: ['10 mx1.example.com'], TXT: ['v=spf1 mx include:_spf.example.net ip4:192.0.2.25 -all'] },
      '_spf.example.net': { TXT: ['v=spf1 a:gone.example.net -all'] },
    };
    const explain = () => posture(zone, '--explain', 'spf', '--address', '192.0.2.25');
    const { stdout, stderr, code, server } = await onTerminal(80, explain);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^SPF {2}example\.com {2}3 lookups, 10 are allowed; 1 without records, 2 are allowed$/m);
    expect(stdout).toMatch(/^ +2 +2 {2}\S+ include:_spf\.example\.net$/m);
    expect(stdout).toMatch(/^ +1 +3 {2}.* a:gone\.example\.net$/m);
    expect(stdout).toMatch(/^192\.0\.2\.25 {2}pass {2}by ip4:192\.0\.2\.25 of example\.com; 3 lookups until then$/m);
    expect(stdout).toMatch(/^warn {4}spf-void-lookup/m);
    expect(stdout).toContain('smtp-quorum posture example.com');
    expect(code).toBe(1);
    expect(server.queries.filter((query) => query.includes('_dmarc') || query.includes('bl.example'))).toEqual([]);
  });

  test('spf: one lookup', async () => {
    const zone: Zone = {
      ...healthy,
      'example.com': { MX: ['10 mx1.example.com'], TXT: ['v=spf1 mx ip4:192.0.2.25 -all'] },
    };
    const { stdout } = await posture(zone, '--explain', 'spf', '--address', '192.0.2.25');
    expect(stdout).toMatch(/^SPF {2}example\.com {2}1 lookup, 10 are allowed;/m);
    expect(stdout).toMatch(/; 1 lookup until then$/m);
  });

  test('dmarc: the walk, and what applies', async () => {
    const { stdout, code } = await posture(healthy, '--explain', 'dmarc');
    expect(stdout).toMatch(/^DMARC {2}example\.com {2}the record of example\.com applies$/m);
    expect(stdout).toMatch(/^_dmarc\.com +no record$/m);
    expect(stdout).toMatch(/^policy of example\.com +reject$/m);
    expect(code).toBe(0);
  });

  test.each(['spf', 'dmarc'])('%s of a hostile zone is printable, and fits 80 columns', async (area) => {
    const hostile = '\x1b[2J\u009b31m\r\n\x07\xff evil "\\';
    const many = Array.from({ length: 500 }, (_, nth) => `include:${'x'.repeat(60)}${nth}.example.com`).join(' ');
    const zone: Zone = {
      'example.com': { TXT: [`v=spf1 ${many} exists:${'%{i}'.repeat(60)}.x.example.com ${hostile}`] },
      '_dmarc.example.com': { TXT: [`v=DMARC1; p=${hostile}; rua=${hostile}`] },
    };
    const { stdout, code } = await onTerminal(80, () => posture(zone, '--explain', area));
    expect(stdout).toMatch(/^[\n -~\u2026\u00ff\u2500-\u257f]*$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(code).toBe(2);
  });

  test('a resolver that fails: nothing is known', async () => {
    for (const area of ['spf', 'dmarc']) {
      const { stdout, code } = await posture(
        { 'example.com': 'servfail', '_dmarc.example.com': 'servfail' },
        '--explain',
        area,
      );
      expect(stdout).toMatch(/SERVFAIL/);
      expect(code).toBe(3);
    }
  });
});

describe('keys of lists in the environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('are asked with, and not printed', async () => {
    vi.stubEnv('SMTP_QUORUM_SPAMHAUS_KEY', 'secret0key');
    const server = await serveNames(healthy);
    open.push(server);
    const asked = ['posture', 'example.com', '--resolver', server.address, '--list', 'zen.spamhaus.org', '--json'];
    const { stdout } = await inProcess(asked);
    expect(server.queries).toContain('A 2.0.0.127.secret0key.zen.dq.spamhaus.net');
    expect(stdout).toContain('<key>.zen.dq.spamhaus.net');
    expect(stdout).not.toContain('secret0key');
  });

  test('what is no key is refused, and not printed', async () => {
    vi.stubEnv('SMTP_QUORUM_ABUSIX_KEY', 'pass word!');
    const { code, stdout, stderr } = await inProcess(['posture', 'example.com', '--resolver', '127.0.0.1:1']);
    expect(stderr).toContain('SMTP_QUORUM_ABUSIX_KEY');
    expect(stdout + stderr).not.toContain('pass word');
    expect(code).toBe(3);
  });
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
    [['posture', 'example.com', '--explain', 'dkim'], 'neither spf nor dmarc'],
    [['posture', 'example.com', '--explain', 'spf', '--json'], 'leave out --json'],
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

describe('DNSSEC', () => {
  const root: Zone = { '': { DNSKEY: ['257 3 13 AwEAAQ=='] } };
  const signed: Zone = {
    ...healthy,
    ...root,
    'example.com': {
      ...(healthy['example.com'] as object),
      NS: ['ns1.example.net', 'ns2.example.net'],
      SOA: ['ns1.example.net ops.example.net 1 2 3 4 5'],
    },
    // No question leaves this machine: they are not public.
    'ns1.example.net': { A: ['127.0.0.1'] },
    'ns2.example.net': { A: ['127.0.0.2'] },
  };
  const run = async (zone: Zone, authenticated: boolean, ...args: readonly string[]) => {
    const server = await serveNames(zone, { authenticated });
    open.push(server);
    const asked = ['posture', 'example.com', '--resolver', server.address, '--no-lists', '--no-sessions', ...args];
    return inProcess(asked);
  };

  test('is judged through a resolver on this machine that validates', async () => {
    const { stdout } = await run(signed, true);
    expect(stdout).toMatch(/^ok {2}dnssec {2}example\.com is signed$/m);
    expect(stdout).toMatch(/^warn at dns: dns-server-not-routable$/m);
    expect(stdout).not.toContain('not judged');
    expect(JSON.parse((await run(signed, true, '--json')).stdout)).toMatchObject({ dnssec: 'judged' });
  });

  test.each<[string, Zone, boolean, string, RegExp]>([
    ['one that does not validate', signed, false, 'not-validating', /turn DNSSEC on in it, or --resolver https/],
    [
      'one that does not answer for the root',
      { ...signed, '': 'servfail' },
      true,
      'no-answer',
      /does not answer for the root/,
    ],
  ])('is not judged through %s, which is said once', async (_, zone, authenticated, dnssec, words) => {
    const { stdout } = await run(zone, authenticated);
    expect(stdout).not.toMatch(/ dnssec /);
    expect(stdout.match(/not judged/g)).toHaveLength(1);
    expect(stdout).toMatch(words);
    expect(JSON.parse((await run(zone, authenticated, '--json')).stdout)).toMatchObject({ dnssec });
  });
});
