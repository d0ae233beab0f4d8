/** IPv4 addresses inside IPv6 addresses: a packet to such an address goes to the IPv4 address. */

import { isIPv6 } from 'node:net';

/** The 16-bit groups before the IPv4 address. */
const PREFIXES: readonly (readonly number[])[] = [
  // NAT64: RFC 6052 2.1
  [0x64, 0xff9b, 0, 0, 0, 0],
  // 6to4: RFC 3056 2
  [0x2002],
  // IPv4-compatible: RFC 4291 2.5.5.1
  [0, 0, 0, 0, 0, 0],
];

/** The IPv4 address inside; null if there is none. */
export function embeddedAddress(address: string): string | null {
  const groups = isIPv6(address) ? groupsOf(address) : [];
  const prefix = PREFIXES.find((one) => groups.length > 0 && one.every((group, nth) => group === groups[nth]));
  if (prefix === undefined) return null;
  const octets = groups.slice(prefix.length, prefix.length + 2).flatMap((group) => [group >> 8, group & 0xff]);
  return octets.join('.');
}

function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = withoutDots(address.replace(/%.*/, '')).split('::');
  const [before, after] = [parseGroups(head), parseGroups(tail ?? '')];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** `::127.0.0.1` as `::7f00:1`. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}

function parseGroups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
