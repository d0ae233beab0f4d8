import { afterEach, describe, expect, test } from 'vitest';
import { type AddressQuery, resolveAddresses } from '../../lambda/dns/addresses.ts';
import { type NameServer, type Records, serveNames } from './name-server.ts';

const open: NameServer[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const query: AddressQuery = { family: 'any', hostsFile: true, otherFamily: 1_000 };

/** A resolver that waits longer than the query for the other family. */
async function resolve(records: Records, settings: Partial<AddressQuery> = {}, patience = 4_000) {
  const names = await serveNames({ 'mx1.example.com': records }, patience);
  open.push(names);
  return resolveAddresses('mx1.example.com', names.resolver, { ...query, ...settings });
}

test('NXDOMAIN for one record type is no-data if the other type exists', async () => {
  const records: Records = { A: ['192.0.2.1'], AAAA: 'nxdomain' };
  expect(await resolve(records, { family: 6 })).toMatchObject({ kind: 'no-data' });
  expect(await resolve(records, { family: 4 })).toEqual({ addresses: ['192.0.2.1'], problem: null });
});

describe('one family without an answer does not hold up the other one', () => {
  const four = ['192.0.2.1'];
  const six = ['2001:db8::1'];
  test.each<[string, Records, readonly string[], string]>([
    ['AAAA is dropped', { A: four, AAAA: 'silence' }, four, 'no answer for AAAA in time, only for A'],
    ['A is dropped', { A: 'silence', AAAA: six }, six, 'no answer for A in time, only for AAAA'],
    ['AAAA is late', { A: four, AAAA: { after: 7_500, records: six } }, four, 'no answer for AAAA in time'],
  ])('%s', async (_, records, addresses, detail) => {
    const since = performance.now();
    const found = await resolve(records, {}, 8_000);
    expect(performance.now() - since).toBeLessThan(6_000);
    expect(found).toMatchObject({ addresses, problem: { kind: 'slow-family' } });
    expect((found as { problem: { detail: string } }).problem.detail).toContain(detail);
  });

  test.each<[string, Records, object]>([
    [
      'both are in time',
      { A: four, AAAA: { after: 20, records: six } },
      { addresses: [...four, ...six], problem: null },
    ],
    ['only A exists', { A: four }, { addresses: four, problem: null }],
    ['AAAA does not exist, and A is late', { A: { after: 1_800, records: four } }, { addresses: four, problem: null }],
    ['a lie of NXDOMAIN for AAAA', { A: { after: 1_800, records: four }, AAAA: 'nxdomain' }, { addresses: four }],
    ['both fail', { A: 'refused', AAAA: 'servfail' }, { kind: 'refused' }],
    ['A does not exist, and AAAA is dropped', { AAAA: 'silence' }, { kind: 'timeout' }],
    ['the name does not exist, and AAAA is dropped', { A: 'nxdomain', AAAA: 'silence' }, { kind: 'nxdomain' }],
    ['A fails, and AAAA does not exist', { A: 'servfail' }, { kind: 'servfail' }],
  ])('%s', async (_, records, expected) => {
    expect(await resolve(records)).toMatchObject(expected);
  });
});

describe('one family that fails is reported, and the other one is used', () => {
  const four = ['192.0.2.1'];
  const six = ['2001:db8::1'];
  const name = 'mx1.example.com';
  test.each<[string, Records, readonly string[], string]>([
    ['SERVFAIL for AAAA', { A: four, AAAA: 'servfail' }, four, `${name}: ESERVFAIL for AAAA; A is answered`],
    ['SERVFAIL for A', { A: 'servfail', AAAA: six }, six, `${name}: ESERVFAIL for A; AAAA is answered`],
    ['REFUSED for AAAA', { A: four, AAAA: 'refused' }, four, `${name}: EREFUSED for AAAA; A is answered`],
    ['NOTIMP for AAAA', { A: four, AAAA: 'notimp' }, four, `${name}: ENOTIMP for AAAA; A is answered`],
    ['NXDOMAIN for AAAA', { A: four, AAAA: 'nxdomain' }, four, `${name}: ENOTFOUND for AAAA; A is answered`],
    ['NXDOMAIN for A', { A: 'nxdomain', AAAA: six }, six, `${name}: ENOTFOUND for A; AAAA is answered`],
    [
      'AAAA truncated, without TCP',
      { A: four, AAAA: 'truncated' },
      four,
      `${name}: ECONNREFUSED for AAAA; A is answered`,
    ],
  ])('%s', async (_, records, addresses, detail) => {
    expect(await resolve(records)).toEqual({ addresses, problem: { kind: 'broken-family', detail } });
  });
});

test('families take turns, as RFC 8305 orders them', async () => {
  const found = await resolve({
    A: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'],
    AAAA: ['2001:db8::1', '2001:db8::2'],
  });
  expect(found).toMatchObject({
    addresses: ['192.0.2.1', '2001:db8::1', '192.0.2.2', '2001:db8::2', '192.0.2.3', '192.0.2.4'],
  });
});

test('localhost is never a query', async () => {
  const names = await serveNames({});
  open.push(names);
  const found = await resolveAddresses('localhost', names.resolver, { ...query, hostsFile: false });
  expect(found).toMatchObject({ addresses: expect.arrayContaining(['127.0.0.1']) });
  expect(names.queries).toEqual([]);
});
