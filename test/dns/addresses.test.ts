import { afterEach, describe, expect, test } from 'vitest';
import { type AddressQuery, resolveAddresses } from '../../lambda/dns/addresses.ts';
import { type NameServer, type Records, serveNames } from './name-server.ts';

const open: NameServer[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const query: AddressQuery = { family: 'any', hostsFile: true, otherFamily: 100 };

/** A resolver that waits longer than the query for the other family. */
async function resolve(records: Records, settings: Partial<AddressQuery> = {}) {
  const names = await serveNames({ 'mx1.example.com': records }, 600);
  open.push(names);
  return resolveAddresses('mx1.example.com', names.resolver, { ...query, ...settings });
}

test('NXDOMAIN for one record type is no-data if the other type exists', async () => {
  const records: Records = { A: ['192.0.2.1'], AAAA: 'nxdomain' };
  expect(await resolve(records, { family: 6 })).toMatchObject({ kind: 'no-data' });
  expect(await resolve(records, { family: 4 })).toEqual({ addresses: ['192.0.2.1'], slow: null });
});

describe('one family without an answer does not hold up the other one', () => {
  const four = ['192.0.2.1'];
  const six = ['2001:db8::1'];
  test.each<[string, Records, readonly string[], string]>([
    ['AAAA is dropped', { A: four, AAAA: 'silence' }, four, 'no answer for AAAA in time, only for A'],
    ['A is dropped', { A: 'silence', AAAA: six }, six, 'no answer for A in time, only for AAAA'],
    ['AAAA is late', { A: four, AAAA: { after: 400, records: six } }, four, 'no answer for AAAA in time'],
  ])('%s', async (_, records, addresses, detail) => {
    const since = performance.now();
    const found = await resolve(records);
    expect(performance.now() - since).toBeLessThan(400);
    expect(found).toMatchObject({ addresses, slow: { kind: 'slow-family' } });
    expect((found as { slow: { detail: string } }).slow.detail).toContain(detail);
  });

  test.each<[string, Records, object]>([
    ['both are in time', { A: four, AAAA: { after: 20, records: six } }, { addresses: [...four, ...six], slow: null }],
    ['only A exists', { A: four }, { addresses: four, slow: null }],
    ['AAAA is refused', { A: four, AAAA: 'refused' }, { addresses: four, slow: null }],
    ['AAAA does not exist, and A is late', { A: { after: 300, records: four } }, { addresses: four, slow: null }],
    ['a lie of NXDOMAIN for AAAA', { A: { after: 300, records: four }, AAAA: 'nxdomain' }, { addresses: four }],
    ['A does not exist, and AAAA is dropped', { AAAA: 'silence' }, { kind: 'timeout' }],
    ['the name does not exist, and AAAA is dropped', { A: 'nxdomain', AAAA: 'silence' }, { kind: 'nxdomain' }],
    ['A fails, and AAAA does not exist', { A: 'servfail' }, { kind: 'servfail' }],
  ])('%s', async (_, records, expected) => {
    expect(await resolve(records)).toMatchObject(expected);
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
