/** The domains whose posture is watched: those of the targets, and those of `posture`. */
import type { SecretReference } from './channel.ts';
import type { ListKeyName, PostureDomain } from './posture-domain.ts';
import { isPublicSuffix } from './problems/public-suffixes.ts';
import type { CheckedConfig } from './schema/schema.ts';

/** Undefined if there is none. In the order of `posture`, then of the targets. */
export function postureDomains({ posture, targets, roundTrips }: CheckedConfig): readonly PostureDomain[] | undefined {
  if (posture === false) return undefined;
  const named = posture.map(({ domain, senders, ignore, hosts, ...written }) => ({
    ...written,
    domain: plainDomain(domain),
    senders: senders === 'learn' ? [] : senders,
    hosts: hosts.map(plainDomain),
    ignore: ignore.map((entry) => ({ ...entry, subject: entry.subject ?? null })),
  }));
  const known = new Set(named.map(({ domain }) => domain));
  // A name such as `localhost` is no domain of mail addresses.
  const others = targets.map((target) => plainDomain(target.domain ?? '')).filter((name) => !isPublicSuffix(name));
  const added = [...new Set(others)].filter((domain) => !known.has(domain)).map(domainWithDefaults);
  const all = [...named, ...added].map((one) => withRoundTrips(one, roundTrips ?? []));
  return all.length === 0 ? undefined : all;
}

function domainWithDefaults(domain: string): PostureDomain {
  return { domain, selectors: [], senders: [], lists: [], hosts: [], ignore: [] };
}

function withRoundTrips(written: PostureDomain, all: NonNullable<CheckedConfig['roundTrips']>): PostureDomain {
  const own = all.filter(({ send }) => plainDomain(send.from.slice(send.from.lastIndexOf('@') + 1)) === written.domain);
  return own.length === 0 ? written : { ...written, roundTrips: own.map(({ id }) => id) };
}

function plainDomain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

export function listKeyReferences({
  posture,
  listKeys,
}: CheckedConfig): Readonly<Partial<Record<ListKeyName, SecretReference>>> | undefined {
  if (posture === false || listKeys === undefined) return undefined;
  const keys = Object.entries(listKeys).flatMap(([name, { secret, env } = {}]) =>
    secret === undefined && env === undefined ? [] : [[name, secret === undefined ? { env } : { secret }]],
  );
  return keys.length === 0 ? undefined : Object.fromEntries(keys);
}
