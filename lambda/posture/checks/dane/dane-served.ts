/** Compares TLSA records with what sessions were served, now and after the next renewal. */

import type { ServedChain, ServedHost } from '../../../smtp/sample/served-host.ts';
import { authenticate, type DaneVerdict, type JudgedRecord } from '../../../standards/dane/authenticate.ts';
import type { RecordMatch } from '../../../standards/dane/match-record.ts';
import { type RenewalRisk, renewalRisk } from '../../../standards/dane/renewal.ts';
import { judgeTlsa, recommendedRecord, type TlsaData } from '../../../standards/dane/tlsa.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { digCommand, type PostureEvidence, type PostureFinding, postureFinding, shellCommand } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { zoneTlsa } from './zone-tlsa.ts';

/** The records of one MX host. */
export interface HostRecords {
  readonly host: string;
  /** The host whose name the records have. */
  readonly base: string;
  readonly name: string;
  readonly records: readonly TlsaData[];
  /** Whether the resolver validated them. */
  readonly isSigned: boolean;
}

export async function compareServed(set: HostRecords, context: PostureContext): Promise<readonly PostureFinding[]> {
  const { name, records, host } = set;
  if (context.served == null)
    return [say(set, 'dane-valid', `${texts(records)}; not compared with the server; ${dnssecText(set)}`)];
  const hosts = context.served.filter((one) => one.name === host);
  const fresh = await zoneTlsa(name, context);
  const findings = hosts.map((one) => compareHost(set, one, fresh, context));
  if (hosts.length === 0) findings.push(say(set, 'dane-not-compared', `no session with ${host} is known`));
  return worstOfEach(findings);
}

/** A host behind several servers is right only if all are. */
function worstOfEach(findings: readonly PostureFinding[]): readonly PostureFinding[] {
  const known = new Map(findings.map((found) => [found.code, found]));
  const distinct = [...known.values()];
  const judged = distinct.filter(({ code }) => code !== 'dane-valid' && code !== 'dane-not-compared');
  if (judged.length > 0) return judged;
  return distinct.some(({ code }) => code === 'dane-valid') ? distinct.filter(isValid) : distinct;
}

function isValid({ code }: PostureFinding): boolean {
  return code === 'dane-valid';
}

function say(set: HostRecords, code: PostureCode, detail: string, more: Partial<PostureEvidence> = {}) {
  const command = digCommand('TLSA', set.name);
  return postureFinding(code, 'dane', { subject: set.name, detail, command, ...more });
}

function texts(records: readonly TlsaData[]): string {
  return records.map((record) => judgeTlsa(record).text).join(', ');
}

function compareHost(
  set: HostRecords,
  served: ServedHost,
  fresh: readonly TlsaData[] | null,
  context: PostureContext,
): PostureFinding {
  const where = placeOf(served);
  if (served.unable !== null) return say(set, 'dane-not-compared', `${where}: ${served.unable}`);
  if (served.starttls === 'not offered')
    return ifSigned(set, 'dane-no-starttls', `${where} does not offer STARTTLS`, {
      command: startTlsCommand(set.host),
    });
  const { chain } = served;
  if (chain === null || chain.certificates.length === 0)
    return say(set, 'dane-not-compared', `${where}: no certificate was seen`);
  return compareChain(set, chain, where, fresh, context);
}

function placeOf({ name, address }: ServedHost): string {
  return address === null ? name : `${name} [${address}]`;
}

function startTlsCommand(host: string): string {
  return shellCommand`openssl s_client -starttls smtp -connect ${host}:25 -showcerts`;
}

function compareChain(
  set: HostRecords,
  chain: ServedChain,
  where: string,
  fresh: readonly TlsaData[] | null,
  { domain, now = Date.now() }: PostureContext,
): PostureFinding {
  const reference = { names: [set.base, set.host, domain], now };
  const verdict = authenticate(set.records, chain, reference);
  const evidence = verdict.records.map(evidenceLine);
  switch (verdict.kind) {
    case 'authenticated': {
      const risk = renewalRisk({ cached: set.records, fresh }, chain, reference);
      return risk === null ? valid(set, where) : riskFinding(set, chain, where, risk);
    }
    case 'refused':
      return refused(set, chain, where, verdict, evidence);
    case 'unknown':
      return say(set, 'dane-not-compared', `${where}: ${evidence.join('; ')}`, { evidence });
    case 'unauthenticated':
      return say(set, 'dane-valid', `${where}: no record can be used`);
    default:
      return verdict.kind satisfies never;
  }
}

