/** MX records: RFC 5321 5.1. */

import { isAddressLiteral } from '../../dns/mail-exchangers.ts';
import { valuesOf } from '../../dns/records/records.ts';
import { routableAddresses } from '../../dns/special-addresses.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { type MailHost, type MailHosts, mailHosts } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

export async function checkMx(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const found = await mailHosts(domain, lookup);
  switch (found.kind) {
    case 'failed':
      return [noAnswer('mx', domain, found.failure)];
    case 'no-domain':
      return [postureFinding('mx-no-domain', 'mx', { subject: domain, detail: `${domain} does not exist (NXDOMAIN)` })];
    case 'null-mx':
      return [postureFinding('mx-null-record', 'mx', { subject: domain, detail: `${domain} has the MX record "0 ."` })];
    case 'hosts':
      return checkHosts(found, context);
    default:
      return found satisfies never;
  }
}

type Hosts = Extract<MailHosts, { kind: 'hosts' }>;

async function checkHosts({ hosts, total, implicit }: Hosts, context: PostureContext) {
  const { domain } = context;
  if (implicit) return [implicitFinding(hosts[0], domain)];
  const findings = (await Promise.all(hosts.map((host) => checkHost(host, context)))).flat();
  const more = total > hosts.length ? [tooMany(domain, total, hosts.length)] : [];
  return findings.length + more.length > 0 ? [...findings, ...more] : [valid(domain, hosts)];
}

function tooMany(domain: string, total: number, read: number): PostureFinding {
  return postureFinding('mx-many', 'mx', {
    subject: domain,
    detail: `${total} MX hosts, of which ${read} are checked`,
  });
}

function valid(domain: string, hosts: readonly MailHost[]): PostureFinding {
  const names = hosts.map(({ name }) => name).join(', ');
  return postureFinding('mx-valid', 'mx', { subject: domain, detail: names, command: digCommand('MX', domain) });
}

function implicitFinding(host: MailHost | undefined, domain: string): PostureFinding {
  const command = digCommand('MX', domain);
  const publish = [`${domain}. IN MX 10 mail.${domain}.`];
  if (host !== undefined && host.addresses.length > 0) {
    const detail = `mail goes to ${host.addresses.join(', ')}`;
    return postureFinding('mx-implicit', 'mx', { subject: domain, detail, command, publish });
  }
  if (host !== undefined && host.failure !== null) return noAnswer('mx', domain, host.failure);
  const detail = `${domain} has no MX, A or AAAA record`;
  return postureFinding('mx-absent', 'mx', { subject: domain, detail, command, publish });
}

async function checkHost(host: MailHost, { lookup }: PostureContext): Promise<readonly PostureFinding[]> {
  const { name, addresses, failure } = host;
  const subject = name;
  if (isAddressLiteral(name)) return [postureFinding('mx-host-is-address', 'mx', { subject, detail: `"${name}"` })];
  const [target] = valuesOf(await lookup('CNAME', name));
  const alias =
    target === undefined
      ? []
      : [postureFinding('mx-host-is-alias', 'mx', { subject, detail: `${name} is an alias of ${target}` })];
  if (addresses.length === 0) {
    if (failure !== null) return [...alias, noAnswer('mx', name, failure)];
    const detail = `${name} has no A or AAAA record`;
    return [...alias, postureFinding('mx-no-address', 'mx', { subject, detail, command: digCommand('A', name) })];
  }
  const { problem } = routableAddresses(name, addresses, 'public');
  const wrong =
    problem === null ? [] : [postureFinding('mx-host-not-routable', 'mx', { subject, detail: problem.detail })];
  return [...alias, ...wrong];
}
