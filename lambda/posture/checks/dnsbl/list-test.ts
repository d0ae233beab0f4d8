/** The self-test of DNS lists: RFC 5782 5. The answers of a list that fails it do not count. */

import type { DnsFailure } from '../../../dns/dns-failure.ts';
import { type RecordLookup, valuesOf } from '../../../dns/records/records.ts';
import type { DnsList } from '../../../standards/dnsbl/dns-list.ts';
import { readListAnswer, type TestedEntries, testQueries } from '../../../standards/dnsbl/list-answer.ts';
import { noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';

export type Tested =
  /** `unsupported`: the list has no entries of the kind. */
  | { readonly kind: 'works' | 'unsupported' }
  | { readonly kind: 'refused' | 'broken'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

/** It must have one entry and must not have another. */
export async function testList(entries: TestedEntries, list: DnsList, lookup: RecordLookup): Promise<Tested> {
  const names = testQueries(entries, list);
  const [listed, unlisted] = await Promise.all([lookup('A', names.listed), lookup('A', names.unlisted)]);
  for (const answer of [listed, unlisted]) if (answer.kind === 'failed') return answer;
  const wrong = [listed, unlisted].map((answer) => refusalOf(valuesOf(answer), list)).find((one) => one !== null);
  if (wrong !== undefined) return wrong;
  if (unlisted.kind === 'found') return { kind: 'broken', detail: `it has ${entryOf(names.unlisted, list)}` };
  return { kind: listed.kind === 'found' ? 'works' : 'unsupported' };
}

/** The entry without the zone; an address as it is written. */
function entryOf(name: string, { zone }: DnsList): string {
  const entry = name.slice(0, -zone.length - 1);
  return entry === '1.0.0.127' ? '127.0.0.1' : entry;
}

/** An answer that is no listing; null if it is one, or if there is no answer. */
export function refusalOf(values: readonly string[], { refusals }: DnsList): Tested | null {
  if (values.length === 0) return null;
  const answer = readListAnswer(values, refusals);
  if (answer.kind === 'refused') return { kind: 'refused', detail: `it answers ${answer.code}` };
  return answer.kind === 'foreign' ? { kind: 'broken', detail: `it answers ${answer.code}` } : null;
}

/** The finding of a list whose answers do not count. */
export function untestedFinding(list: DnsList, tested: Tested): PostureFinding {
  const { shownZone: zone, name } = list;
  switch (tested.kind) {
    case 'failed':
      return noAnswer('dnsbl', zone, withoutKey(tested.failure, list));
    case 'refused':
      return postureFinding('dnsbl-refused', 'dnsbl', { subject: zone, detail: `${name}: ${tested.detail}` });
    case 'broken':
      return postureFinding('dnsbl-self-test', 'dnsbl', { subject: zone, detail: `${name}: ${tested.detail}` });
    case 'works':
    case 'unsupported': {
      const entry = list.kind === 'domains' ? (list.testEntry ?? 'test') : '127.0.0.2';
      return postureFinding('dnsbl-self-test', 'dnsbl', { subject: zone, detail: `${name}: it lacks ${entry}` });
    }
    default:
      return tested satisfies never;
  }
}

/** A failure names the query, which has the key of a customer. */
export function withoutKey({ kind, detail }: DnsFailure, list: DnsList): DnsFailure {
  return { kind, detail: hideKey(detail, list) };
}

/** A text from DNS without the key. A key is letters and digits; a resolver may repeat it in other case. */
export function hideKey(text: string, { zone, shownZone }: DnsList): string {
  const [key = ''] = zone.split('.');
  return zone === shownZone ? text : text.replaceAll(new RegExp(key, 'gi'), '<key>');
}
