/** Addresses that no sender on the Internet can reach: the special-purpose registries of RFC 6890. */

import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { DnsFailure } from './dns-failure.ts';
import { embeddedAddress } from './embedded-address.ts';

/**
 * Addresses that an MX host may have. `public`: neither those of the machine itself nor private ones. `private`: also those
 * of private networks, which this vantage may be part of. `any`: for tests on loopback.
 */
export type MxAddresses = 'public' | 'private' | 'any';

type Network = readonly [address: string, bits: number, name: string];

/** They never leave the machine or its link. */
const LOCAL: readonly Network[] = [
  ['0.0.0.0', 8, 'this host'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
];

/** They do not leave their organisation or provider. Documentation addresses are not listed: examples and tests use them. */
const PRIVATE: readonly Network[] = [
  ['10.0.0.0', 8, 'private'],
  ['172.16.0.0', 12, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['100.64.0.0', 10, 'private to a provider'],
  ['192.0.0.0', 24, 'reserved'],
  ['198.18.0.0', 15, 'for benchmarks'],
  ['fc00::', 7, 'private'],
  ['fec0::', 10, 'private'],
  ['64:ff9b:1::', 48, 'private'],
  ['100::', 64, 'discarded'],
];

export interface RoutableAddresses {
  readonly routes: readonly string[];
  /** The addresses that are not routable; null if there are none. */
  readonly problem: DnsFailure | null;
}

/** Separates the addresses of an MX host by whether senders can reach them. */
export function routableAddresses(
  host: string,
  addresses: readonly string[],
  allowed: MxAddresses = mayReachPrivate() ? 'private' : 'public',
): RoutableAddresses {
  const refused = allowed === 'any' ? [] : networksFor(allowed);
  const named = addresses.map((address) => [address, networkOf(address, refused)] as const);
  const wrong = named.flatMap(([address, name]) => (name === null ? [] : [`${address} (${name})`]));
  const detail = `${host}: its address is ${wrong.join(', ')}`;
  return {
    routes: named.flatMap(([address, name]) => (name === null ? [address] : [])),
    problem: wrong.length === 0 ? null : { kind: 'mx-not-routable', detail },
  };
}

/** Whether it is neither private nor of the machine or its link. */
export function isPublicAddress(address: string): boolean {
  return routableAddresses('', [address], 'public').problem === null;
}

type NamedList = readonly [name: string, list: BlockList];

const lists = new Map<'public' | 'private', readonly NamedList[]>();

function networksFor(allowed: 'public' | 'private'): readonly NamedList[] {
  const known = lists.get(allowed) ?? (allowed === 'public' ? [...LOCAL, ...PRIVATE] : LOCAL).map(listOf);
  lists.set(allowed, known);
  return known;
}

function listOf([address, bits, name]: Network): NamedList {
  const list = new BlockList();
  list.addSubnet(address, bits, familyOf(address));
  return [name, list];
}

/** The list of IPv4 also covers the mapped form `::ffff:127.0.0.1`. */
function networkOf(address: string, networks: readonly NamedList[]): string | null {
  const inside = embeddedAddress(address);
  const name = networks.find(([, list]) => list.check(address, familyOf(address)))?.[0] ?? null;
  return name === null && inside !== null ? networkOf(inside, networks) : name;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** A machine with a private address may be in the network of a private MX host. */
function mayReachPrivate(): boolean {
  const privateNetworks = PRIVATE.map(listOf);
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(({ address, internal }) => !internal && networkOf(address, privateNetworks) !== null);
}
