/**
 * How the probe of a vantage reaches the Internet.
 *
 * - `default`: Lambda's own network. Free, IPv4 only; port 25 is blocked, and AWS opens it only for functions in a VPC.
 * - `vpc`: a VPC of its own, with IPv6, behind one NAT gateway with an Elastic IP, about $37 a month. Port 25 opens once
 *   AWS has granted it for that address.
 * - `{ zone }`: the same in this availability zone, if the first one of the region does not support NAT gateways.
 * - `{ existingVpc, subnets }`: private subnets that you have, with a route to a NAT gateway; `ipv6` where they are
 *   dual-stack and have a route to an egress-only internet gateway.
 */
export type Egress =
  | 'default'
  | 'vpc'
  | { readonly zone: string }
  | { readonly existingVpc: string; readonly subnets: readonly string[]; readonly ipv6?: boolean };

/** What is wrong with what was written as a way out; null where it is one. */
export function egressProblem(way: unknown): string | null {
  if (way === 'default' || way === 'vpc') return null;
  const written: Readonly<Record<string, unknown>> = typeof way === 'object' && way !== null ? { ...way } : {};
  const { existingVpc, subnets, ipv6 = false, zone } = written;
  if (zone !== undefined) return typeof zone === 'string' && Object.keys(written).length === 1 ? null : ZONE_ALONE;
  if (typeof existingVpc !== 'string' || !Array.isArray(subnets) || typeof ipv6 !== 'boolean')
    return 'write default, vpc, { zone } or { existingVpc, subnets, ipv6 }';
  return subnets.length === 0 ? 'name at least one of its private subnets' : null;
}

const ZONE_ALONE = 'write { zone } without other keys, with the name of an availability zone, such as us-east-1b';

/** Whether the stack creates a VPC. */
export function isOwnVpc(way: Egress): way is 'vpc' | { readonly zone: string } {
  return way === 'vpc' || (typeof way === 'object' && 'zone' in way);
}

/** Whether the probe has an IPv6 address there. */
export function hasIpv6(way: Egress): boolean {
  return isOwnVpc(way) || (way !== 'default' && way.ipv6 === true);
}

/** Its name, for the environment of the probe. */
export function egressName(way: Egress): string {
  if (isOwnVpc(way)) return 'vpc';
  return way === 'default' ? way : 'existingVpc';
}
