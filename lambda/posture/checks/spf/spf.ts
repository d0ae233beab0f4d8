/** SPF: RFC 7208. */

import { valuesOf } from '../../../dns/records/records.ts';
import { truncate } from '../../../smtp/bounds/truncate.ts';
import { SPF_LIMITS } from '../../../standards/spf/evaluate.ts';
import { effectiveTerms, lookupsOf, lookupTree } from '../../../standards/spf/lookup-tree.ts';
import { isMisspeltSpfRecord, isSpfRecord, parseSpfRecord, type SpfRecord } from '../../../standards/spf/record.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import { mailHosts } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import { checkSpfLookups, treeLines } from './spf-lookups.ts';
import { checkSpfPolicy } from './spf-policy.ts';
import { checkSpfSenders } from './spf-senders.ts';
import { firstSpfRecord, mergedSpfRecord, respeltSpfRecord } from './spf-suggestions.ts';

export async function checkSpf(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const answer = await lookup('TXT', domain);
  if (answer.kind === 'failed') return [noAnswer('spf', domain, answer.failure)];
  const texts = valuesOf(answer);
  const records = texts.filter(isSpfRecord);
  const [text] = records;
  if (text === undefined) return [await missing(texts, context)];
  if (records.length > 1) return [several(domain, records)];
  const record = parseSpfRecord(text);
  return record.errors.length > 0 ? [syntax(domain, text, record)] : checkRecord(text, record, context);
}

async function missing(texts: readonly string[], { domain, lookup, senders }: PostureContext): Promise<PostureFinding> {
  const command = digCommand('TXT', domain);
  const misspelt = texts.find(isMisspeltSpfRecord);
  if (misspelt !== undefined) {
    const publish = respeltSpfRecord(domain, misspelt);
    return postureFinding('spf-misspelt', 'spf', { subject: domain, detail: misspelt, publish, command });
  }
  const publish = firstSpfRecord(domain, senders, await mailHosts(domain, lookup));
  return postureFinding('spf-missing', 'spf', {
    subject: domain,
    detail: `${domain} has no TXT record that begins with v=spf1`,
    publish,
    command,
  });
}

function several(domain: string, records: readonly string[]): PostureFinding {
  return postureFinding('spf-several', 'spf', {
    subject: domain,
    detail: `${records.length} records`,
    evidence: records,
    publish: mergedSpfRecord(domain, records),
    command: digCommand('TXT', domain),
  });
}

/** The mistake with a mark below its column. */
function syntax(domain: string, text: string, { errors }: SpfRecord): PostureFinding {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('a record without errors');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return postureFinding('spf-syntax', 'spf', {
    subject: domain,
    detail: `column ${first.column}: ${first.reason.includes(first.text) ? '' : `'${first.text}': `}${first.reason}${more}`,
    evidence: [text, ...errors.map(({ column, reason }) => `column ${column}: ${reason}`)],
    command: digCommand('TXT', domain),
  });
}

async function checkRecord(text: string, record: SpfRecord, context: PostureContext) {
  const { domain, lookup } = context;
  const tree = await lookupTree(record, domain, lookup);
  const findings = [
    ...checkSpfLookups(tree, domain),
    ...checkSpfPolicy(record, tree, domain),
    ...ignoredTerms(record, domain),
  ];
  const senders = await checkSpfSenders(record, context);
  const valid = postureFinding('spf-valid', 'spf', {
    subject: domain,
    detail: `${text}; ${lookupsOf(tree)} of ${SPF_LIMITS.lookups} lookups`,
    evidence: treeLines(tree),
    command: digCommand('TXT', domain),
  });
  const failing = [...findings, ...senders].map((finding) => withRecord(finding, text));
  return [...(findings.some(({ outcome }) => outcome === 'fail') ? [] : [valid]), ...failing];
}

/** With the record as it was found, unless the finding shows more of it. */
function withRecord(finding: PostureFinding, text: string): PostureFinding {
  const isTold = finding.outcome === 'fail' || finding.outcome === 'warn';
  return isTold && finding.evidence.length === 0 ? { ...finding, evidence: [truncate(text, LONGEST_RECORD)] } : finding;
}

/** Characters. */
const LONGEST_RECORD = 400;

function ignoredTerms(record: SpfRecord, domain: string): readonly PostureFinding[] {
  const effective = effectiveTerms(record);
  const ends = effective.some(({ kind }) => kind === 'all');
  const ignored = record.terms.filter(
    (term) => (!effective.includes(term) && term.kind !== 'exp') || (ends && term.kind === 'redirect'),
  );
  const [first] = ignored;
  if (first === undefined) return [];
  const texts = ignored.map(({ text }) => text).join(' ');
  return [postureFinding('spf-ignored-term', 'spf', { subject: domain, detail: `column ${first.column}: ${texts}` })];
}
