/** DNS lists of addresses and domains: RFC 5782. Each list is tested first: the answers of a broken one do not count. */

import { isIPv6 } from 'node:net';
import { atMostAtOnce } from '../../../dns/records/at-most-at-once.ts';
import { type RecordLookup, valuesOf } from '../../../dns/records/records.ts';
import { answerText, type DnsList, listingWeight } from '../../../standards/dnsbl/dns-list.ts';
import { domainQuery, listQuery } from '../../../standards/dnsbl/list-answer.ts';
import { withListKeys } from '../../../standards/dnsbl/list-keys.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import { type MailAddress, mailAddresses } from '../../mail-addresses.ts';
import type { PostureContext } from '../../posture-context.ts';
import { allowedFindings } from './allow-list.ts';
import { hideKey, refusalOf, testList, untestedFinding, withoutKey } from './list-test.ts';

/** Networks of the SPF record up to this size are looked up address by address. */
const SMALLEST_PREFIX = 29;
/** Questions under way at the same time to the servers of one list. */
const MOST_AT_ONCE = 4;

/** Texts of a listing that are shown. */
const MOST_REASONS = 2;

/** What a list is asked about. */
interface Asked {
  readonly subject: string;
  readonly name: string;
  readonly source: MailAddress['source'] | 'domain';
}

export async function checkDnsbl(context: PostureContext): Promise<readonly PostureFinding[]> {
  const lists = withListKeys(context.lists, context.listKeys ?? {});
  if (lists.length === 0) return [];
  const { addresses, omitted, failure } = await mailAddresses(context, SMALLEST_PREFIX);
  const unknown = failure === null ? [] : [noAnswer('dnsbl', context.domain, failure)];
  const lookupOfRun = context.listLookup ?? context.lookup;
  const asked = lists.map((list) => {
    const atOnce = atMostAtOnce(MOST_AT_ONCE);
    const lookup: RecordLookup = (type, name) => atOnce(() => lookupOfRun(type, name));
    if (list.kind === 'domains') return checkDomain(list, context.domain, lookup);
    return checkList(list, addresses, omitted, lookup);
  });
  return [...unknown, ...(await Promise.all(asked)).flat()];
}

async function checkDomain(list: DnsList, domain: string, lookup: RecordLookup): Promise<readonly PostureFinding[]> {
  const tested = await testList('domain', list, lookup);
  if (tested.kind !== 'works') return [untestedFinding(list, tested)];
  const asked = { subject: domain, name: domainQuery(domain, list.zone), source: 'domain' } as const;
  const found = await askList(asked, list, lookup);
  return found.length > 0 ? found : [clear(list, domain)];
}

async function checkList(
  list: DnsList,
  addresses: readonly MailAddress[],
  omitted: number,
  lookup: RecordLookup,
): Promise<readonly PostureFinding[]> {
  if (addresses.length === 0) return [];
  const tested = await testList(4, list, lookup);
  if (tested.kind !== 'works') return list.kind === 'allowed' ? [] : [untestedFinding(list, tested)];
  // A list without IPv6 lacks the test entry of IPv6. Of one whose test is not answered, nothing is known.
  const six = addresses.some(({ address }) => isIPv6(address)) ? await testList(6, list, lookup) : null;
  const known = addresses.filter(({ address }) => !isIPv6(address) || six?.kind === 'works');
  if (list.kind === 'allowed') return allowedFindings(list, known, lookup);
  const unknown =
    six === null || six.kind === 'works' || six.kind === 'unsupported' ? [] : [untestedFinding(list, six)];
  const asked = known.map(({ address, source }) => ({ subject: address, name: listQuery(address, list.zone), source }));
  const found = (await Promise.all(asked.map((one) => askList(one, list, lookup)))).flat();
  const isClear = found.length === 0 && known.length > 0;
  return [...unknown, ...found, ...(isClear ? [clear(list, addressCount(known.length, omitted))] : [])];
}

function addressCount(known: number, omitted: number): string {
  const text = `${known} ${known === 1 ? 'address' : 'addresses'}`;
  return omitted === 0 ? text : `${text} (of ${known + omitted}; name those that send with --address or senders:)`;
}

function clear({ shownZone, name }: DnsList, what: string): PostureFinding {
  return postureFinding('dnsbl-not-listed', 'dnsbl', { subject: shownZone, detail: `${name}: ${what} not listed` });
}

async function askList({ subject, name, source }: Asked, list: DnsList, lookup: RecordLookup) {
  const place = `${subject} on ${list.shownZone}`;
  const answer = await lookup('A', name);
  if (answer.kind === 'failed') return [noAnswer('dnsbl', place, withoutKey(answer.failure, list))];
  if (answer.kind === 'none') return [];
  const refusal = refusalOf(answer.values, list);
  if (refusal !== null) return [untestedFinding(list, refusal)];
  const code = listingCode(listingWeight(list, answer.values), source);
  if (code === null) return [];
  const meanings = answer.values.map((value) => answerText(list, value)).join(', ');
  const detail = `${list.name}: ${meanings}; removal: ${list.removal}`;
  const command = digCommand('TXT', `${name.slice(0, -list.zone.length)}${list.shownZone}`);
  const evidence = await reasons(name, list, lookup);
  return [postureFinding(code, 'dnsbl', { subject: place, detail, command, evidence })];
}

/** What the list says itself (RFC 5782 2.1). */
async function reasons(name: string, list: DnsList, lookup: RecordLookup): Promise<readonly string[]> {
  const texts = valuesOf(await lookup('TXT', name)).slice(0, MOST_REASONS);
  return texts.map((text) => `the list says: ${hideKey(text, list)}`);
}

/** Where no mail is known to be sent, a list that few receivers use has no consequence. */
function listingCode(weight: DnsList['weight'], source: Asked['source']) {
  if (source === 'domain') return weight === 'fail' ? 'dnsbl-domain-listed' : 'dnsbl-domain-listed-minor';
  if (source === 'mx' || source === 'a') return weight === 'fail' ? 'dnsbl-listed-minor' : null;
  return weight === 'fail' ? 'dnsbl-listed' : 'dnsbl-listed-minor';
}
