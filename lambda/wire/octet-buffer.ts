/** Octets that arrive in pieces of any size. Its memory is at most twice its octets, also byte by byte. */
export interface OctetBuffer {
  octets: Buffer;
  length: number;
}

const FIRST = 4_096;

export function createOctetBuffer(): OctetBuffer {
  return { octets: Buffer.allocUnsafe(FIRST), length: 0 };
}

/** Adds octets, of which only those up to `most` in all are kept. */
export function addOctets(buffer: OctetBuffer, more: Buffer, most: number): void {
  const kept = more.subarray(0, Math.max(0, most - buffer.length));
  const needed = buffer.length + kept.length;
  if (needed > buffer.octets.length) {
    const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, 2 * buffer.octets.length), most));
    buffer.octets.copy(larger, 0, 0, buffer.length);
    buffer.octets = larger;
  }
  kept.copy(buffer.octets, buffer.length);
  buffer.length = needed;
}

export function contentOf({ octets, length }: OctetBuffer): Buffer {
  return octets.subarray(0, length);
}
