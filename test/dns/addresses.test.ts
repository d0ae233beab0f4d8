import { expect, test } from 'vitest';
import { resolveAddresses } from '../../lambda/dns/addresses.ts';
import type { NameResolver } from '../../lambda/dns/resolver.ts';

test('NXDOMAIN for one record type is no-data if the other type exists', async () => {
  const resolver: NameResolver = {
    resolve4: async () => ['127.0.0.1'],
    resolve6: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })),
    resolveMx: async () => [],
    resolveCname: async () => [],
  };
  const found = await resolveAddresses('mx1.example.com', 6, resolver);
  expect(found).toMatchObject({ kind: 'no-data' });
  expect(await resolveAddresses('mx1.example.com', 4, resolver)).toEqual(['127.0.0.1']);
});
