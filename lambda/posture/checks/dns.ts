/** The name servers of the domain: RFC 1034 4.2, RFC 2182; and the address families of MX hosts and name servers. */

import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AskServer } from '../../dns/records/dns-of-run.ts';
import { routableAddresses } from '../../dns/special-addresses.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding, shellCommand } from '../finding.ts';
import { hostAddresses, type MailHost } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';
import { familyFindings } from '../zones/address-families.ts';
import { isAlias, parentView, serversIn, type Zone, zoneOf } from '../zones/zone.ts';
import {
  isIntercepted,
  type ServerAddress,
  type ServerView,
  serversBehind,
  viewServers,
  withoutOwnSilence,
} from '../zones/zone-servers.ts';

/** Name servers that are looked at, as many as the root has. */
const MOST_SERVERS = 13;
/** Milliseconds for which a zone transfer is waited for. */
const TRANSFER = 1_500;

export async function checkDns(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup, askServer } = context;
  const zone = await zoneOf(domain, lookup);
  if (zone === null) return [];
  if (zone.kind !== 'zone') return [noAnswer('dns', domain, zone)];
  const hosts = await Promise.all(
    zone.servers.slice(0, MOST_SERVERS).map(async (name) => ({ name, ...(await hostAddresses(name, lookup)) })),
  );
  const named = (await Promise.all(hosts.map((host) => checkName(host, context)))).flat();
  const addresses = hosts.flatMap(publicAddresses);
  const single = singleServer(zone, hosts);
  const asked = askServer === undefined ? [] : await checkServers(zone, addresses, { ...context, askServer });
  return [...named, ...single, ...asked, ...(await familyFindings(zone, hosts, context))];
}

async function checkName(host: MailHost, { lookup }: PostureContext): Promise<readonly PostureFinding[]> {
  const { name: subject, addresses, failure } = host;
  const target = await isAlias(subject, lookup);
  const command = digCommand('A', subject);
  const alias =
    target === null
      ? []
      : [postureFinding('dns-server-is-alias', 'dns', { subject, detail: `${subject} is an alias of ${target}` })];
  if (addresses.length === 0) {
    if (failure !== null) return [...alias, noAnswer('dns', subject, failure)];
    const detail = `${subject} has no A or AAAA record`;
    return [...alias, postureFinding('dns-server-no-address', 'dns', { subject, detail, command })];
  }
  const { problem } = routableAddresses(subject, addresses, 'public');
  if (problem === null) return alias;
  return [...alias, postureFinding('dns-server-not-routable', 'dns', { subject, detail: problem.detail, command })];
}

/** One address of each family that the Internet reaches. No question is sent to another one. */
function publicAddresses({ name, addresses }: MailHost): readonly ServerAddress[] {
  const { routes } = routableAddresses(name, addresses, 'public');
  const [four, six] = [routes.find((one) => !isIPv6(one)), routes.find(isIPv6)];
  return [four, six].flatMap((address) => (address === undefined ? [] : [{ name, address }]));
}

function singleServer({ name, servers }: Zone, hosts: readonly MailHost[]): readonly PostureFinding[] {
  const sets = new Set(hosts.map(({ addresses }) => [...addresses].sort().join(' ')));
  if (hosts.some(({ failure }) => failure !== null) || (servers.length > 1 && sets.size > 1)) return [];
  const detail = servers.length > 1 ? `${servers.join(', ')} have the same addresses` : `only ${servers.join()}`;
  const publish = [`${name}. IN NS ns2.${name}.`];
  const command = digCommand('NS', name);
  return [postureFinding('dns-single-server', 'dns', { subject: name, detail, publish, command })];
}

type Asking = PostureContext & { readonly askServer: AskServer };

async function checkServers(
  zone: Zone,
  addresses: readonly ServerAddress[],
  context: Asking,
): Promise<readonly PostureFinding[]> {
  const views = withoutOwnSilence(await viewServers(zone.name, addresses, context.askServer));
  const serving = views.filter(({ kind }) => kind === 'serves');
  if (serving.length === 0) return noneServes(zone, views, context);
  const [behind, sets] = await Promise.all([lateServers(zone, views, context), checkSets(zone, serving, context)]);
  const found = [...views.flatMap((view) => viewFinding(zone, view)), ...behind, ...sets];
  return found.length > 0 ? found : [agreement(zone, serving)];
}

function agreement({ name, servers }: Zone, serving: readonly ServerView[]): PostureFinding {
  const serials = [...new Set(serving.flatMap((view) => (view.kind === 'serves' ? [view.serial] : [])))];
  const detail = `${servers.length} name servers, serial ${serials.join(' and ')}`;
  return postureFinding('dns-servers-agree', 'dns', { subject: name, detail, command: digCommand('NS', name) });
}

