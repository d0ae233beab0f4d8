import { afterEach, expect, test } from 'vitest';
import type { ServerTiming } from '../../lambda/dns/ask-name-servers-in-turn.ts';
import { resolutionFailure } from '../../lambda/dns/dns-failure.ts';
import { resolverOf } from '../../lambda/dns/resolver.ts';
import { type NameServer, serveNames, type Zone } from './name-server.ts';

const open: NameServer[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** Servers that are silent are asked until the limit. */
const timing = { patience: 100, retry: 300, limit: 2_500 };
/** With these the answer of another server is not waited for by chance. */
const patient = { patience: 100, retry: 20_000, limit: 20_000 };

async function resolverWith(timing: ServerTiming, ...zones: readonly Zone[]) {
  const servers = await Promise.all(zones.map((zone) => serveNames(zone, timing.limit)));
  open.push(...servers);
  const addresses = servers.map(({ address }) => address);
  return { resolver: resolverOf(addresses, timing), servers };
}

const host = 'mx1.example.com';
const answering: Zone = { [host]: { A: ['192.0.2.1'] } };
const silent: Zone = { [host]: 'silence' };
const failing: Zone = { [host]: 'servfail' };
const refusing: Zone = { [host]: 'refused' };
const unaware: Zone = {};

test.each<[string, readonly Zone[]]>([
  ['the first server answers', [answering, silent]],
  ['the first server is silent', [silent, answering]],
  ['two servers are silent', [silent, silent, answering]],
  ['the first server refuses', [refusing, answering]],
  ['the first server fails', [failing, answering]],
])('%s: the answer is there long before a silent server is given up', async (_, zones) => {
  const { resolver } = await resolverWith(patient, ...zones);
  const since = performance.now();
  expect(await resolver.resolve4(host)).toEqual(['192.0.2.1']);
  expect(performance.now() - since).toBeLessThan(patient.retry / 2);
});

test.each<[string, readonly Zone[], string]>([
  ['NXDOMAIN of the first server is the answer', [unaware, answering], 'nxdomain'],
  ['no data of the first server is the answer', [{ [host]: {} }, answering], 'no-data'],
  ['a failure says more than silence', [silent, failing], 'servfail'],
  ['a failure says more than a refusal', [failing, refusing], 'servfail'],
  ['all are silent', [silent, silent, silent], 'timeout'],
  ['the only server is silent', [silent], 'timeout'],
])('%s', async (_, zones, kind) => {
  const { resolver } = await resolverWith(timing, ...zones);
  const since = performance.now();
  const error = await resolver.resolve4(host).catch((reason: unknown) => reason);
  expect(resolutionFailure(host, error).kind).toBe(kind);
  // A query that c-ares began before the limit may still take its own two tries.
  expect(performance.now() - since).toBeLessThan(15_000);
});

test('a server that answers is the only one that is asked', async () => {
  const { resolver, servers } = await resolverWith({ ...patient, patience: 20_000 }, answering, answering);
  await resolver.resolve4(host);
  expect(servers.map(({ queries }) => queries.length)).toEqual([1, 0]);
});

test('a lost packet is repeated', async () => {
  let lost = 0;
  const zone = new Proxy(answering, { get: (records, name) => (++lost === 1 ? 'silence' : records[String(name)]) });
  const { resolver } = await resolverWith(timing, zone);
  expect(await resolver.resolve4(host)).toEqual(['192.0.2.1']);
});
