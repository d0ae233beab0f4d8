/** DNSSEC of the domain and of its MX hosts: RFC 4033 5, RFC 4035. A resolver validates; it is asked again without validation for the cause. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import { isAddressLiteral } from '../../dns/mail-exchangers.ts';
import type { AskValidator, SignedAnswer } from '../../dns/records/dns-of-run.ts';
import type { RecordType } from '../../dns/records/records.ts';
import { tlsaName } from '../../standards/dane/tlsa.ts';
import type { PostureCode } from '../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding, shellCommand } from '../finding.ts';
import type { PostureContext } from '../posture-context.ts';
import { brokenZone, type Validation } from '../zones/broken-zone.ts';
import { algorithmsIn, dsIn, dsRecords, keysIn, keyTags, lifeLeft, shortestLife } from '../zones/signatures.ts';
import { namesUpwards } from '../zones/zone.ts';

/** Zones and MX hosts that are looked at. */
const MOST_ZONES = 6;
const MOST_HOSTS = 20;

export async function checkDnssec(context: PostureContext): Promise<readonly PostureFinding[]> {
  const ask = (await context.validator?.()) ?? 'no-trusted-path';
  if (typeof ask === 'string') return [];
  const hosts = await hostsOf(context.domain, ask);
  const above = await Promise.all([context.domain, ...hosts].map((name) => zoneAbove(name, ask)));
  const [unknown] = above;
  if (unknown != null && unknown.kind !== 'zone') return [noAnswer('dnssec', context.domain, unknown)];
  const names = above.flatMap((found) => (found?.kind === 'zone' ? [found.name] : []));
  const zones = [...new Set(names)].slice(0, MOST_ZONES);
  const findings = (await Promise.all(zones.map((zone) => checkZone(zone, ask, context.now ?? Date.now())))).flat();
  const bogus = findings.filter(({ outcome }) => outcome === 'fail').map(({ subject }) => subject);
  const isCovered = (name: string) => bogus.some((zone) => name === zone || name.endsWith(`.${zone}`));
  const questions = questionsOf(context.domain, hosts).filter(([, name]) => !isCovered(name));
  const records = await Promise.all(questions.map(([type, name]) => checkRecords(type, name, ask, context)));
  return [...findings, ...records.flat()];
}

/** Best preference first. Also if the records are bogus. */
async function hostsOf(domain: string, ask: AskValidator): Promise<readonly string[]> {
  const answer = await ask('MX', domain, true);
  if (answer.kind === 'failed') return [];
  const records = answer.message.answers.flatMap((record) => (record.type === 'MX' ? [record.data] : []));
  const sorted = records.toSorted((a, b) => a.preference - b.preference);
  const hosts = sorted.map(({ host }) => host.toLowerCase()).filter((name) => name !== '' && !isAddressLiteral(name));
  return [...new Set(hosts)].slice(0, MOST_HOSTS);
}

type Found = { readonly kind: 'zone'; readonly name: string } | DnsFailure;

/** Null if no name has NS records. */
async function zoneAbove(name: string, ask: AskValidator): Promise<Found | null> {
  for (const candidate of namesUpwards(name)) {
    const answer = await ask('NS', candidate, true);
    if (answer.kind === 'failed') return answer.failure;
    if (answer.message.answers.some((record) => record.type === 'NS' && record.name === candidate))
      return { kind: 'zone', name: candidate };
  }
  return null;
}

/** What a sender that validates asks for. */
function questionsOf(domain: string, hosts: readonly string[]): readonly (readonly [RecordType, string])[] {
  const ofHosts = hosts.flatMap((host) => [
    ['A', host] as const,
    ['AAAA', host] as const,
    ['TLSA', tlsaName(host)] as const,
  ]);
  return [['MX', domain], ...ofHosts];
}

/** A set of records may be bogus while the zone is not. */
async function checkRecords(
  type: RecordType,
  name: string,
  ask: AskValidator,
  { lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const answer = await lookup(type, name);
  if (answer.kind !== 'failed' || answer.failure.kind !== 'servfail') return [];
  const [unchecked, checked] = [await ask(type, name, true), await ask(type, name, false)];
  if (checked.kind !== 'failed' || checked.failure.kind !== 'servfail' || unchecked.kind === 'failed') return [];
  const detail = `${type} ${name}: SERVFAIL with validation, an answer without it`;
  return [
    postureFinding('dnssec-bogus', 'dnssec', { subject: `${type} ${name}`, detail, command: delvCommand(type, name) }),
  ];
}

function delvCommand(type: string, name: string): string {
  return shellCommand`delv ${type} ${name}`;
}

async function checkZone(zone: string, ask: AskValidator, now: number): Promise<readonly PostureFinding[]> {
  const soa = await ask('SOA', zone, false);
  if (soa.kind === 'failed') {
    return soa.failure.kind === 'servfail'
      ? brokenZone(zone, soa.failure, { ask, now })
      : [noAnswer('dnssec', zone, soa.failure)];
  }
  if (soa.authenticated) return signedZone(zone, soa, { ask, now });
  // One of two resolvers validated it.
  if (soa.message.validated)
    return [say('dnssec-not-agreed', zone, 'the second resolver has other records, or did not validate them')];
  return insecureZone(zone, ask);
}

function say(code: PostureCode, zone: string, detail: string, publish: readonly string[] = []): PostureFinding {
  return postureFinding(code, 'dnssec', { subject: zone, detail, publish, command: delvCommand('SOA', zone) });
}

type Signed = Extract<SignedAnswer, { kind: 'answer' }>;

async function signedZone(zone: string, soa: Signed, { ask, now }: Validation): Promise<readonly PostureFinding[]> {
  const keys = await ask('DNSKEY', zone, false);
  const messages = [soa, keys].flatMap((answer) => (answer.kind === 'answer' ? [answer.message] : []));
  const life = shortestLife(messages);
  const algorithms = algorithmsIn(soa.message).join(', ');
  if (life === null) return [say('dnssec-valid', zone, `${zone} is signed`)];
  const until = new Date(life.until).toISOString().slice(0, 16).replace('T', ' ');
  switch (lifeLeft(life, now)) {
    case 'enough':
      return [say('dnssec-valid', zone, `${zone} is signed with algorithm ${algorithms} until ${until} UTC`)];
    case 'little':
      return [say('dnssec-expires-soon', zone, `signatures of ${zone} end at ${until} UTC`)];
    case 'none':
      return [
        say('dnssec-expired', zone, `signatures of ${zone} ended at ${until} UTC; the resolver still tolerates it`),
      ];
  }
}

async function insecureZone(zone: string, ask: AskValidator): Promise<readonly PostureFinding[]> {
  const [ds, keys] = await Promise.all([ask('DS', zone, false), ask('DNSKEY', zone, false)]);
  if (ds.kind === 'failed') return [noAnswer('dnssec', zone, ds.failure)];
  if (keys.kind === 'failed') return [noAnswer('dnssec', zone, keys.failure)];
  const [delegations, own] = [dsIn(ds.message), keysIn(keys.message)];
  if (delegations.length > 0) {
    const algorithms = [
      ...new Set(delegations.map(({ algorithm, digestType }) => `${algorithm} (digest type ${digestType})`)),
    ];
    return [say('dnssec-not-validated', zone, `DS records of ${zone} with algorithm ${algorithms.join(', ')}`)];
  }
  return own.length === 0
    ? [say('dnssec-unsigned', zone, `${zone} is not signed`)]
    : [say('dnssec-no-ds', zone, `${zone} has ${keyTags(own)} and no DS record`, dsRecords(zone, own))];
}
