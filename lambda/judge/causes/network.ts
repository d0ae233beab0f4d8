import { addressOctets, canonicalAddress } from '../../standards/ip-address.ts';

/** The /24 of an IPv4 address, the /48 of an IPv6 address: what one site is usually assigned (RFC 6177). Null if it is none. */
export function addressNetwork(address: string): string | null {
  const octets = addressOctets(address);
  if (octets === null) return null;
  if (octets.length === 4) return `${octets.slice(0, 3).join('.')}.0/24`;
  const groups = [0, 2, 4].map((at) => (((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16));
  return `${canonicalAddress(`${groups.join(':')}::`)}/48`;
}
