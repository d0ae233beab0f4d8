/** Whether MX hosts and name servers have addresses of both families, as internet.nl asks. */

import { isIPv6 } from 'node:net';
import { isAddressLiteral } from '../../dns/mail-exchangers.ts';
import { digCommand, type PostureFinding, postureFinding } from '../finding.ts';
import { type MailHost, mailHosts } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';
import type { Zone } from './zone.ts';

const hasSix = ({ addresses }: MailHost) => addresses.some(isIPv6);
const hasFour = ({ addresses }: MailHost) => addresses.some((address) => !isIPv6(address));
/** A host without addresses has a finding of its own. */
const isKnown = ({ name, addresses, failure }: MailHost) =>
  failure === null && addresses.length > 0 && !isAddressLiteral(name);

export async function familyFindings(
  zone: Zone,
  servers: readonly MailHost[],
  { domain, lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const found = await mailHosts(domain, lookup);
  const exchangers = found.kind === 'hosts' && !found.implicit ? found.hosts.filter(isKnown) : [];
  const named = servers.filter(isKnown);
  const findings = [...exchangerFindings(domain, exchangers), ...serverFindings(zone, named)];
  if (findings.length > 0 || exchangers.length + named.length === 0) return findings;
  const names = [...exchangers, ...named].map(({ name }) => name).join(', ');
  return [postureFinding('dns-both-families', 'dns', { subject: domain, detail: `${names}: IPv4 and IPv6` })];
}

function exchangerFindings(domain: string, hosts: readonly MailHost[]): readonly PostureFinding[] {
  if (hosts.length > 0 && !hosts.some(hasFour)) {
    const detail = `no IPv4 address: ${namesOf(hosts)}`;
    return [postureFinding('dns-mx-without-ipv4', 'dns', { subject: domain, detail })];
  }
  const without = hosts.filter((host) => !hasSix(host));
  const [first] = without;
  if (first === undefined) return [];
  const detail = `no IPv6 address: ${namesOf(without)}`;
  const command = digCommand('AAAA', first.name);
  return [postureFinding('dns-mx-without-ipv6', 'dns', { subject: domain, detail, command })];
}

function serverFindings(zone: Zone, servers: readonly MailHost[]): readonly PostureFinding[] {
  if (servers.length === 0 || servers.length < zone.servers.length) return [];
  const subject = zone.name;
  if (!servers.some(hasFour)) {
    const detail = `no IPv4 address: ${namesOf(servers)}`;
    return [postureFinding('dns-servers-without-ipv4', 'dns', { subject, detail })];
  }
  const six = servers.filter(hasSix);
  if (six.length >= Math.min(2, servers.length)) return [];
  const detail = `IPv6 addresses: ${six.length === 0 ? 'none' : namesOf(six)}, of ${servers.length} name servers`;
  return [postureFinding('dns-servers-without-ipv6', 'dns', { subject, detail })];
}

function namesOf(hosts: readonly MailHost[]): string {
  return hosts.map(({ name }) => name).join(', ');
}
