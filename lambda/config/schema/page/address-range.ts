/** An IP address, or a range of them as `address/prefix` (RFC 4632, RFC 4291 2.3). */
import { isIP } from 'node:net';

export interface AddressRange {
  readonly family: 4 | 6;
  /** The first address. */
  readonly first: bigint;
  /** Bits that all addresses of the range share. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Null if it is none. Bits behind the prefix are kept: `isWholeRange` is false then. */
export function parseAddressRange(written: string): AddressRange | null {
  const [, address = '', length] = /^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(written) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return null;
  const prefix = Number(length ?? BITS[family]);
  if (prefix > BITS[family]) return null;
  return { family, first: family === 4 ? ipv4Number(address) : ipv6Number(address), prefix };
}

/** Whether its first address is the first of the range. */
export function isWholeRange({ family, first, prefix }: AddressRange): boolean {
  return first === firstOf(first, BITS[family] - prefix);
}

/** The range that the address is in, as text. */
export function wholeRangeText({ family, first, prefix }: AddressRange): string {
  const whole = firstOf(first, BITS[family] - prefix);
  return `${family === 4 ? ipv4Text(whole) : ipv6Text(whole)}/${prefix}`;
}

/** @param address as a socket has it: an IPv4 address may be written as one of IPv6 */
export function isInRanges(ranges: readonly AddressRange[], address: string): boolean {
  const found = parseAddressRange(address.replace(/^::ffff:(?=\d+\.)/i, ''));
  return found !== null && ranges.some((range) => isWithin(range, found));
}

function isWithin({ family, first, prefix }: AddressRange, address: AddressRange): boolean {
  const behind = BITS[family] - prefix;
  return family === address.family && firstOf(address.first, behind) === firstOf(first, behind);
}

function firstOf(address: bigint, behind: number): bigint {
  return (address >> BigInt(behind)) << BigInt(behind);
}

function ipv4Number(address: string): bigint {
  return address.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function ipv4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
}

function ipv6Number(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const [before, after] = [hextets(head), hextets(tail ?? '')];
  const between = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...between, ...after].reduce((number, part) => number * 65_536n + part, 0n);
}

/** The last two may be written as an IPv4 address. */
function hextets(part: string): readonly bigint[] {
  if (part === '') return [];
  return part.split(':').flatMap((text) => {
    if (!text.includes('.')) return [BigInt(`0x${text}`)];
    const number = ipv4Number(text);
    return [number >> 16n, number & 65_535n];
  });
}

/** RFC 5952, as URLs have it. */
function ipv6Text(address: bigint): string {
  const text = address
    .toString(16)
    .padStart(32, '0')
    .replace(/.{4}(?!$)/g, '$&:');
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
