/**
 * By which way a vantage's probe leaves AWS.
 *
 * - `default`: Lambda's own network. Free, IPv4 only; port 25 is blocked, and AWS lifts that for no function outside a VPC.
 * - `vpc`: a VPC of its own, with IPv6, behind one NAT gateway with an Elastic IP, about $37 a month. Port 25 opens once
 *   AWS has granted it for that address.
 * - `{ existingVpc, subnets }`: private subnets that you have, with a route to a NAT gateway; `ipv6` where they are
 *   dual-stack and have a route to an egress-only internet gateway.
 */
export type Egress =
  | 'default'
  | 'vpc'
  | { readonly existingVpc: string; readonly subnets: readonly string[]; readonly ipv6?: boolean };

/** What is wrong with what was written as a way out; null where it is one. */
export function egressProblem(way: unknown): string | null {
  if (way === 'default' || way === 'vpc') return null;
  const written: Readonly<Record<string, unknown>> = typeof way === 'object' && way !== null ? { ...way } : {};
  const { existingVpc, subnets, ipv6 = false } = written;
  if (typeof existingVpc !== 'string' || !Array.isArray(subnets) || typeof ipv6 !== 'boolean')
    return 'write default, vpc or { existingVpc, subnets, ipv6 }';
  return subnets.length === 0 ? 'name at least one of its private subnets' : null;
}

/** Whether the probe has an IPv6 address there. */
export function hasIpv6(way: Egress): boolean {
  return way === 'vpc' || (way !== 'default' && way.ipv6 === true);
}

/** Its name, for the environment of the probe. */
export function egressName(way: Egress): string {
  return typeof way === 'string' ? way : 'existingVpc';
}
