/** Names to addresses, each way to fail apart. */

import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type FailureCode, finding } from '../smtp/failures/failures.ts';
import type { Finding } from '../smtp/sample/sample.ts';

/** What is asked of a resolver; `Resolver` of node:dns/promises fits. */
export interface NameResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]>;
  resolveCname(name: string): Promise<string[]>;
}

/** A name that could not be resolved: the server's side of it is a finding. */
export interface Unresolved {
  readonly finding: Finding;
}

/** The errors of c-ares, as node:dns names them. */
const ERRORS: Readonly<Record<string, FailureCode>> = {
  ENOTFOUND: 'dns-nxdomain',
  ENODATA: 'dns-no-data',
  ESERVFAIL: 'dns-servfail',
  ETIMEOUT: 'dns-timeout',
  ECANCELLED: 'dns-timeout',
  EREFUSED: 'dns-refused',
  ECONNREFUSED: 'dns-refused',
  ELOADIPHLPAPI: 'dns-refused',
  ENOTINITIALIZED: 'dns-refused',
};

export function resolutionFailure(name: string, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return finding(ERRORS[code] ?? 'dns-failed', { detail: `${name}: ${code || String(error)}` });
}

/** Addresses of a host, IPv4 first; at least one. Literals and the hosts file are not asked of anyone. */
export async function resolveAddresses(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | Unresolved> {
  const literal = literalAddress(host, family);
  if (literal !== null) return literal;
  const found = await lookUp(host, family, resolver);
  if (family === 'any' || !('finding' in found) || found.finding.code !== 'dns-nxdomain') return found;
  // The hosts file may know the name, and some name servers deny the whole of it for want of one type (RFC 4074 4.2).
  const other = await lookUp(host, family === 4 ? 6 : 4, resolver);
  return 'finding' in other ? found : { finding: noAddress(host, family, other[0] ?? '') };
}

/** An address that was given for a name; null where it is a name. */
export function literalAddress(host: string, family: 'any' | 4 | 6): readonly string[] | Unresolved | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!isIP(bare)) return null;
  return family === 'any' || isIP(bare) === family ? [bare] : { finding: noAddress(host, family, bare) };
}

function noAddress(host: string, family: 4 | 6, only: string): Finding {
  return finding('dns-no-data', { detail: `${host}: no IPv${family} address, only ${only}` });
}

async function lookUp(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | Unresolved> {
  const listed = listedAddresses(host).filter((address) => family === 'any' || isIP(address) === family);
  return listed.length > 0 ? listed : askFor(host, family, resolver);
}

async function askFor(
  host: string,
  family: 'any' | 4 | 6,
  resolver: NameResolver,
): Promise<readonly string[] | Unresolved> {
  const questions = [
    ...(family === 6 ? [] : [resolver.resolve4(host)]),
    ...(family === 4 ? [] : [resolver.resolve6(host)]),
  ];
  const answers = await Promise.allSettled(questions);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return addresses.length > 0 ? addresses : { finding: worst(answers, host) };
}

/** A family without data says nothing where the other could not be resolved at all. */
function worst(answers: readonly PromiseSettledResult<unknown>[], host: string): Finding {
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [resolutionFailure(host, answer.reason)] : [],
  );
  return (
    failures.find(({ code }) => code !== 'dns-no-data') ??
    failures[0] ??
    finding('dns-no-data', { detail: `${host}: no address` })
  );
}

let hosts: ReadonlyMap<string, readonly string[]> | null = null;

/** `/etc/hosts`, read once; it comes before DNS, as in nsswitch. `localhost` is RFC 6761 6.3. */
function listedAddresses(host: string): readonly string[] {
  hosts ??= readHosts();
  const name = host.toLowerCase().replace(/\.$/, '');
  return hosts.get(name) ?? (name === 'localhost' ? ['127.0.0.1', '::1'] : []);
}

function readHosts(): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const line of hostsFile().split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (!isIP(address)) continue;
    for (const name of names) entries.set(name, [...(entries.get(name) ?? []), address]);
  }
  for (const addresses of entries.values()) addresses.sort((a, b) => isIP(a) - isIP(b));
  return entries;
}

function hostsFile(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}

let system: Resolver | null = null;

/** The resolver of the machine; two tries fit into the time that a probe has for it. */
export function systemResolver(): NameResolver {
  system ??= new Resolver({ timeout: 1_500, tries: 2 });
  return system;
}

/** A resolver that does not answer is given up, so that the probe's deadline holds. */
export function withinDeadline<Answer>(
  answer: Promise<Answer>,
  name: string,
  within: number,
  signal?: AbortSignal,
): Promise<Answer | Unresolved> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: Answer | Unresolved) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const abort = () => settle({ finding: finding('aborted', { phase: 'dns', detail: 'stopped while resolving' }) });
    const late = finding('dns-timeout', { detail: `${name}: no answer within ${(within / 1000).toFixed(1)} s` });
    const timer = setTimeout(() => settle({ finding: late }), within);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    answer.then(settle, reject);
  });
}
