/** DKIM keys by their selectors: RFC 6376, RFC 8301, RFC 8463. */

import type { DnsAnswer } from '../../../dns/records/records.ts';
import { type DkimKeyRecord, parseDkimKeyRecord } from '../../../standards/dkim/key-record.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import { mailHosts } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import { askSelectors, COMMON_SELECTORS, domainKeyName, isSigning, keyRecords, type Selector } from './selectors.ts';

export async function checkDkim(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup, selectors } = context;
  const asked = await askSelectors(domain, selectors, lookup);
  const used = selectors.length > 0 ? asked : asked.filter(isSigning);
  if (used.length === 0) return noSelector(asked, context);
  return [...used.flatMap(checkSelector), ...sharedKeys(used)];
}

/** A name that does not exist has no names below it (RFC 8020). A domain that accepts no mail seldom sends any. */
async function noSelector(asked: readonly Selector[], { domain, lookup }: PostureContext) {
  if ((await mailHosts(domain, lookup)).kind === 'null-mx') return [];
  const subject = domainKeyName(domain);
  const failed = asked.find(({ answer }) => answer.kind === 'failed');
  if (failed?.answer.kind === 'failed') return [noAnswer('dkim', subject, failed.answer.failure)];
  const above = await lookup('TXT', subject);
  if (above.kind === 'failed') return [noAnswer('dkim', subject, above.failure)];
  if (above.kind === 'found' || above.exists) {
    const detail = `none of ${COMMON_SELECTORS.length} common selectors has a key`;
    return [postureFinding('dkim-selector-unknown', 'dkim', { subject, detail })];
  }
  const detail = `${subject} does not exist (NXDOMAIN)`;
  return [postureFinding('dkim-none', 'dkim', { subject, detail, publish: keyTemplate(`selector1.${subject}`) })];
}

function keyTemplate(name: string): readonly string[] {
  return [txtRecord(name, 'v=DKIM1; k=rsa; p=<public key in base64>')];
}

function checkSelector({ name, answer }: Selector): readonly PostureFinding[] {
  if (answer.kind === 'failed') return [noAnswer('dkim', name, answer.failure)];
  const texts = keyRecords(answer);
  const [text] = texts;
  const say = (code: PostureCode, detail: string, publish: readonly string[] = []) =>
    postureFinding(code, 'dkim', { subject: name, detail, publish, command: digCommand('TXT', name) });
  if (text === undefined) return [say('dkim-missing', missingDetail(name, answer), keyTemplate(name))];
  if (texts.length > 1) return [say('dkim-several', `${texts.length} key records`)];
  const record = parseDkimKeyRecord(text);
  const [problem] = record.problems;
  if (problem !== undefined) return [say('dkim-syntax', `column ${problem.column}: ${problem.reason}`)];
  const findings = [...keyFindings(record, say), ...flagFindings(record, name, text, say)];
  return findings.length > 0 ? findings : [say('dkim-valid', keyText(record))];
}

type Say = (code: PostureCode, detail: string, publish?: readonly string[]) => PostureFinding;

function missingDetail(name: string, answer: DnsAnswer<string>): string {
  if (answer.kind === 'found') return `the TXT records of ${name} are not key records`;
  return answer.kind === 'none' && !answer.exists ? `${name} does not exist` : `${name} has no TXT record`;
}

function keyFindings({ key }: DkimKeyRecord, say: Say): readonly PostureFinding[] {
  switch (key.kind) {
    case 'revoked':
      return [say('dkim-revoked', 'p= is empty')];
    case 'unknown-type':
      return [say('dkim-key-type', `k=${key.type}`)];
    case 'invalid':
      return [say('dkim-syntax', key.reason)];
    case 'rsa':
      return rsaCode(key.bits).map((code) => say(code, `RSA, ${key.bits} bits`));
    case 'ed25519':
      return [];
    default:
      return key satisfies never;
  }
}

/** RFC 8301 3.2. */
function rsaCode(bits: number): readonly PostureCode[] {
  if (bits < 1024) return ['dkim-weak-key'];
  if (bits < 2048) return ['dkim-short-key'];
  return bits > 4096 ? ['dkim-long-key'] : [];
}

function flagFindings(record: DkimKeyRecord, name: string, text: string, say: Say): readonly PostureFinding[] {
  const { hashes, forMail, testing } = record;
  const without = (tag: string) => [txtRecord(name, text.replace(new RegExp(`(^|;)\\s*${tag}\\s*=[^;]*;?`), '$1'))];
  return [
    ...(hashes !== null && !hashes.includes('sha256')
      ? [say('dkim-sha1-only', `h=${hashes.join(':')}`, without('h'))]
      : []),
    ...(forMail ? [] : [say('dkim-not-for-mail', 's= has neither * nor email', without('s'))]),
    ...(testing ? [say('dkim-testing', 't=y', without('t'))] : []),
  ];
}

function keyText({ key }: DkimKeyRecord): string {
  return key.kind === 'rsa' ? `RSA, ${key.bits} bits` : 'Ed25519';
}

function sharedKeys(selectors: readonly Selector[]): readonly PostureFinding[] {
  const names = new Map<string, string[]>();
  for (const { name, answer } of selectors) {
    const [text] = keyRecords(answer);
    const key = text === undefined ? '' : parseDkimKeyRecord(text).publicKey;
    if (key !== '') names.set(key, [...(names.get(key) ?? []), name]);
  }
  return [...names.values()]
    .filter(({ length }) => length > 1)
    .map((same) => postureFinding('dkim-shared-key', 'dkim', { subject: same[0] ?? '', detail: same.join(', ') }));
}
