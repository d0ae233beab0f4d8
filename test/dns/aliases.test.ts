import { expect, test } from 'vitest';
import { aliasesOf, withAliases } from '../../lambda/dns/aliases.ts';
import type { NameResolver } from '../../lambda/dns/resolver.ts';

/** A resolver that knows aliases only. */
const aliased = (aliases: Readonly<Record<string, string>>): NameResolver =>
  ({ resolveCname: async (name: string) => (aliases[name] === undefined ? [] : [aliases[name]]) }) as NameResolver;

const silent = { resolveCname: () => new Promise(() => {}) } as unknown as NameResolver;
const limits = { aliases: 8, within: 50 };
const missing = { kind: 'nxdomain', detail: 'a.example.com: ENOTFOUND' } as const;

test.each<[string, Record<string, string>, readonly string[]]>([
  ['no alias', {}, ['a.example.com']],
  ['one alias', { 'a.example.com': 'B.example.com' }, ['a.example.com', 'b.example.com']],
  ['itself', { 'a.example.com': 'a.example.com' }, ['a.example.com', 'a.example.com']],
  ['more than are followed', { 'a.example.com': 'b', b: 'c', c: 'd' }, ['a.example.com', 'b', 'c']],
])('%s', async (_, aliases, chain) => {
  expect(await aliasesOf('a.example.com', aliased(aliases), 2)).toEqual(chain);
});

test('a missing name is reported with its aliases', async () => {
  const resolver = aliased({ 'a.example.com': 'b.example.net' });
  const detail = 'a.example.com: ENOTFOUND; a.example.com is an alias of b.example.net';
  expect(await withAliases(missing, 'a.example.com', resolver, limits)).toEqual({ ...missing, detail });
  const failed = { kind: 'servfail', detail: 'a.example.com: ESERVFAIL' } as const;
  expect(await withAliases(failed, 'a.example.com', resolver, limits)).toEqual(failed);
});

test('a failure is as it was if nobody answers about aliases', async () => {
  const since = performance.now();
  expect(await withAliases(missing, 'a.example.com', silent, limits)).toEqual(missing);
  expect(performance.now() - since).toBeLessThan(10_000);
});
