/** The zone of a name, and the servers that its parent names: RFC 1034 4.2. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { AnswerMessage } from '../../dns/messages/answer-message.ts';
import type { AskServer } from '../../dns/records/dns-of-run.ts';
import { type RecordLookup, valuesOf } from '../../dns/records/records.ts';
import { routableAddresses } from '../../dns/special-addresses.ts';
import { hostAddresses } from '../mail-hosts.ts';

export interface Zone {
  readonly kind: 'zone';
  readonly name: string;
  /** Names of its servers, sorted. */
  readonly servers: readonly string[];
}

/** Labels above a name that are looked at. */
const MOST_LABELS = 8;

/** The name and those above it, without the root. */
export function namesUpwards(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.slice(0, MOST_LABELS).map((_, nth) => labels.slice(nth).join('.'));
}

/** The nearest name at or above `name` that has NS records; null if there is none. */
export async function zoneOf(name: string, lookup: RecordLookup): Promise<Zone | DnsFailure | null> {
  for (const candidate of namesUpwards(name)) {
    const answer = await lookup('NS', candidate);
    if (answer.kind === 'failed') return answer.failure;
    if (answer.kind === 'none') continue;
    // The records of an alias are those of another zone.
    const alias = await lookup('CNAME', candidate);
    if (alias.kind !== 'found') return { kind: 'zone', name: candidate, servers: serverNames(answer.values) };
  }
  return null;
}

export function serverNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

/** Servers of the parent that are asked. */
const PARENT_SERVERS = 2;

export type ParentView =
  | { readonly kind: 'delegation'; readonly servers: readonly string[] }
  /** A server of the parent answered, and its answer is that of the zone, or has no delegation. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'silent' };

/** The NS records that the parent has for the zone. */
export async function parentView(zone: string, lookup: RecordLookup, askServer: AskServer): Promise<ParentView> {
  const above = zone.split('.').slice(1).join('.');
  const parent = above === '' ? null : await zoneOf(above, lookup);
  if (parent === null || parent.kind !== 'zone') return { kind: 'silent' };
  const views = parent.servers.slice(0, PARENT_SERVERS).map(async (name) => {
    const { addresses } = await hostAddresses(name, lookup);
    const [address] = routableAddresses(name, addresses, 'public').routes;
    const answer = address === undefined ? null : await askServer(address, 'NS', zone);
    return answer === null || answer.kind === 'failed' ? null : delegationIn(answer, zone);
  });
  const found = (await Promise.all(views)).filter((view) => view !== null);
  return found.find(({ kind }) => kind === 'delegation') ?? found[0] ?? { kind: 'silent' };
}

/** A referral has its records in the authority section (RFC 1034 4.3.2). */
function delegationIn({ authority, authoritative }: AnswerMessage, zone: string): ParentView {
  const names = authority.flatMap((record) => (record.type === 'NS' && record.name === zone ? [record.data] : []));
  return names.length > 0 && !authoritative
    ? { kind: 'delegation', servers: serverNames(names) }
    : { kind: 'answered' };
}

/** The values of NS records in the answer of a server of the zone. */
export function serversIn({ answers }: AnswerMessage, zone: string): readonly string[] {
  return serverNames(answers.flatMap((record) => (record.type === 'NS' && record.name === zone ? [record.data] : [])));
}

/** Whether the name is an alias. */
export async function isAlias(name: string, lookup: RecordLookup): Promise<string | null> {
  return valuesOf(await lookup('CNAME', name))[0] ?? null;
}