function valid(set: HostRecords, where: string): PostureFinding {
  return say(set, 'dane-valid', `${texts(set.records)}; they fit ${where}; ${dnssecText(set)}`);
}

/** Without the AD bit the zone may be unsigned, or the resolver does not validate; the answer does not show which. */
function dnssecText(set: HostRecords): string {
  return set.isSigned ? 'DNSSEC: the resolver validated them' : 'DNSSEC: not known, the resolver does not say';
}

/** Senders ignore records that are not signed, so that a mistake there is no failure. */
function ifSigned(set: HostRecords, code: PostureCode, detail: string, more: Partial<PostureEvidence>): PostureFinding {
  if (set.isSigned) return say(set, code, detail, more);
  return say(set, 'dane-not-judged', `${detail}; the resolver does not say that the records are signed`, more);
}

const CODE_OF_MATCH: Readonly<Partial<Record<RecordMatch['kind'], PostureCode>>> = {
  expired: 'dane-expired',
  'wrong-name': 'dane-wrong-name',
};

function refused(
  set: HostRecords,
  chain: ServedChain,
  where: string,
  { records }: DaneVerdict,
  evidence: readonly string[],
): PostureFinding {
  const code = records.map(({ match }) => CODE_OF_MATCH[match.kind]).find((one) => one !== undefined);
  const key = chain.certificates[0]?.key.sha256 ?? '';
  const more = { evidence, publish: publishFor(set, key), command: startTlsCommand(set.host) };
  return ifSigned(set, code ?? 'dane-mismatch', `${where} serves the key ${key.slice(0, 16)}…, which no record has`, {
    ...more,
    ...(code === undefined ? {} : { detail: `${where}: ${evidence.join('; ')}` }),
  });
}

/** A digest that is not whole is no record. */
function publishFor({ name }: HostRecords, key: string): readonly string[] {
  return key.length === 64 ? [recommendedRecord(name, key)] : [];
}

const MATCH_TEXTS: Readonly<Record<RecordMatch['kind'], string>> = {
  matches: 'it fits',
  'other-key': 'no such key is served: one that is not served yet, or one that is no longer served',
  unusable: 'senders do not use it',
  'weaker-digest': 'senders use the record with SHA-512 instead (RFC 7671 9)',
  'anchor-not-served':
    'the authority is not served, which RFC 7672 3.1.2 requires; whether it issued the chain is not known',
  'not-an-issuer': 'the authority is served, but did not issue the certificate',
  'wrong-name': 'the authority fits, but the certificate has neither the name of the host nor that of the domain',
  expired: 'the authority fits, but the chain has expired',
  'unknown-name': 'the authority fits, but not all names of the certificate are known',
};

function evidenceLine({ record, match }: JudgedRecord): string {
  const until = match.kind === 'expired' ? ` on ${match.validTo.slice(0, 10)}` : '';
  return `${judgeTlsa(record).text}: ${MATCH_TEXTS[match.kind]}${until}`;
}

function riskFinding(set: HostRecords, chain: ServedChain, where: string, risk: RenewalRisk): PostureFinding {
  const [leaf] = chain.certificates;
  const key = leaf?.key.sha256 ?? '';
  switch (risk.kind) {
    case 'record-going': {
      const detail = `${where}: ${texts(risk.records)} is in caches, and no longer in the zone`;
      return ifSigned(set, 'dane-record-going', detail, { publish: publishFor(set, key) });
    }
    case 'no-successor': {
      const ends = risk.days < 0 ? `expired ${-risk.days} days ago` : `expires in ${risk.days} days`;
      const detail = `${where}: the certificate ${ends}, and ${texts([risk.record])} is the only key that is published`;
      return say(set, 'dane-no-successor', detail, { command: NEXT_KEY });
    }
    default:
      return risk satisfies never;
  }
}

/** Prints the data of the record for the next key. */
const NEXT_KEY = 'openssl pkey -in next.key -pubout -outform DER | openssl dgst -sha256';
