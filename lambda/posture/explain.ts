/** What is behind the findings of SPF and DMARC: the tree of lookups, and the walk. */

import type { DnsFailure } from '../dns/dns-failure.ts';
import { valuesOf } from '../dns/records/records.ts';
import { type DmarcDiscovery, discoverDmarc } from '../standards/dmarc/discovery.ts';
import { evaluateSpf, type SpfEvaluation } from '../standards/spf/evaluate.ts';
import { type LookupTerm, lookupTree } from '../standards/spf/lookup-tree.ts';
import { isSpfRecord, parseSpfRecord, type SpfRecord } from '../standards/spf/record.ts';
import { checkDmarc } from './checks/dmarc/dmarc.ts';
import { checkSpf } from './checks/spf/spf.ts';
import type { PostureFinding } from './finding.ts';
import type { PostureContext } from './posture-context.ts';

export interface SpfExplanation {
  readonly kind: 'spf';
  readonly domain: string;
  /** Null if the domain has no SPF record, or several. */
  readonly record: { readonly text: string; readonly parsed: SpfRecord } | null;
  readonly tree: readonly LookupTerm[];
  /** Of the addresses that send. */
  readonly evaluations: readonly { readonly address: string; readonly evaluation: SpfEvaluation }[];
  readonly findings: readonly PostureFinding[];
  readonly failure: DnsFailure | null;
}

export interface DmarcExplanation {
  readonly kind: 'dmarc';
  readonly domain: string;
  readonly discovery: DmarcDiscovery;
  readonly findings: readonly PostureFinding[];
}

export async function explainSpf(context: PostureContext): Promise<SpfExplanation> {
  const { domain, lookup, senders } = context;
  const answer = await lookup('TXT', domain);
  const [text, ...others] = valuesOf(answer).filter(isSpfRecord);
  const record = text === undefined || others.length > 0 ? null : { text, parsed: parseSpfRecord(text) };
  const question = { domain, sender: `postmaster@${domain}`, helo: domain };
  return {
    kind: 'spf',
    domain,
    record,
    tree: record === null ? [] : await lookupTree(record.parsed, domain, lookup),
    evaluations: await Promise.all(
      senders.map(async (address) => ({
        address,
        evaluation: await evaluateSpf({ ...question, ip: address }, lookup),
      })),
    ),
    findings: await checkSpf(context),
    failure: answer.kind === 'failed' ? answer.failure : null,
  };
}

export async function explainDmarc(context: PostureContext): Promise<DmarcExplanation> {
  const { domain, lookup } = context;
  return {
    kind: 'dmarc',
    domain,
    discovery: await discoverDmarc(domain, lookup),
    findings: await checkDmarc(context),
  };
}
