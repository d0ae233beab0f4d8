/** TLS reporting: RFC 8460. */

import { isIP } from 'node:net';
import { type RecordLookup, valuesOf } from '../../dns/records/records.ts';
import { tlsaName } from '../../standards/dane/tlsa.ts';
import { isStsRecord } from '../../standards/mta-sts/record.ts';
import { isMisspeltTlsReportRecord, isTlsReportRecord, parseTlsReportRecord } from '../../standards/tls-rpt/record.ts';
import { txtRecord } from '../../standards/zone-file.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { hostAddresses, type MailHost, mailHosts } from '../mail-hosts.ts';
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
  if (text !== undefined) return checkRecord(text, say, lookup);
  const misspelt = valuesOf(answer).find(isMisspeltTlsReportRecord);
  if (misspelt !== undefined) return [say('tlsrpt-misspelt', misspelt, template)];
  const code = (await usesSecureTransport(domain, found.hosts, lookup)) ? 'tlsrpt-missing' : 'tlsrpt-absent';
  return [say(code, `${name} has no record`, template)];
}

async function checkRecord(
  text: string,
  say: (code: PostureCode, detail: string) => PostureFinding,
  lookup: RecordLookup,
): Promise<readonly PostureFinding[]> {
  const { destinations, problems } = parseTlsReportRecord(text);
  const [problem] = problems;
  if (problem !== undefined) return [say('tlsrpt-syntax', `column ${problem.column}: ${problem.reason}`)];
  const missing = await Promise.all(destinations.slice(0, MOST_DESTINATIONS).map((uri) => missingHost(uri, lookup)));
  const found = missing.flatMap((reason) => (reason === null ? [] : [say('tlsrpt-destination', reason)]));
  return found.length > 0 ? found.slice(0, 1) : [say('tlsrpt-valid', text)];
}

/** Destinations of a record that are looked up. */
const MOST_DESTINATIONS = 4;

/** Why no report can arrive; null if one can, or if that is not known. */
async function missingHost(uri: string, lookup: RecordLookup): Promise<string | null> {
  const [, mail, web] = /^(?:mailto:[^@]+@([^?]+)|https:\/\/([^/:?#]+))/i.exec(uri) ?? [];
  if (mail !== undefined) {
    const { kind } = await mailHosts(mail.toLowerCase(), lookup);
    return kind === 'no-domain' || kind === 'null-mx' ? `${uri}: ${mail} does not receive mail` : null;
  }
  if (web === undefined || isIP(web) !== 0) return null;
  const { addresses, failure } = await hostAddresses(web.toLowerCase(), lookup);
  return addresses.length === 0 && failure === null ? `${uri}: ${web} has no address` : null;
}

/** MTA-STS or DANE. */
async function usesSecureTransport(domain: string, hosts: readonly MailHost[], lookup: RecordLookup) {
  const sts = valuesOf(await lookup('TXT', `_mta-sts.${domain}`)).some(isStsRecord);
  const tlsa = await Promise.all(hosts.map(({ name }) => lookup('TLSA', tlsaName(name))));
  return sts || tlsa.some(({ kind }) => kind === 'found');
}
