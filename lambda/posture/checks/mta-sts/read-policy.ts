/** Reads record and policy of MTA-STS as a sender does: RFC 8461 3. */

import type { DnsFailure } from '../../../dns/dns-failure.ts';
import { valuesOf } from '../../../dns/records/records.ts';
import { routableAddresses } from '../../../dns/special-addresses.ts';
import { type CachedPolicy, withPresentPolicy } from '../../../standards/mta-sts/cache-simulation.ts';
import { parseStsPolicy, type StsPolicy } from '../../../standards/mta-sts/policy.ts';
import { isStsRecord, parseStsRecord } from '../../../standards/mta-sts/record.ts';
import type { TagProblem } from '../../../standards/tag-list/tag-list.ts';
import { hostAddresses } from '../../mail-hosts.ts';
import type { FetchedPolicy } from '../../policy-fetch.ts';
import type { PostureContext } from '../../posture-context.ts';

export type ReadPolicy =
  | { readonly kind: 'failed'; readonly name: string; readonly failure: DnsFailure }
  /** `texts`: other TXT records of the name. */
  | { readonly kind: 'no-record'; readonly texts: readonly string[] }
  | { readonly kind: 'several'; readonly texts: readonly string[] }
  | { readonly kind: 'syntax'; readonly problem: TagProblem }
  | { readonly kind: 'no-host'; readonly detail: string }
  | { readonly kind: 'fetched'; readonly id: string; readonly fetched: FetchedPolicy };

export function stsRecordName(domain: string): string {
  return `_mta-sts.${domain}`;
}

export async function readStsPolicy(context: PostureContext): Promise<ReadPolicy> {
  const { domain, lookup } = context;
  const name = stsRecordName(domain);
  const answer = await lookup('TXT', name);
  if (answer.kind === 'failed') return { kind: 'failed', name, failure: answer.failure };
  const records = valuesOf(answer).filter(isStsRecord);
  const [text] = records;
  if (text === undefined) return { kind: 'no-record', texts: valuesOf(answer) };
  if (records.length > 1) return { kind: 'several', texts: records };
  const { id, problems } = parseStsRecord(text);
  const [problem] = problems;
  return problem === undefined ? fetchFrom(`mta-sts.${domain}`, id, context) : { kind: 'syntax', problem };
}

async function fetchFrom(host: string, id: string, { lookup, fetchPolicy }: PostureContext): Promise<ReadPolicy> {
  const { addresses, failure } = await hostAddresses(host, lookup);
  const { routes, problem } = routableAddresses(host, addresses, 'public');
  if (routes.length > 0) return { kind: 'fetched', id, fetched: await fetchPolicy(host, routes) };
  if (problem !== null) return { kind: 'no-host', detail: problem.detail };
  return failure === null
    ? { kind: 'no-host', detail: `${host} has no A or AAAA record` }
    : { kind: 'failed', name: host, failure };
}

/** A policy that senders use, without the time at which it was seen. */
type UsedPolicy = Omit<CachedPolicy, 'lastSeen'>;

/** The policy that senders read now; null if they find none that is valid, undefined if that is not known. */
export function usedPolicy(read: ReadPolicy): UsedPolicy | null | undefined {
  if (read.kind === 'failed') return undefined;
  if (read.kind !== 'fetched') return null;
  const { id, fetched } = read;
  if (fetched.kind === 'unreachable') return undefined;
  return fetched.kind === 'policy' ? validPolicy(id, parseStsPolicy(fetched.body)) : null;
}

function validPolicy(id: string, { mode, mx, maxAge, problems }: StsPolicy): UsedPolicy | null {
  return mode === null || maxAge === null || problems.length > 0 ? null : { id, mode, mx, maxAge };
}

/**
 * The policies that senders may hold after this run, to be remembered for the next one as `policyMemory`. It reads the policy
 * as the check does: with `fetchOnce`, one fetch serves both.
 * @param at ISO 8601 UTC
 */
export async function rememberedPolicies(context: PostureContext, at: string): Promise<readonly CachedPolicy[]> {
  const { policyMemory = [] } = context;
  const present = usedPolicy(await readStsPolicy(context));
  return withPresentPolicy(policyMemory, present ?? null, at);
}
