/** Which watched target takes the mail of a domain, or is a relay, by the MX records of both and the addresses of their hosts. */
import type { Target } from '../../../lambda/config/config.ts';
import { resolveMailExchangers } from '../../../lambda/dns/mail-exchangers.ts';
import type { NameResolver } from '../../../lambda/dns/resolver.ts';
import { comparableName } from '../../../lambda/standards/domain-name.ts';

const LIMITS = { mxHosts: 20, aliases: 8 } as const;

/** Targets whose hosts are looked up. */
const MOST_TARGETS = 200;

interface WatchedHosts {
  readonly target: string;
  readonly hosts: readonly string[];
}

/** Finds the target with the same hosts, or with hosts at the same addresses; null if there is none. */
export interface TargetFinder {
  /** Rejects if DNS does not say which hosts take the mail of the domain. */
  targetOfDomain(domain: string): Promise<string | null>;
  targetOfHost(host: string): Promise<string | null>;
}

export function openTargetFinder(targets: readonly Target[], resolver: NameResolver): TargetFinder {
  const watched = Promise.all(targets.slice(0, MOST_TARGETS).map((target) => hostsOfTarget(target, resolver)));
  const addresses = watched.then((all) =>
    Promise.all(all.map(async ({ target, hosts }) => ({ target, places: await addressesOf(hosts, resolver) }))),
  );
  addresses.catch(() => {});
  const targetOf = async (hosts: readonly string[]) => {
    const byName = (await watched).find((one) => one.hosts.some((host) => hosts.includes(host)));
    if (byName !== undefined) return byName.target;
    const own = await addressesOf(hosts, resolver);
    return (await addresses).find(({ places }) => places.some((place) => own.includes(place)))?.target ?? null;
  };
  return {
    targetOfDomain: async (domain) => targetOf(await mailHosts(domain, resolver)),
    targetOfHost: (host) => targetOf([comparableName(host)]),
  };
}

async function mailHosts(domain: string, resolver: NameResolver): Promise<readonly string[]> {
  const found = await resolveMailExchangers(domain, resolver, LIMITS);
  if ('kind' in found) throw new Error(`the MX of ${domain} is not known: ${found.detail}`);
  return found.hosts.map(({ host }) => comparableName(host));
}

async function hostsOfTarget({ id, host, domain }: Target, resolver: NameResolver): Promise<WatchedHosts> {
  if (host !== null) return { target: id, hosts: [comparableName(host)] };
  return { target: id, hosts: await mailHosts(domain ?? '', resolver).catch(() => []) };
}

/** An address stands for itself. A host without one has none. */
async function addressesOf(hosts: readonly string[], resolver: NameResolver): Promise<readonly string[]> {
  const asked = hosts.flatMap((host) => [resolver.resolve4(host), resolver.resolve6(host)]);
  const answers = await Promise.allSettled(asked);
  return [...hosts, ...answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))];
}
