/** TLSA records of the MX hosts, and what sessions were served there: RFC 7672. */

import type { DnsAnswer, RecordLookup, RecordValues } from '../../../dns/records/records.ts';
import { judgeTlsa, tlsaName } from '../../../standards/dane/tlsa.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import { mailHosts } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import { compareServed } from './dane-served.ts';

export async function checkDane(context: PostureContext): Promise<readonly PostureFinding[]> {
  const found = await mailHosts(context.domain, context.lookup);
  if (found.kind === 'failed') return [noAnswer('dane', context.domain, found.failure)];
  const hosts = found.kind === 'hosts' ? found.hosts : [];
  return (await Promise.all(hosts.map(({ name }) => checkHost(name, context)))).flat();
}

async function checkHost(host: string, context: PostureContext): Promise<readonly PostureFinding[]> {
  const { base, answer } = await tlsaOf(host, context.lookup);
  const name = tlsaName(base);
  const given = { subject: name, command: digCommand('TLSA', name) };
  if (answer.kind === 'failed') return [await unanswered(name, base, answer, context.lookup)];
  if (answer.kind === 'none')
    return [postureFinding('dane-absent', 'dane', { ...given, detail: `${name} has no record` })];
  const wrong = answer.values.map(judgeTlsa).flatMap(({ text, unusable }) => {
    if (unusable === null) return [];
    const code = unusable.kind === 'usage' ? 'dane-unusable' : 'dane-syntax';
    return [postureFinding(code, 'dane', { ...given, detail: `${text}: ${unusable.reason}` })];
  });
  const isAnyUsable = wrong.length < answer.values.length;
  const isSigned = isAuthenticated(answer) === true;
  const set = { host, base, name, records: answer.values, isSigned };
  const compared = isAnyUsable ? await compareServed(set, context) : [];
  const unsigned = isAnyUsable && isSigned ? await unsignedDomain(host, name, context) : [];
  // What is wrong with one record takes the place of the word that the others are right.
  return [...wrong, ...compared.filter(({ outcome }) => wrong.length === 0 || outcome !== 'pass'), ...unsigned];
}

interface TlsaSet {
  /** The host with the records: that at the end of an alias, or else the MX host. RFC 7672 2.2.2, 2.2.3. */
  readonly base: string;
  readonly answer: DnsAnswer<RecordValues['TLSA']>;
}

async function tlsaOf(host: string, lookup: RecordLookup): Promise<TlsaSet> {
  const alias = await lookup('CNAME', host);
  const target = alias.kind === 'found' ? alias.values[0]?.toLowerCase().replace(/\.$/, '') : undefined;
  if (target !== undefined && target !== host) {
    const answer = await lookup('TLSA', tlsaName(target));
    if (answer.kind !== 'none') return { base: target, answer };
  }
  return { base: host, answer: await lookup('TLSA', tlsaName(host)) };
}

/**
 * RFC 7672 2.1.2: without an answer about the records, a sender that uses DANE defers the mail. If the address of the host is
 * answered and signed, it is not our resolver that fails.
 */
async function unanswered(
  name: string,
  base: string,
  { failure }: DnsAnswer<RecordValues['TLSA']> & { readonly kind: 'failed' },
  lookup: RecordLookup,
): Promise<PostureFinding> {
  if (failure.kind !== 'servfail' || isAuthenticated(await lookup('A', base)) !== true)
    return noAnswer('dane', name, failure);
  const detail = `${failure.detail}, although the address of ${base} is answered and signed`;
  return postureFinding('dane-lookup-fails', 'dane', { subject: name, detail, command: digCommand('TLSA', name) });
}

/** Whether the resolver validated the answer; null if the lookup does not say. */
function isAuthenticated(answer: DnsAnswer<unknown> & { readonly authenticated?: boolean }): boolean | null {
  if (answer.kind !== 'found') return null;
  return answer.authenticated ?? saidByRecords(answer.values);
}

/** TLSA records say it themselves where the answer does not. */
function saidByRecords(values: readonly unknown[]): boolean | null {
  const said = values.map((value) =>
    typeof value === 'object' && value !== null && 'authenticated' in value ? value.authenticated : null,
  );
  return said.includes(null) ? null : said.every((one) => one === true);
}

/** RFC 7672 2.2.1: DANE protects the host, but not the MX record that names it. */
async function unsignedDomain(
  host: string,
  name: string,
  { domain, lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  if (isAuthenticated(await lookup('MX', domain)) !== false) return [];
  const detail = `the MX record of ${domain} that names ${host} is not signed`;
  const command = `dig +dnssec MX ${domain}`;
  return [postureFinding('dane-unsigned-domain', 'dane', { subject: name, detail, command })];
}
