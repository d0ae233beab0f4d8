/** DNS lists of addresses that send unwanted mail: RFC 5782. Each list is tested first: the answers of a broken one do not count. */

import { isIPv6 } from 'node:net';
import type { DnsFailure } from '../../dns/dns-failure.ts';
import { valuesOf } from '../../dns/records/records.ts';
import { listQuery, readListAnswer, testQueries } from '../../standards/dnsbl/list-answer.ts';
import type { DnsList } from '../../standards/dnsbl/lists.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { type MailAddress, mailAddresses } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

/** Networks of the SPF record up to this size are looked up address by address. */
const SMALLEST_PREFIX = 29;

export async function checkDnsbl(context: PostureContext): Promise<readonly PostureFinding[]> {
  if (context.lists.length === 0) return [];
  const { addresses, failure } = await mailAddresses(context, SMALLEST_PREFIX);
  const unknown = failure === null ? [] : [noAnswer('dnsbl', context.domain, failure)];
  if (addresses.length === 0) return unknown;
  const ofLists = { ...context, lookup: context.listLookup ?? context.lookup };
  const asked = (await Promise.all(context.lists.map((list) => checkList(list, addresses, ofLists)))).flat();
  return [...unknown, ...asked];
}

type Tested =
  /** `unsupported`: the list has no addresses of the family. */
  | { readonly kind: 'works' | 'unsupported' }
  | { readonly kind: 'refused' | 'broken'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: DnsFailure };

async function checkList(list: DnsList, addresses: readonly MailAddress[], context: PostureContext) {
  const tested = await testList(4, list, context);
  const [none] = tested.kind === 'works' ? [] : [untested(list, tested)];
  if (none !== undefined) return [none];
  const six = addresses.some(({ address }) => isIPv6(address)) ? await testList(6, list, context) : null;
  const known = addresses.filter(({ address }) => !isIPv6(address) || six?.kind === 'works');
  const asked = (await Promise.all(known.map((one) => checkAddress(one, list, context)))).flat();
  const detail = `${list.name}: none of ${known.length} addresses`;
  const clear = postureFinding('dnsbl-not-listed', 'dnsbl', { subject: list.shownZone, detail });
  return asked.length > 0 || known.length === 0 ? asked : [clear];
}

function untested(list: DnsList, tested: Tested): PostureFinding {
  const { shownZone: zone, name } = list;
  switch (tested.kind) {
    case 'failed':
      return noAnswer('dnsbl', zone, withoutKey(tested.failure, list));
    case 'refused':
      return postureFinding('dnsbl-refused', 'dnsbl', { subject: zone, detail: `${name}: ${tested.detail}` });
    case 'broken':
      return postureFinding('dnsbl-self-test', 'dnsbl', { subject: zone, detail: `${name}: ${tested.detail}` });
    case 'works':
    case 'unsupported':
      return postureFinding('dnsbl-self-test', 'dnsbl', { subject: zone, detail: `${name}: it lacks 127.0.0.2` });
    default:
      return tested satisfies never;
  }
}

/** A failure names the query, which has the key of a customer. */
function withoutKey({ kind, detail }: DnsFailure, { zone, shownZone }: DnsList): DnsFailure {
  return { kind, detail: detail.replaceAll(zone, shownZone) };
}

/** RFC 5782 5: it must have one address and must not have another. */
async function testList(family: 4 | 6, list: DnsList, { lookup }: PostureContext): Promise<Tested> {
  const names = testQueries(family, list.zone);
  const [listed, unlisted] = await Promise.all([lookup('A', names.listed), lookup('A', names.unlisted)]);
  for (const answer of [listed, unlisted]) if (answer.kind === 'failed') return answer;
  const wrong = [listed, unlisted].map((answer) => refusalOf(valuesOf(answer))).find((one) => one !== null);
  if (wrong !== undefined) return wrong;
  if (unlisted.kind === 'found') return { kind: 'broken', detail: 'it has 127.0.0.1' };
  return { kind: listed.kind === 'found' ? 'works' : 'unsupported' };
}

function refusalOf(values: readonly string[]): Tested | null {
  if (values.length === 0) return null;
  const answer = readListAnswer(values);
  if (answer.kind === 'refused') return { kind: 'refused', detail: `it answers ${answer.code}` };
  return answer.kind === 'foreign' ? { kind: 'broken', detail: `it answers ${answer.code}` } : null;
}

async function checkAddress(
  { address, source }: MailAddress,
  list: DnsList,
  { lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const name = listQuery(address, list.zone);
  const answer = await lookup('A', name);
  if (answer.kind === 'failed') {
    return [noAnswer('dnsbl', `${address} on ${list.shownZone}`, withoutKey(answer.failure, list))];
  }
  if (answer.kind === 'none') return [];
  const refusal = refusalOf(answer.values);
  if (refusal !== null) return [untested(list, refusal)];
  // Where mail is received, a list that few receivers use has no consequence.
  if (list.weight === 'warn' && source === 'mx') return [];
  const code = list.weight === 'fail' && source !== 'mx' ? 'dnsbl-listed' : 'dnsbl-listed-minor';
  const meanings = answer.values.map((value) => [value, list.codes[value]].filter(Boolean).join(' '));
  return [
    postureFinding(code, 'dnsbl', {
      subject: `${address} on ${list.shownZone}`,
      detail: `${list.name}: ${meanings.join(', ')}; removal: ${list.page}`,
      command: digCommand('TXT', listQuery(address, list.shownZone)),
    }),
  ];
}
