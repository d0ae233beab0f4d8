import { parseAddressRange } from '../../lambda/config/schema/page/address-range.ts';

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
  const range = parseAddressRange(text);
  if (range === null) throw new Error(`statusPage.allow: ${text} is neither an address nor a range`);
  const count = range.family === 4 ? 2 : 8;
  const groups = Array.from({ length: count }, (_, nth) =>
    Number((range.first >> BigInt(16 * (count - 1 - nth))) & 0xffffn),
  );
  return { groups, bits: range.prefix };
}
