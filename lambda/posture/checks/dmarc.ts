/** DMARC: RFC 9989, RFC 9990. */

import { valuesOf } from '../../dns/records/records.ts';
import { type DmarcDiscovery, discoverDmarc, type PublishedRecord } from '../../standards/dmarc/discovery.ts';
import { isDmarcRecord, isMisspeltDmarcRecord, isWeaker } from '../../standards/dmarc/record.ts';
import { authorizeReports, type ReportAuthorization } from '../../standards/dmarc/report-authorization.ts';
import { txtRecord } from '../../standards/zone-file.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import type { PostureContext } from '../posture-context.ts';

/** Destinations of reports that are looked up. */
const MOST_DESTINATIONS = 10;

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
      return [...checkRecord(found.published, domain), ...(await checkReports(found, context))];
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
    ...record.problems.map(({ column, reason }) => say('dmarc-syntax', `column ${column}: ${reason}`)),
    ...policyFindings(published, domain, say),
    ...(record.removedTags.length > 0
      ? [say('dmarc-removed-tag', record.removedTags.join(', '), without(text, record.removedTags))]
      : []),
    ...(record.unknownTags.length > 0 ? [say('dmarc-unknown-tag', record.unknownTags.join(', '))] : []),
  ];
  return findings.length > 0 ? findings : [say('dmarc-enforced', `${inherited(published, domain)}${text}`)];
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
    ...(record.testing ? [say('dmarc-testing', `p=${policy}; t=y`, without(text, ['t']))] : []),
    ...(weaker.length > 0
      ? [say('dmarc-subdomains-weaker', `p=${policy}, but ${weaker.join(' and ')}`, without(text, ['sp', 'np']))]
      : []),
  ];
}

/** The tags of a record as they are written. */
function tagTexts(text: string): readonly string[] {
  return text
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function nameOf(tag: string): string {
  return (tag.split('=')[0] ?? '').trim();
}

function without(text: string, names: readonly string[]): string {
  return tagTexts(text)
    .filter((tag) => !names.includes(nameOf(tag)))
    .join('; ');
}

/** The tag stays where it is; a new one comes after the version. */
function withTag(text: string, name: string, value: string): string {
  const tags = tagTexts(text);
  const at = tags.findIndex((tag) => nameOf(tag) === name);
  const changed = at === -1 ? tags.toSpliced(1, 0, `${name}=${value}`) : tags.toSpliced(at, 1, `${name}=${value}`);
  return changed.join('; ');
}

type Found = Extract<DmarcDiscovery, { kind: 'found' }>;

async function checkReports({ published, organizational }: Found, { lookup }: PostureContext) {
  const { domain, record, text } = published;
  const uris = [...new Set([...record.aggregateReports, ...record.failureReports])].slice(0, MOST_DESTINATIONS);
  const asked = await Promise.all(uris.map((uri) => authorizeReports(uri, domain, organizational, lookup)));
  const none =
    record.aggregateReports.length > 0
      ? []
      : [
          postureFinding('dmarc-no-reports', 'dmarc', {
            subject: domain,
            detail: 'there is no rua=',
            publish: [
              txtRecord(`_dmarc.${domain}`, `${tagTexts(text).join('; ')}; rua=mailto:dmarc-reports@${domain}`),
            ],
          }),
        ];
  return [...none, ...asked.flatMap(reportFindings)];
}

function reportFindings(authorization: ReportAuthorization | null): readonly PostureFinding[] {
  if (authorization === null) return [];
  const { uri, state, name, detail } = authorization;
  if (state === 'unknown') return [noAnswer('dmarc', name, { kind: 'failed', detail })];
  if (state !== 'refused') return [];
  const publish = [txtRecord(name, 'v=DMARC1')];
  const command = digCommand('TXT', name);
  return [postureFinding('dmarc-reports-refused', 'dmarc', { subject: uri, detail, publish, command })];
}
