/** BIMI: draft-brand-indicators-for-message-identification. */

import { valuesOf } from '../../../dns/records/records.ts';
import {
  type BimiRecord,
  isBimiRecord,
  isMisspeltBimiRecord,
  parseBimiRecord,
} from '../../../standards/bimi/record.ts';
import { type DmarcDiscovery, discoverDmarc } from '../../../standards/dmarc/discovery.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { digCommand, noAnswer, type PostureEvidence, type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { checkBimiFiles } from './bimi-files.ts';

/** A domain without a BIMI record has no finding: it is optional. */
export async function checkBimi(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const discovery = await discoverDmarc(domain, lookup);
  const organizational = discovery.kind === 'failed' ? domain : discovery.organizational;
  // 7.2: the record of the domain, or of its organizational domain.
  for (const owner of new Set([domain, organizational])) {
    const name = `default._bimi.${owner}`;
    const answer = await lookup('TXT', name);
    if (answer.kind === 'failed') return [noAnswer('bimi', name, answer.failure)];
    const texts = valuesOf(answer);
    const records = texts.filter(isBimiRecord);
    if (records.length > 1) return [several(name, records)];
    if (records[0] !== undefined) return checkRecord(name, records[0], discovery, context);
    const misspelt = texts.find(isMisspeltBimiRecord);
    if (misspelt !== undefined) return [misspeltFinding(name, misspelt)];
  }
  return [];
}

function several(name: string, records: readonly string[]): PostureFinding {
  return say(name, 'bimi-several', `${records.length} records`, { evidence: records });
}

/** With the command that shows the record. */
function say(name: string, code: PostureCode, detail: string, more: Partial<PostureEvidence> = {}): PostureFinding {
  return postureFinding(code, 'bimi', { subject: name, detail, command: digCommand('TXT', name), ...more });
}

function misspeltFinding(name: string, text: string): PostureFinding {
  const rest = text.replace(/^[\s"'“”]*(?:v\s*[=:]\s*)?bimi ?1?[\s;,:.]*/i, '').replace(/["'“”]+$/, '');
  const publish = [txtRecord(name, `v=BIMI1; ${rest}`.trim())];
  return say(name, 'bimi-misspelt', text, { publish });
}

async function checkRecord(name: string, text: string, discovery: DmarcDiscovery, context: PostureContext) {
  const record = parseBimiRecord(text);
  const [problem] = record.problems;
  if (problem !== undefined)
    return [say(name, 'bimi-syntax', `column ${problem.column}: ${problem.reason}`, { evidence: [text] })];
  if (record.declined) return [say(name, 'bimi-declined', text)];
  const findings = [
    ...policyFindings(name, discovery, context.domain),
    ...certificateMissing(name, record),
    ...(await checkBimiFiles(record, context)),
  ];
  return findings.length > 0 ? findings : [say(name, 'bimi-valid', text)];
}

function certificateMissing(name: string, { certificate }: BimiRecord): readonly PostureFinding[] {
  return certificate === null ? [say(name, 'bimi-no-certificate', 'a= is empty, or not there')] : [];
}

/** 7.1. A DMARC record that could not be looked up says nothing. */
function policyFindings(name: string, discovery: DmarcDiscovery, domain: string): readonly PostureFinding[] {
  if (discovery.kind === 'failed') return [noAnswer('bimi', `_dmarc.${domain}`, discovery.failure)];
  const policyFinding = (detail: string) => [say(name, 'bimi-policy', detail)];
  if (discovery.kind !== 'found') return policyFinding(`${domain} has no DMARC policy`);
  const { published } = discovery;
  const own = published.domain === domain;
  const policy = own ? published.record.policy : published.record.subdomains;
  if (policy === 'none') return policyFinding(`the DMARC policy of ${domain} is none`);
  // Receivers refuse a weaker policy of the subdomains, too.
  return own && published.record.subdomains === 'none'
    ? policyFinding(`the DMARC policy of subdomains of ${domain} is none`)
    : [];
}
