import { isIPv4, isIPv6 } from 'node:net';

/** A range of addresses, as the function at CloudFront compares it: in groups of 16 bits, two for IPv4 and eight for IPv6. */
export interface AllowedRange {
  readonly groups: readonly number[];
  /** How many bits count. */
  readonly bits: number;
}

/**
 * @param text `192.0.2.0/24`, `2001:db8::/32`, or one address
 * @throws Error if it is none
 */
export function allowedRange(text: string): AllowedRange {
  const [address = '', length] = text.split('/');
  if (!isIPv4(address) && !isIPv6(address)) throw new Error(`statusPage.allow: ${text} is no address or range`);
  const groups = isIPv4(address) ? groupsOfIPv4(address) : groupsOfIPv6(address);
  const bits = length === undefined ? groups.length * 16 : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > groups.length * 16)
    throw new Error(`statusPage.allow: ${text} has no valid prefix length`);
  return { groups, bits };
}

function groupsOfIPv4(address: string): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** The URL parser writes an address in its shortest form, without dots. */
function groupsOfIPv6(address: string): readonly number[] {
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const numbers = (part: string) =>
    part.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
  const [before, after] = [numbers(head), numbers(tail ?? '')];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
