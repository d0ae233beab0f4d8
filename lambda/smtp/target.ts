/** Everything that is watched under one name: a host, both address families of it, or a domain with its MX hosts. */

import { type DomainTarget, probeDomain } from './domain.ts';
import type { Endpoint, Family } from './endpoint/endpoint.ts';
import { type HostTarget, probeHost } from './host.ts';
import type { ProbeOptions } from './probe.ts';
import type { Sample } from './sample/sample.ts';

/** Exactly one of `host` and `domain` is set. */
export type ProbeTarget = Omit<Endpoint, 'host' | 'domain' | 'family'> & {
  readonly host: string | null;
  readonly domain: string | null;
  readonly family?: Family;
};

/**
 * One sample, whatever the target is made of; its `parts` have a sample for each MX host of a domain and each family
 * of `family: each`, all probed at once but for MX hosts that share an address.
 *
 * A host with both families is as bad as the worse of them. A domain passes when a host of the best preference accepts,
 * warns when only a backup does or when any host is down, and fails when none accepts. What this vantage is unable
 * to tell of one family does not count while it can tell of the other; of one MX host it is a warning while another accepts,
 * and makes the domain `unable` while none does.
 */
export function probeTarget(target: ProbeTarget, options: ProbeOptions = {}): Promise<Sample> {
  const { host, domain, ...settings } = target;
  if (host !== null) return probeHost({ ...settings, host } satisfies HostTarget, options);
  if (domain !== null) return probeDomain({ ...settings, domain } satisfies DomainTarget, options);
  throw new TypeError('a target needs a host or a domain');
}
