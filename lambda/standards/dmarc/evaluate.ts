/** Evaluates DMARC for a message: RFC 9989 4.4, 4.5, 4.10, 5.3. Never throws. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { RecordLookup } from '../../dns/records/records.ts';
import { comparableName } from '../domain-name.ts';
import { type DmarcDiscovery, discoverDmarc, type PublishedRecord } from './discovery.ts';
import type { DmarcAlignment, DmarcPolicy } from './record.ts';

/** What DKIM and SPF found out about a message. `temperror`: a query was not answered. */
export interface AuthenticatedDomain {
  readonly domain: string;
  readonly result: 'pass' | 'fail' | 'temperror';
}

export interface DmarcQuestion {
  /** The domain of the address in From. */
  readonly from: string;
  /** Domains (`d=`) of the signatures. */
  readonly dkim: readonly AuthenticatedDomain[];
  /** The domain of MAIL FROM. */
  readonly spf: AuthenticatedDomain | null;
}

export interface DmarcEvaluation {
  /** `none`: there is no record, or it does not apply. */
  readonly result: 'none' | 'pass' | 'fail' | 'temperror';
  /** What receivers are asked to do with a message that fails, one step weaker in a test (`t=y`). */
  readonly policy: DmarcPolicy;
  readonly published: PublishedRecord | null;
  /** Domains that pass and are aligned. */
  readonly aligned: { readonly dkim: readonly string[]; readonly spf: string | null };
  readonly failure: DnsFailure | null;
}

const NOTHING: DmarcEvaluation = {
  result: 'none',
  policy: 'none',
  published: null,
  aligned: { dkim: [], spf: null },
  failure: null,
};

export async function evaluateDmarc(question: DmarcQuestion, lookup: RecordLookup): Promise<DmarcEvaluation> {
  const discovery = await discoverDmarc(question.from, lookup);
  if (discovery.kind === 'failed') return { ...NOTHING, result: 'temperror', failure: discovery.failure };
  const published = publishedOf(discovery);
  if (published === null || !published.record.applies) return { ...NOTHING, published };
  const policy = await appliedPolicy(published, question.from, lookup);
  const from = { domain: comparableName(question.from), organizational: discovery.organizational };
  const { dkimAlignment, spfAlignment } = published.record;
  const dkim = await Promise.all(question.dkim.map((one) => alignDomain(one, dkimAlignment, from, lookup)));
  const spf = question.spf === null ? null : await alignDomain(question.spf, spfAlignment, from, lookup);
  const signers = question.dkim.map(({ domain }) => domain).filter((_, nth) => dkim[nth] === 'aligned');
  const aligned = { dkim: signers, spf: spf === 'aligned' ? (question.spf?.domain ?? null) : null };
  const result = resultOf([...dkim, ...(spf === null ? [] : [spf])]);
  return { result, policy, published, aligned, failure: null };
}

function resultOf(alignments: readonly Alignment[]): DmarcEvaluation['result'] {
  if (alignments.includes('aligned')) return 'pass';
  return alignments.includes('unknown') ? 'temperror' : 'fail';
}

export function publishedOf(discovery: DmarcDiscovery): PublishedRecord | null {
  if (discovery.kind === 'found') return discovery.published;
  return discovery.kind === 'several' ? discovery.inherited : null;
}

/** 4.10.1: `p` of the domain itself; of a parent `sp`, and `np` if the domain does not exist. */
async function appliedPolicy({ domain, record }: PublishedRecord, from: string, lookup: RecordLookup) {
  if (domain === comparableName(from)) return tested(record.policy, record.testing);
  const exists = record.subdomains === record.missingSubdomains || (await domainExists(from, lookup));
  return tested(exists ? record.subdomains : record.missingSubdomains, record.testing);
}

/** The policy that receivers apply in a test: one step weaker (4.7). */
function tested(policy: DmarcPolicy, testing: boolean): DmarcPolicy {
  if (!testing) return policy;
  return policy === 'reject' ? 'quarantine' : 'none';
}

/** A domain without A, AAAA and MX does not exist (3.2). A query that is not answered says nothing. */
export async function domainExists(domain: string, lookup: RecordLookup): Promise<boolean> {
  const answers = await Promise.all([lookup('A', domain), lookup('AAAA', domain), lookup('MX', domain)]);
  return answers.some(({ kind }) => kind !== 'none');
}

/** `unknown`: it may be aligned, if a query had been answered. */
type Alignment = 'aligned' | 'other' | 'unknown';
type From = { readonly domain: string; readonly organizational: string };

async function alignDomain(
  { domain, result }: AuthenticatedDomain,
  mode: DmarcAlignment,
  from: From,
  lookup: RecordLookup,
): Promise<Alignment> {
  if (result === 'fail') return 'other';
  const alignment = await compareDomains(domain, mode, from, lookup);
  return alignment === 'aligned' && result === 'temperror' ? 'unknown' : alignment;
}

async function compareDomains(text: string, mode: DmarcAlignment, from: From, lookup: RecordLookup) {
  const domain = comparableName(text);
  if (domain === from.domain) return 'aligned';
  // Domains without a common parent have no common organizational domain, so that no query is needed.
  if (mode === 's' || !isBelow(domain, from.organizational)) return 'other';
  const discovery = await discoverDmarc(domain, lookup);
  if (discovery.kind === 'failed') return 'unknown';
  return discovery.organizational === from.organizational ? 'aligned' : 'other';
}

function isBelow(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
