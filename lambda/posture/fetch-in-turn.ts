/** Fetches from the addresses of a host in turn. Time is bounded for all of them. */

interface Unreachable {
  readonly kind: 'unreachable';
  readonly detail: string;
}

/** Never rejects. `within`: milliseconds for this address. */
export type FetchFrom<Fetched> = (address: string, within: number) => Promise<Fetched>;

/**
 * What the first address that is reachable has; otherwise the failure of the last one.
 * @param within milliseconds for all addresses
 */
export async function fetchInTurn<Fetched extends { readonly kind: string }>(
  host: string,
  addresses: readonly string[],
  within: number,
  fetchFrom: FetchFrom<Fetched>,
): Promise<Fetched | Unreachable> {
  const until = performance.now() + within;
  const reason = addresses.length === 0 ? 'has no address' : 'was not asked: no time is left';
  let result: Fetched | Unreachable = { kind: 'unreachable', detail: `${host} ${reason}` };
  for (const [nth, address] of addresses.entries()) {
    // What is left is shared with the addresses that follow.
    const left = (until - performance.now()) / (addresses.length - nth);
    if (left <= 0) break;
    result = await fetchFrom(address, left);
    if (result.kind !== 'unreachable') return result;
  }
  return result;
}

/** `mta-sts.example.com [192.0.2.1]: no answer within 1.0 s`. */
export function noAnswerWithin(place: string, within: number): Unreachable {
  return { kind: 'unreachable', detail: `${place}: no answer within ${(within / 1000).toFixed(1)} s` };
}
