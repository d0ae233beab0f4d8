/** TLSA records of the MX hosts, and what sessions were served there: RFC 7672. */

import type { DnsAnswer, RecordLookup, RecordValues } from '../../../dns/records/records.ts';
import { type JudgedTlsa, judgeTlsa, tlsaName } from '../../../standards/dane/tlsa.ts';
import { comparableName } from '../../../standards/domain-name.ts';
import {
  digCommand,
  noAnswer,
  type PostureEvidence,
  type PostureFinding,
  postureFinding,
  shellCommand,
} from '../../finding.ts';
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
  const judged = answer.values.map(judgeTlsa);
  const wrong = unusableFindings(judged, given);
  const isAnyUsable = judged.some(({ unusable }) => unusable === null);
  const isSigned = isAuthenticated(answer);
  if (!isSigned && typeof (await context.validator?.()) === 'function') return [...wrong, unsigned(name)];
  const set = { host, base, name, records: answer.values, isSigned };
  const compared = isAnyUsable ? await compareServed(set, context) : [];
  const domain = isAnyUsable && isSigned ? await unsignedDomain(host, name, context) : [];
  // What is wrong with one record takes the place of the word that the others are right.
  return [...wrong, ...compared.filter(({ outcome }) => wrong.length === 0 || outcome !== 'pass'), ...domain];
}

const UNUSABLE_CODES = [
  ['usage', 'dane-unusable'],
  ['syntax', 'dane-syntax'],
] as const;

/** A finding for each kind of fault, with all records that have it. */
function unusableFindings(judged: readonly JudgedTlsa[], given: Omit<PostureEvidence, 'detail'>) {
  return UNUSABLE_CODES.flatMap(([kind, code]) => {
    const texts = judged.flatMap(({ text, unusable }) =>
      unusable?.kind === kind ? [`${text}: ${unusable.reason}`] : [],
    );
    return texts.length === 0 ? [] : [postureFinding(code, 'dane', { ...given, detail: texts.join('; ') })];
  });
}

/** RFC 7672 2.2: a validating resolver knows that nobody signed the records. */
function unsigned(name: string): PostureFinding {
  const given = {
    subject: name,
    detail: `${name} is in a zone that is not signed`,
    command: shellCommand`dig +dnssec TLSA ${name}`,
  };
  return postureFinding('dane-unsigned', 'dane', given);
}

interface TlsaSet {
  /** The host with the records: that at the end of an alias, or else the MX host. RFC 7672 2.2.2, 2.2.3. */
  readonly base: string;
  readonly answer: DnsAnswer<RecordValues['TLSA']>;
}

async function tlsaOf(host: string, lookup: RecordLookup): Promise<TlsaSet> {
  const alias = await lookup('CNAME', host);
  const [target = host] = alias.kind === 'found' ? alias.values.map(comparableName) : [];
  if (target !== host) {
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
  if (failure.kind !== 'servfail' || !isAuthenticated(await lookup('A', base))) return noAnswer('dane', name, failure);
  const detail = `${failure.detail}, although the address of ${base} is answered and signed`;
  return postureFinding('dane-lookup-fails', 'dane', { subject: name, detail, command: digCommand('TLSA', name) });
}

/** Whether the resolver validated the answer, on a trusted path. */
function isAuthenticated(answer: DnsAnswer<unknown>): boolean {
  return answer.kind === 'found' && answer.authenticated === true;
}

/** RFC 7672 2.2.1: DANE protects the host, but not the MX record that names it. */
async function unsignedDomain(
  host: string,
  name: string,
  { domain, lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const answer = await lookup('MX', domain);
  // Without a record the host is that of the domain.
  if (answer.kind !== 'found' || answer.authenticated !== false) return [];
  const detail = `the MX record of ${domain} that names ${host} is not signed`;
  const command = shellCommand`dig +dnssec MX ${domain}`;
  return [postureFinding('dane-unsigned-domain', 'dane', { subject: name, detail, command })];
}
