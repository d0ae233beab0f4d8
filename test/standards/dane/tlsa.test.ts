import { expect, test } from 'vitest';
import { judgeTlsa, tlsaName } from '../../../lambda/standards/dane/tlsa.ts';

const sha256 = 'ab'.repeat(32);
const sha512 = 'ab'.repeat(64);

test.each<[number, number, number, string, string | null, RegExp]>([
  [3, 1, 1, sha256, null, /./],
  [2, 0, 1, sha256, null, /./],
  [3, 0, 2, sha512, null, /./],
  [3, 1, 0, '30820122', null, /./],
  // RFC 7672 3.1.3.
  [0, 0, 1, sha256, 'usage', /PKIX/],
  [1, 1, 1, sha256, 'usage', /PKIX/],
  [4, 1, 1, sha256, 'usage', /not known/],
  [255, 1, 1, sha256, 'usage', /not known/],
  [3, 2, 1, sha256, 'syntax', /selector 2/],
  [3, 1, 3, sha256, 'syntax', /matching type 3/],
  [3, 1, 1, sha512, 'syntax', /32 octets, not 64/],
  [3, 1, 2, sha256, 'syntax', /64 octets, not 32/],
  [3, 1, 1, '', 'syntax', /32 octets, not 0/],
  [3, 0, 0, '', 'syntax', /no data/],
])('%i %i %i with %s: %s', (usage, selector, matching, data, kind, reason) => {
  const { unusable } = judgeTlsa({ usage, selector, matching, data });
  expect(unusable?.kind ?? null).toBe(kind);
  expect(unusable?.reason ?? 'usable').toMatch(reason);
});

test('the name of the records (RFC 7672 2.2.3)', () => {
  expect(tlsaName('mx1.example.com.')).toBe('_25._tcp.mx1.example.com');
});
