/** DMARC: RFC 9989. */

import { valuesOf } from '../../../dns/records/records.ts';
import { type DmarcDiscovery, discoverDmarc, type PublishedRecord } from '../../../standards/dmarc/discovery.ts';
import {
  type DmarcRecord,
  isDmarcRecord,
  isMisspeltDmarcRecord,
  isWeaker,
  unknownTagTexts,
} from '../../../standards/dmarc/record.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { checkAlignment } from './dmarc-alignment.ts';
import { checkDmarcReports } from './dmarc-reports.ts';
import { withoutTags, withTag } from './dmarc-tags.ts';

export async function checkDmarc(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const found = await discoverDmarc(domain, lookup);
  switch (found.kind) {
    case 'failed':
      return [noAnswer('dmarc', domain, found.failure)];
    case 'several':
      return [several(found)];
    case 'none':
      return [await missing(context)];
    case 'found':
      return [
        ...checkRecord(found.published, domain),
        ...(await checkAlignment(found, context)),
        ...(await checkDmarcReports(found.published, found.organizational, context)),
      ];
    default:
      return found satisfies never;
  }
}

function several({ domain, texts }: Extract<DmarcDiscovery, { kind: 'several' }>): PostureFinding {
  return postureFinding('dmarc-several', 'dmarc', {
    subject: domain,
    detail: `${texts.length} records`,
    evidence: texts,
    command: digCommand('TXT', `_dmarc.${domain}`),
  });
}

async function missing({ domain, lookup }: PostureContext): Promise<PostureFinding> {
  const name = `_dmarc.${domain}`;
  const [own, apex] = await Promise.all([lookup('TXT', name), lookup('TXT', domain)]);
  const say = (code: PostureCode, detail: string, text: string) =>
    postureFinding(code, 'dmarc', {
      subject: domain,
      detail,
      publish: [txtRecord(name, text)],
      command: digCommand('TXT', name),
    });
  const misspelt = valuesOf(own).find(isMisspeltDmarcRecord);
  if (misspelt !== undefined) return say('dmarc-misspelt', misspelt, respelt(misspelt));
  const misplaced = valuesOf(apex).find(isDmarcRecord);
  if (misplaced !== undefined) return say('dmarc-misplaced', `${domain} has "${misplaced}"`, misplaced);
  return say('dmarc-missing', `${name} has no DMARC record`, `v=DMARC1; p=none; rua=mailto:dmarc-reports@${domain}`);
}

function respelt(text: string): string {
  const rest = text.replace(/^[\s"'“”]*(?:v\s*[=:]\s*)?dmarc ?1?[\s;,:.]*/i, '').replace(/["'“”]+$/, '');
  return `v=DMARC1; ${rest}`.trim();
}

type Say = (code: PostureCode, detail: string, publish?: string) => PostureFinding;

function checkRecord(published: PublishedRecord, domain: string): readonly PostureFinding[] {
  const { text, record } = published;
  const name = `_dmarc.${published.domain}`;
  const say: Say = (code, detail, publish) =>
    postureFinding(code, 'dmarc', {
      subject: published.domain,
      detail,
      publish: publish === undefined ? [] : [txtRecord(name, publish)],
      command: digCommand('TXT', name),
    });
  const findings = [
    ...(record.applies ? [] : [say('dmarc-not-applied', text)]),
    ...(record.problems.length === 0 ? [] : [{ ...say('dmarc-syntax', problemText(record)), evidence: [text] }]),
    ...policyFindings(published, domain, say),
    ...(record.removedTags.length > 0
      ? [say('dmarc-removed-tag', record.removedTags.join(', '), withoutTags(text, record.removedTags))]
      : []),
    ...(record.unknownTags.length > 0 ? [say('dmarc-unknown-tag', unknownTagTexts(record).join(', '))] : []),
  ];
  return findings.length > 0
    ? findings
    : [say('dmarc-enforced', `${inherited(published, domain)}${policyText(record)}: ${text}`)];
}

/** All mistakes in their order. */
function problemText({ problems }: DmarcRecord): string {
  return problems.map(({ column, reason }) => `column ${column}: ${reason}`).join('; ');
}

/** The policies in force, also those that a tag implies. */
function policyText({ policy, subdomains, missingSubdomains }: DmarcRecord): string {
  if (subdomains === policy && missingSubdomains === policy) return `${policy}, also of subdomains`;
  return `${policy}; of subdomains ${subdomains}, of those that do not exist ${missingSubdomains}`;
}

function inherited(published: PublishedRecord, domain: string): string {
  return published.domain === domain ? '' : `the record of ${published.domain}: `;
}

/** The policy that applies to the domain: `sp` if the record is that of a parent. */
function policyFindings(published: PublishedRecord, domain: string, say: Say): readonly PostureFinding[] {
  const { record, text } = published;
  const own = published.domain === domain;
  const policy = own ? record.policy : record.subdomains;
  if (policy === 'none') {
    return [
      say('dmarc-policy-none', `${inherited(published, domain)}${text}`, withTag(text, own ? 'p' : 'sp', 'quarantine')),
    ];
  }
  const weaker = own
    ? [
        ...(isWeaker(record.subdomains, policy) ? [`sp=${record.subdomains}`] : []),
        ...(isWeaker(record.missingSubdomains, policy) ? [`np=${record.missingSubdomains}`] : []),
      ]
    : [];
  return [
    ...(record.testing ? [say('dmarc-testing', `p=${policy}; t=y`, withoutTags(text, ['t']))] : []),
    ...(weaker.length > 0
      ? [say('dmarc-subdomains-weaker', `p=${policy}, but ${weaker.join(' and ')}`, withoutTags(text, ['sp', 'np']))]
      : []),
  ];
}
