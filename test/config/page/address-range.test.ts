import { BlockList, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isInRanges,
  isWholeRange,
  parseAddressRange,
  wholeRangeText,
} from '../../../lambda/config/schema/page/address-range.ts';

test.each([
  ['192.0.2.7', '192.0.2.7/32', true],
  ['192.0.2.7/24', '192.0.2.0/24', false],
  ['2001:db8::/32', '2001:db8::/32', true],
  ['2001:db8::1:2/64', '2001:db8::/64', false],
  ['::ffff:192.0.2.1', '::ffff:c000:201/128', true],
  ['0.0.0.0/0', '0.0.0.0/0', true],
])('%s is of the range %s', (written, whole, isWhole) => {
  const range = parseAddressRange(written);
  if (range === null) throw new Error('it was not read');
  expect([wholeRangeText(range), isWholeRange(range)]).toEqual([whole, isWhole]);
});

test.each([
  '',
  '192.0.2',
  '192.0.2.1/',
  '192.0.2.1/33',
  '::/129',
  'mx1.example.com',
  '1.2.3.4/8/8',
  'fe80::1%eth0',
  ' ::1',
])('%j is no range', (written) => expect(parseAddressRange(written)).toBeNull());

test.each([
  ['192.0.2.200', true],
  ['::ffff:192.0.2.200', true],
  ['::FFFF:192.0.2.200', true],
  ['192.0.3.1', false],
  ['2001:db8:1::9', true],
  ['2001:db9::1', false],
  ['::1', false],
  ['', false],
])('%s is let in: %s', (address, isIn) => {
  const ranges = ['192.0.2.0/24', '2001:db8::/32'].flatMap((one) => parseAddressRange(one) ?? []);
  expect(isInRanges(ranges, address)).toBe(isIn);
});

test('as Node.js decides', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, fc.nat(128), address, fc.boolean(), (base, length, other, isSame) => {
      const prefix = Math.min(length, isIPv6(base) ? 128 : 32);
      const family = (text: string) => (isIPv6(text) ? 'ipv6' : 'ipv4');
      const asked = isSame ? base : other;
      const list = new BlockList();
      list.addSubnet(base, prefix, family(base));
      const range = parseAddressRange(`${base}/${prefix}`);
      // Node.js takes an IPv4 address in the form of IPv6 for one of both.
      if (/^[0:]*ffff:/i.test(base) || /^[0:]*ffff:/i.test(asked) || isIPv6(base) !== isIPv6(asked)) return;
      expect(isInRanges(range === null ? [] : [range], asked)).toBe(list.check(asked, family(asked)));
    }),
  );
});
