/** Probes a target: a host, its two address families, or a domain with its MX hosts. */

import type { Endpoint, Family } from './endpoint/endpoint.ts';
import { type DomainTarget, probeDomain } from './probe-domain.ts';
import { type HostTarget, probeHost } from './probe-each-address-family.ts';
import { secretsFor } from './redaction/mask-known-passwords.ts';
import { redactSample } from './redaction/redact-sample.ts';
import type { ProbeOptions } from './resolve-and-probe-endpoint.ts';
import type { Sample } from './sample/sample.ts';

/** Exactly one of `host` and `domain` is set. */
export type ProbeTarget = Omit<Endpoint, 'host' | 'domain' | 'family'> & {
  readonly host: string | null;
  readonly domain: string | null;
  readonly family?: Family;
};

/**
 * One sample for the target. Its `parts` are the samples of the MX hosts of a domain, or of the families of
 * `family: each`. All parts are probed at the same time, except for MX hosts with the same address.
 *
 * A host with two families has the outcome of the worse one. A domain passes if a host of the best preference accepts
 * mail, warns if only a backup does or if any host is down, and fails if none accepts. `unable` for one family does not
 * count if the other one is judged. `unable` for one MX host is a warning if another one accepts, and makes the domain
 * `unable` if none does.
 */
export function probeTarget(target: ProbeTarget, options: ProbeOptions = {}): Promise<Sample> {
  const { host, domain, ...settings } = target;
  if (host !== null && settings.family !== 'each') {
    return probeHost({ ...settings, host } satisfies HostTarget, options);
  }
  const secrets = secretsFor(settings.auth, options.secrets);
  const redacted = (sample: Sample) => redactSample(sample, secrets);
  if (host !== null) return probeHost({ ...settings, host } satisfies HostTarget, options).then(redacted);
  if (domain !== null) return probeDomain({ ...settings, domain } satisfies DomainTarget, options).then(redacted);
  throw new TypeError('a target needs a host or a domain');
}
