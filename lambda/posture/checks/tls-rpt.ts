/** TLS reporting: RFC 8460. */

import { type RecordLookup, valuesOf } from '../../dns/records/records.ts';
import { tlsaName } from '../../standards/dane/tlsa.ts';
import { isStsRecord } from '../../standards/mta-sts/record.ts';
import { isMisspeltTlsReportRecord, isTlsReportRecord, parseTlsReportRecord } from '../../standards/tls-rpt/record.ts';
import { txtRecord } from '../../standards/zone-file.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { type MailHost, mailHosts } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

export async function checkTlsReports({ domain, lookup }: PostureContext): Promise<readonly PostureFinding[]> {
  const found = await mailHosts(domain, lookup);
  if (found.kind === 'failed') return [noAnswer('tls-rpt', domain, found.failure)];
  if (found.kind !== 'hosts') return [];
  const name = `_smtp._tls.${domain}`;
  const answer = await lookup('TXT', name);
  if (answer.kind === 'failed') return [noAnswer('tls-rpt', name, answer.failure)];
  const template = [txtRecord(name, `v=TLSRPTv1; rua=mailto:tls-reports@${domain}`)];
  const say = (code: PostureCode, detail: string, publish: readonly string[] = []) =>
    postureFinding(code, 'tls-rpt', { subject: name, detail, publish, command: digCommand('TXT', name) });
  const records = valuesOf(answer).filter(isTlsReportRecord);
  const [text] = records;
  if (records.length > 1) return [say('tlsrpt-several', records.join(' | '))];
  if (text !== undefined) return [checkRecord(text, say)];
  const misspelt = valuesOf(answer).find(isMisspeltTlsReportRecord);
  if (misspelt !== undefined) return [say('tlsrpt-misspelt', misspelt, template)];
  const code = (await usesSecureTransport(domain, found.hosts, lookup)) ? 'tlsrpt-missing' : 'tlsrpt-absent';
  return [say(code, `${name} has no record`, template)];
}

function checkRecord(text: string, say: (code: PostureCode, detail: string) => PostureFinding): PostureFinding {
  const [problem] = parseTlsReportRecord(text).problems;
  return problem === undefined
    ? say('tlsrpt-valid', text)
    : say('tlsrpt-syntax', `column ${problem.column}: ${problem.reason}`);
}

/** MTA-STS or DANE. */
async function usesSecureTransport(domain: string, hosts: readonly MailHost[], lookup: RecordLookup) {
  const sts = valuesOf(await lookup('TXT', `_mta-sts.${domain}`)).some(isStsRecord);
  const tlsa = await Promise.all(hosts.map(({ name }) => lookup('TLSA', tlsaName(name))));
  return sts || tlsa.some(({ kind }) => kind === 'found');
}