const placeOf = ({ name, address }: ServerAddress) => `${name} [${address}]`;
const soaCommand = (zone: Zone, { address }: ServerAddress) =>
  shellCommand`dig +norecurse SOA ${zone.name} @${address}`;

function viewFinding(zone: Zone, view: ServerView): readonly PostureFinding[] {
  const subject = placeOf(view);
  const command = soaCommand(zone, view);
  switch (view.kind) {
    case 'serves':
      return [];
    case 'lame':
      return [postureFinding('dns-server-lame', 'dns', { subject, detail: `${subject}: ${view.reason}`, command })];
    case 'silent':
      return [postureFinding('dns-server-silent', 'dns', { subject, detail: view.reason, command })];
    default:
      return view satisfies never;
  }
}

/** Whether the servers are down, or cannot be asked from here. */
async function noneServes(
  zone: Zone,
  views: readonly ServerView[],
  context: Asking,
): Promise<readonly PostureFinding[]> {
  if (views.length === 0) return [];
  const evidence = views.map((view) => `${placeOf(view)}: ${view.kind === 'serves' ? view.serial : view.reason}`);
  const [first] = views;
  const given = { subject: zone.name, evidence, ...(first === undefined ? {} : { command: soaCommand(zone, first) }) };
  if (isIntercepted(views)) {
    const detail = 'a resolver answers in place of the name servers';
    return [postureFinding('dns-intercepted', 'dns', { ...given, detail })];
  }
  const isReachable =
    views.some(({ kind }) => kind === 'lame') ||
    (await parentView(zone.name, context.lookup, context.askServer)).kind !== 'silent';
  const detail = `none of ${zone.servers.length} name servers answers for ${zone.name}`;
  const code = isReachable ? 'dns-no-server-answers' : 'dns-server-silent';
  const reason = isReachable ? '' : ', and neither do those of the parent: port 53 may be blocked here';
  return [postureFinding(code, 'dns', { ...given, detail: `${detail}${reason}` })];
}

/**
 * Servers that are still behind after some time. The serial is a part of the subject: two runs confirm only a server that did not
 * move in between, and no transfer takes that long.
 */
async function lateServers(zone: Zone, views: readonly ServerView[], { askServer }: Asking) {
  const first = serversBehind(views);
  if (first.length === 0) return [];
  await sleep(TRANSFER);
  const later = await viewServers(zone.name, views, askServer);
  const evidence = later.flatMap((view) => (view.kind === 'serves' ? [`${placeOf(view)}: serial ${view.serial}`] : []));
  const still = serversBehind(later).filter(({ address, serial }) =>
    first.some((one) => one.address === address && one.serial === serial),
  );
  return still.map((view) =>
    postureFinding('dns-serial-behind', 'dns', {
      subject: `${placeOf(view)} at serial ${view.serial}`,
      detail: `${placeOf(view)} has serial ${view.serial}, others have a newer one`,
      evidence,
      command: soaCommand(zone, view),
    }),
  );
}

/** Whether parent and servers have the same NS records. */
async function checkSets(zone: Zone, serving: readonly ServerAddress[], { lookup, askServer }: Asking) {
  const first = serving.filter(({ name }, nth) => serving.findIndex((one) => one.name === name) === nth);
  const [parent, ...own] = await Promise.all([
    parentView(zone.name, lookup, askServer),
    ...first.map(async (server) => {
      const answer = await askServer(server.address, 'NS', zone.name);
      return { server, names: answer.kind === 'failed' ? [] : serversIn(answer, zone.name) };
    }),
  ]);
  const known = own.filter(({ names }) => names.length > 0);
  const sets = new Set(known.map(({ names }) => names.join(', ')));
  const [common = ''] = sets;
  const subject = zone.name;
  const command = digCommand('NS', zone.name);
  if (sets.size > 1) {
    const evidence = known.map(({ server, names }) => `${placeOf(server)}: ${names.join(', ')}`);
    const detail = `${sets.size} different sets of NS records`;
    return [postureFinding('dns-servers-differ', 'dns', { subject, detail, evidence, command })];
  }
  if (parent.kind !== 'delegation' || common === '' || parent.servers.join(', ') === common) return [];
  const detail = `the parent has ${parent.servers.join(', ')}; the zone has ${common}`;
  const publish = parent.servers.map((name) => `${zone.name}. IN NS ${name}.`);
  return [postureFinding('dns-parent-differs', 'dns', { subject, detail, publish, command })];
}
