/** Probes one endpoint: name resolution, connection, session and outcome. Start reading here. */

import { setMaxListeners } from 'node:events';
import { type HostAddresses, literalAddress, resolveAddresses } from '../dns/addresses.ts';
import { withAliases } from '../dns/aliases.ts';
import { withinDeadline } from '../dns/deadline.ts';
import type { DnsFailure } from '../dns/dns-failure.ts';
import { systemResolver } from '../dns/resolver.ts';
import { routableAddresses } from '../dns/special-addresses.ts';
import { dnsFinding } from './dns-findings.ts';
import { assertCommandArguments } from './endpoint/command-arguments.ts';
import type { Endpoint } from './endpoint/endpoint.ts';
import { type ProbeRun, sampleFrom, startRun } from './probe-run.ts';
import type { ProbeOptions } from './probe-run-options.ts';
import type { Sample } from './sample/sample.ts';
import { secureContextFor } from './tls/offer-and-inspect-handshake.ts';
import { tryAddresses } from './try-addresses.ts';

export type { ProbeOptions } from './probe-run-options.ts';

/** Resolves by the deadline, whatever the server does. Rejects only for errors of the caller: an invalid `ca`, or a line end in a name. */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Sample> {
  // Errors of these two are errors of the caller: they are thrown before the probe starts.
  assertCommandArguments(endpoint);
  if (endpoint.security !== 'none') secureContextFor(endpoint);
  // One signal stops a whole round, so that it has one listener per probe.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const run = startRun(endpoint, options);
  const literal = literalAddress(endpoint.host, endpoint.family ?? 'any');
  const addresses = literal === null ? await resolve(run) : routable(run, literal);
  return 'kind' in addresses ? sampleFrom(run, null, [dnsFinding(addresses)]) : tryAddresses(run, addresses);
}

/** The addresses to try. A warning of the resolution is a finding of the run. */
async function resolve(run: ProbeRun): Promise<readonly string[] | DnsFailure> {
  const found = await query(run);
  if ('kind' in found) return found;
  if (found.problem !== null) run.dnsFindings.push(dnsFinding(found.problem));
  return routable(run, found.addresses);
}

async function query(run: ProbeRun): Promise<HostAddresses | DnsFailure> {
  const { endpoint, options, limits, now, started, deadline } = run;
  const { host, domain, family = 'any' } = endpoint;
  const settings = { family, hostsFile: domain === undefined, otherFamily: limits.otherFamily };
  const resolver = options.resolver ?? systemResolver();
  const answer = resolveAddresses(host, resolver, settings);
  const found = await withinDeadline(answer, host, Math.min(limits.dns, limits.deadline), options.signal);
  run.timings.dns = now() - started;
  if (!('kind' in found)) return found;
  const within = Math.min(limits.otherFamily, deadline - now());
  return withAliases(found, host, resolver, { aliases: limits.aliases, within });
}

/** An MX record that names the sender's own host or network is a failure of the domain, wherever that leads to. */
function routable(run: ProbeRun, addresses: readonly string[] | DnsFailure): readonly string[] | DnsFailure {
  const { endpoint, options } = run;
  if (endpoint.domain === undefined || 'kind' in addresses) return addresses;
  const { routes, problem } = routableAddresses(endpoint.host, addresses, options.mxAddresses);
  if (problem === null) return addresses;
  if (routes.length === 0) return problem;
  run.dnsFindings.push({ ...dnsFinding(problem), outcome: 'warn' });
  return routes;
}
