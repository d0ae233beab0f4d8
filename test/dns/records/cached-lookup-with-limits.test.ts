import { afterEach, describe, expect, test } from 'vitest';
import { dnsOfRun } from '../../../lambda/dns/records/dns-of-run.ts';
import { LOOKUP_BOUNDS, type LookupBounds } from '../../../lambda/dns/records/query-budget.ts';
import { isQueryName } from '../../../lambda/dns/records/records.ts';
import { isUnanswered, type NameServer, type NameServerOptions, serveNames, type Zone } from '../name-server.ts';

const open: NameServer[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** For answers that come, and for those that do not. */
const PATIENT = { patience: 300, retry: 20_000, limit: 20_000 };
const SOON = { patience: 100, retry: 150, limit: 300 };

async function lookupIn(
  zone: Zone,
  bounds: Partial<LookupBounds> = {},
  options: NameServerOptions = {},
  timing = isUnanswered(zone) ? SOON : PATIENT,
) {
  const server = await serveNames(zone, options);
  open.push(server);
  return { ...runOf([server], bounds, timing), server };
}

function runOf(servers: readonly NameServer[], bounds: Partial<LookupBounds> = {}, timing = PATIENT) {
  const plain = servers.map(({ plain }) => plain);
  return dnsOfRun(plain, { timing, systemServers: [], bounds: { ...LOOKUP_BOUNDS, ...bounds } });
}

const digest = 'ab'.repeat(32);
const name = 'example.com';

test('each type of record', async () => {
  const { lookup } = await lookupIn({
    [name]: {
      A: ['192.0.2.1'],
      AAAA: ['2001:db8::1'],
      MX: ['10 mx1.example.com'],
      TXT: ['one', 'two'],
      PTR: ['p.example.com'],
      TLSA: [`3 1 1 ${digest}`],
    },
    'alias.example.com': { CNAME: name },
  });
  const values = async (type: Parameters<typeof lookup>[0], of = name) => {
    const answer = await lookup(type, of);
    return answer.kind === 'found' ? answer.values : answer;
  };
  expect(await values('A')).toEqual(['192.0.2.1']);
  expect(await values('AAAA')).toEqual(['2001:db8::1']);
  expect(await values('MX')).toEqual([{ host: 'mx1.example.com', preference: 10 }]);
  expect(await values('TXT')).toEqual(['one', 'two']);
  expect(await values('PTR')).toEqual(['p.example.com']);
  expect(await values('CNAME', 'alias.example.com')).toEqual([name]);
  expect(await values('A', 'alias.example.com')).toEqual(['192.0.2.1']);
  const tlsa = { usage: 3, selector: 1, matching: 1, data: digest };
  expect(await values('TLSA')).toEqual([tlsa]);
  expect(await values('TLSA', 'alias.example.com')).toEqual([tlsa]);
});

test('the AD bit of an answer on loopback', async () => {
  const { lookup } = await lookupIn({ [name]: { TLSA: [`3 1 1 ${digest}`] } }, {}, { authenticated: true });
  expect(await lookup('TLSA', name)).toMatchObject({ kind: 'found', authenticated: true });
  expect(await lookup('A', name)).toMatchObject({ kind: 'none', exists: true, authenticated: true });
});

test('TXT records keep their octets, and long ones come over TCP', async () => {
  const octets = String.fromCharCode(...Array.from({ length: 256 }, (_, nth) => nth)).repeat(200);
  const { lookup } = await lookupIn({ [name]: { TXT: [octets] } });
  expect(await lookup('TXT', name)).toMatchObject({ kind: 'found', values: [octets], ttl: 60 });
});

test('many TLSA records come over TCP, and no more than the bound are read', async () => {
  const { lookup, server } = await lookupIn({ [name]: { TLSA: Array.from({ length: 300 }, () => `3 1 1 ${digest}`) } });
  const answer = await lookup('TLSA', name);
  expect(answer.kind === 'found' ? answer.values.length : answer).toBe(LOOKUP_BOUNDS.records);
  expect(new Set(server.queries)).toEqual(new Set([`TLSA ${name}`]));
});

describe.each(['A', 'MX', 'TXT', 'TLSA'] as const)('%s of a server', (type) => {
  test.each([
    ['that has no such name', {}, { kind: 'none', exists: false }],
    ['that has no such record', { [name]: {} }, { kind: 'none', exists: true }],
    ['that fails', { [name]: 'servfail' }, { kind: 'failed', failure: { kind: 'servfail' } }],
    ['that refuses', { [name]: 'refused' }, { kind: 'failed', failure: { kind: 'refused' } }],
    ['that is silent', { [name]: 'silence' }, { kind: 'failed', failure: { kind: 'timeout' } }],
    ['that answers another question', { [name]: 'other-question' }, { kind: 'failed' }],
    ['that answers with another ID', { [name]: 'other-id' }, { kind: 'failed' }],
    ['that answers garbage', { [name]: 'garbage' }, { kind: 'failed' }],
    [
      'with a loop of aliases',
      { [name]: { CNAME: 'b.example.com' }, 'b.example.com': { CNAME: name } },
      { kind: 'none', exists: true },
    ],
  ] as [string, Zone, object][])('%s', async (_, zone, expected) => {
    const { lookup } = await lookupIn(zone);
    expect(await lookup(type, name)).toMatchObject(expected);
  });
});

test('a silent server is followed by the next one, for TLSA too', async () => {
  const [silent, answering] = await Promise.all([
    serveNames({ [name]: 'silence' }),
    serveNames({ [name]: { TLSA: [`3 1 1 ${digest}`], TXT: ['text'] } }),
  ]);
  open.push(silent, answering);
  const { lookup } = runOf([silent, answering]);
  expect(await lookup('TLSA', name)).toMatchObject({ kind: 'found' });
  expect(await lookup('TXT', name)).toMatchObject({ kind: 'found', values: ['text'] });
});

test('a query is sent once', async () => {
  const { lookup, server, queries } = await lookupIn({ [name]: { A: ['192.0.2.1'] } });
  await Promise.all([lookup('A', name), lookup('A', 'EXAMPLE.com'), lookup('A', `${name}.`)]);
  expect(server.queries).toEqual([`A ${name}`]);
  expect(queries()).toBe(1);
});

describe('the bounds', () => {
  test('of queries', async () => {
    const { lookup, server } = await lookupIn({}, { queries: 3 });
    const answers = await Promise.all(Array.from({ length: 5 }, (_, nth) => lookup('A', `a${nth}.example.com`)));
    expect(answers.map(({ kind }) => kind)).toEqual(['none', 'none', 'none', 'failed', 'failed']);
    expect(server.queries).toHaveLength(3);
  });

  test('of records', async () => {
    const { lookup } = await lookupIn(
      { [name]: { MX: Array.from({ length: 500 }, (_, nth) => `10 mx${nth}.example.com`) } },
      { records: 20 },
    );
    const answer = await lookup('MX', name);
    expect(answer.kind === 'found' ? answer.values.length : answer).toBe(20);
    expect(answer).toMatchObject({ total: 500 });
  });

  test('of MX records: the hosts that senders try first are read', async () => {
    const hosts = Array.from({ length: 30 }, (_, nth) => `${100 - nth} mx${nth}.example.com`);
    const { lookup } = await lookupIn({ [name]: { MX: hosts } }, { records: 2 });
    expect(await lookup('MX', name)).toMatchObject({
      values: [
        { host: 'mx29.example.com', preference: 71 },
        { host: 'mx28.example.com', preference: 72 },
      ],
      total: 30,
    });
  });

  test('of TXT records: which of them is read is chance, so that nothing is known', async () => {
    const texts = Array.from({ length: 30 }, (_, nth) => `verification=${nth}`);
    const { lookup } = await lookupIn({ [name]: { TXT: [...texts, 'v=spf1 -all'] } }, { records: 20 });
    expect(await lookup('TXT', name)).toMatchObject({
      kind: 'failed',
      failure: { detail: expect.stringContaining('31 TXT records') },
    });
  });

  test('of time: what is under way ends, and nothing is sent after it', async () => {
    const slow = { ...SOON, patience: 20_000, limit: 20_000 };
    const { lookup, server } = await lookupIn({ [name]: 'silence' }, { deadline: 100 }, {}, slow);
    const since = performance.now();
    expect(await lookup('A', name)).toMatchObject({ kind: 'failed', failure: { kind: 'timeout' } });
    expect(performance.now() - since).toBeLessThan(15_000);
    const sent = server.queries.length;
    expect(await lookup('A', 'b.example.com')).toMatchObject({ kind: 'failed', failure: { kind: 'timeout' } });
    expect(server.queries.filter((query) => query !== `A ${name}`)).toEqual([]);
    expect(sent).toBeGreaterThan(0);
  });

  test('of queries at the same time', async () => {
    const names = Array.from({ length: 9 }, (_, nth) => `a${nth}.example.com`);
    const late = { A: { after: 60, records: ['192.0.2.1'] } };
    const { lookup } = await lookupIn(Object.fromEntries(names.map((one) => [one, late])), { atOnce: 3 });
    const since = performance.now();
    await Promise.all(names.map((one) => lookup('A', one)));
    expect(performance.now() - since).toBeGreaterThan(170);
  });
});

test.each([
  ['a name that is too long', `${'a.'.repeat(127)}com`],
  ['a label that is too long', `${'a'.repeat(64)}.example.com`],
  ['an empty label', 'a..example.com'],
  ['the root', '.'],
  ['octets that are not ASCII', 'm\u00e4il.example.com'],
])('%s is not sent', async (_, wrong) => {
  const { lookup, server } = await lookupIn({});
  expect(isQueryName(wrong)).toBe(false);
  expect(await lookup('A', wrong)).toMatchObject({ kind: 'none', exists: false });
  expect(server.queries).toEqual([]);
});

test('a name that node:dns refuses is sent as it is', async () => {
  const { lookup } = await lookupIn({
    'xn--zz.example.com': { A: ['192.0.2.1'] },
    'a b"@c.example.com': { A: ['192.0.2.2'] },
  });
  expect(await lookup('A', 'xn--zz.example.com')).toMatchObject({ values: ['192.0.2.1'] });
  expect(await lookup('A', 'a b"@c.example.com')).toMatchObject({ values: ['192.0.2.2'] });
});

test('a dot inside a label cannot be sent', async () => {
  const { lookup, server } = await lookupIn({});
  expect(await lookup('A', 'a\\.b.example.com')).toMatchObject({ kind: 'failed' });
  expect(server.queries).toEqual([]);
});
