/** IP addresses as octets, their networks, and the forms that DNS names have of them. */

import { isIPv4, isIPv6 } from 'node:net';

/** 4 or 16 octets; an IPv4 address that is mapped into IPv6 is IPv4 (RFC 7208 5). Null if it is not an address. */
export function addressOctets(address: string): readonly number[] | null {
  if (isIPv4(address)) return address.split('.').map(Number);
  if (!isIPv6(address) || address.includes('%')) return null;
  const octets = sixteenOctets(address);
  const mapped = octets.slice(0, 10).every((octet) => octet === 0) && octets[10] === 255 && octets[11] === 255;
  return mapped ? octets.slice(12) : octets;
}

function sixteenOctets(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const [before, after] = [groupOctets(head), groupOctets(tail ?? '')];
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function groupOctets(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Whether both addresses are of one family and have the same first `bits` bits. */
export function inNetwork(address: string, network: string, bits: number): boolean {
  const [a, b] = [addressOctets(address), addressOctets(network)];
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((octet, nth) => {
    const left = Math.min(8, Math.max(0, bits - nth * 8));
    return octet >> (8 - left) === (b[nth] ?? 0) >> (8 - left);
  });
}

/** In the form of RFC 5952, with IPv4 for a mapped address; null if it is not an address. */
export function canonicalAddress(address: string): string | null {
  const octets = addressOctets(address);
  if (octets === null) return null;
  return octets.length === 4 ? octets.join('.') : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** The address for the macro `i`: dotted, and of IPv6 by nibbles (RFC 7208 7.3). */
export function expandAddress(address: string): string {
  const octets = addressOctets(address) ?? [];
  return octets.length === 4 ? octets.join('.') : nibbles(octets).join('.');
}

function nibbles(octets: readonly number[]): readonly string[] {
  return octets.flatMap((octet) => [(octet >> 4).toString(16), (octet & 15).toString(16)]);
}

/** The labels of the address in reverse order, as in-addr.arpa, ip6.arpa (RFC 1035 3.5, RFC 3596 2.5) and lists have them. */
export function reversedLabels(address: string): string {
  return expandAddress(address).split('.').toReversed().join('.');
}

export function reverseName(address: string): string {
  return `${reversedLabels(address)}.${addressOctets(address)?.length === 4 ? 'in-addr' : 'ip6'}.arpa`;
}
