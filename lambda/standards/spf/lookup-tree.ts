/**
 * Which terms cause the DNS lookups of an SPF record, with the records that they include (RFC 7208 4.6.4). It reads every
 * term, also those that an evaluation would not reach. Never throws.
 */

import type { RecordLookup } from '../../dns/records/records.ts';
import { isModifier, SPF_LIMITS } from './evaluate.ts';
import { hasMacro } from './macro.ts';
import { isSpfRecord, parseSpfRecord, type SpfRecord, type Term } from './record.ts';

export type LookupProblem =
  | { readonly kind: 'missing' | 'several' | 'loop' | 'no-answer'; readonly detail: string }
  | { readonly kind: 'syntax'; readonly detail: string }
  /** A name without records of the type: a void lookup. */
  | { readonly kind: 'void'; readonly detail: string }
  | { readonly kind: 'many-names'; readonly detail: string }
  /** The name depends on the message, so that it was not looked up. */
  | { readonly kind: 'macro'; readonly detail: string }
  /** The tree is larger than what is read of it. */
  | { readonly kind: 'unread'; readonly detail: string };

export interface LookupTerm {
  readonly text: string;
  /** The domain whose record has the term. */
  readonly domain: string;
  /** Of the term and of all terms below it. */
  readonly lookups: number;
  readonly problem: LookupProblem | null;
  readonly below: readonly LookupTerm[];
  /** Terms of the included record, also those without lookups. */
  readonly record: SpfRecord | null;
}

/** Terms with lookups that are read of one tree. */
const MOST_TERMS = 60;

interface Walk {
  readonly lookup: RecordLookup;
  left: number;
}

/** The terms of a record that cause lookups, with what is below them. */
export async function lookupTree(
  record: SpfRecord,
  domain: string,
  lookup: RecordLookup,
): Promise<readonly LookupTerm[]> {
  return walkRecord(record, [domain], { lookup, left: MOST_TERMS });
}

export function lookupsOf(tree: readonly LookupTerm[]): number {
  return tree.reduce((sum, { lookups }) => sum + lookups, 0);
}

/** All terms, each before those below it. */
export function flattenTree(tree: readonly LookupTerm[]): readonly LookupTerm[] {
  return tree.flatMap((term) => [term, ...flattenTree(term.below)]);
}

/** Without the terms that an evaluation ignores: `redirect` beside `all` (6.1), and what follows `all` (5.1). */
export function effectiveTerms({ terms }: SpfRecord): readonly Term[] {
  const end = terms.findIndex(({ kind }) => kind === 'all');
  return end === -1 ? terms : terms.slice(0, end + 1);
}

/** `path`: the domains from the first record to this one. Records are read one after the other, so that the bound holds. */
async function walkRecord(record: SpfRecord, path: readonly string[], walk: Walk): Promise<readonly LookupTerm[]> {
  const tree: LookupTerm[] = [];
  for (const term of effectiveTerms(record)) {
    if (!causesLookup(term)) continue;
    tree.push(walk.left-- > 0 ? await walkTerm(term, path, walk) : leaf(term, path, unread));
  }
  return tree;
}

const unread: LookupProblem = { kind: 'unread', detail: `more than ${MOST_TERMS} terms` };

function causesLookup(term: Term): boolean {
  return term.kind === 'redirect' || !(isModifier(term) || ['all', 'ip4', 'ip6'].includes(term.kind));
}

function leaf({ text }: Term, path: readonly string[], problem: LookupProblem | null): LookupTerm {
  return { text, domain: path.at(-1) ?? '', lookups: 1, problem, below: [], record: null };
}

async function walkTerm(term: Term, path: readonly string[], walk: Walk): Promise<LookupTerm> {
  const name = ('domain' in term ? term.domain : null) ?? path.at(-1) ?? '';
  if (hasMacro(name)) return leaf(term, path, { kind: 'macro', detail: `${name} depends on the message` });
  if (term.kind === 'include' || term.kind === 'redirect') return walkInclude(term, name, path, walk);
  return leaf(term, path, await termProblem(term, name, walk.lookup));
}

async function walkInclude(term: Term, name: string, path: readonly string[], walk: Walk): Promise<LookupTerm> {
  const chain = [...path, name];
  if (path.some((one) => one.toLowerCase() === name.toLowerCase())) {
    return leaf(term, path, { kind: 'loop', detail: chain.join(' includes ') });
  }
  const found = await includedRecord(name, walk.lookup);
  if ('kind' in found) return leaf(term, path, found);
  const [error] = found.errors;
  const below = await walkRecord(found, chain, walk);
  return {
    ...leaf(term, path, null),
    lookups: 1 + lookupsOf(below),
    problem:
      error === undefined ? null : { kind: 'syntax', detail: `${name}, column ${error.column}: ${error.reason}` },
    below,
    record: found,
  };
}

async function includedRecord(name: string, lookup: RecordLookup): Promise<SpfRecord | LookupProblem> {
  const answer = await lookup('TXT', name);
  if (answer.kind === 'failed') return { kind: 'no-answer', detail: answer.failure.detail };
  const records = answer.kind === 'found' ? answer.values.filter(isSpfRecord) : [];
  if (records.length > 1) return { kind: 'several', detail: `${name} has ${records.length} SPF records` };
  if (records[0] !== undefined) return parseSpfRecord(records[0]);
  const exists = answer.kind === 'found' || answer.exists;
  return { kind: 'missing', detail: exists ? `${name} has no SPF record` : `${name} does not exist` };
}

/** What is wrong with the names of `a`, `mx` and `exists`. A name is void if it has addresses of neither family. */
async function termProblem({ kind, text }: Term, name: string, lookup: RecordLookup): Promise<LookupProblem | null> {
  if (kind === 'exists') return existsProblem(name, lookup);
  if (kind !== 'a' && kind !== 'mx') return null;
  if (kind === 'a') return addressProblem(name, lookup);
  const answer = await lookup('MX', name);
  if (answer.kind === 'failed') return { kind: 'no-answer', detail: answer.failure.detail };
  if (answer.kind === 'none') return { kind: 'void', detail: `${name} has no MX record` };
  const hosts = answer.values.map(({ host }) => host).filter((host) => host !== '' && host !== '.');
  if (hosts.length > SPF_LIMITS.names) return { kind: 'many-names', detail: `${text}: ${hosts.length} MX hosts` };
  const problems = await Promise.all(hosts.map((host) => addressProblem(host, lookup)));
  return problems.find((problem) => problem !== null) ?? null;
}

/** 5.7: only A is looked up. */
async function existsProblem(name: string, lookup: RecordLookup): Promise<LookupProblem | null> {
  const answer = await lookup('A', name);
  if (answer.kind === 'failed') return { kind: 'no-answer', detail: answer.failure.detail };
  return answer.kind === 'none' ? { kind: 'void', detail: `${name} has no address` } : null;
}

async function addressProblem(name: string, lookup: RecordLookup): Promise<LookupProblem | null> {
  const answers = await Promise.all([lookup('A', name), lookup('AAAA', name)]);
  const failure = answers.find((answer) => answer.kind === 'failed');
  if (answers.some(({ kind }) => kind === 'found')) return null;
  return failure === undefined
    ? { kind: 'void', detail: `${name} has no address` }
    : { kind: 'no-answer', detail: failure.failure.detail };
}
