/** The function check_host of RFC 7208 4: whether an address may send mail for a domain. Never throws. */

import { type DnsAnswer, isQueryName, type RecordLookup } from '../../dns/records/records.ts';
import { comparableName } from '../domain-name.ts';
import { addressOctets, inNetwork, reverseName } from '../ip-address.ts';
import { expandDomain, type MacroValues, needsValidatedName } from './macro.ts';
import { isSpfRecord, type Mechanism, type Modifier, parseSpfRecord, type Qualifier, type Term } from './record.ts';

export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror';

export interface SpfQuestion {
  readonly ip: string;
  readonly domain: string;
  /** Address in MAIL FROM; `postmaster` at the HELO name if that is empty (2.4). */
  readonly sender: string;
  readonly helo: string;
}

export interface SpfEvaluation {
  readonly result: SpfResult;
  /** The term that decided, or what went wrong. */
  readonly reason: string;
  /** The terms from that of the first record to the one that matched: `include:a.example.net of example.com`. */
  readonly path: readonly string[];
  /** Terms that caused lookups until the evaluation ended, and lookups without records (4.6.4). */
  readonly counts: { readonly lookups: number; readonly voids: number };
  /** Of `fail`: where the domain explains it (`exp=`, 6.2), and the domain whose record says so. */
  readonly explainedAt: { readonly spec: string; readonly domain: string } | null;
}

/** What an evaluation of one record finds. */
type Found = Omit<SpfEvaluation, 'counts'>;

/** RFC 7208 4.6.4. */
export const SPF_LIMITS = { lookups: 10, voidLookups: 2, names: 10 } as const;

/** What ends an evaluation before a term matches. */
class Ended extends Error {
  readonly result: SpfResult;
  constructor(result: SpfResult, reason: string) {
    super(reason);
    this.result = result;
  }
}

/** The state of one evaluation, over all records that it reads. */
interface Run {
  readonly lookup: RecordLookup;
  readonly question: SpfQuestion;
  lookups: number;
  voids: number;
}

const RESULTS: Readonly<Record<Qualifier, SpfResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

export async function evaluateSpf(question: SpfQuestion, lookup: RecordLookup): Promise<SpfEvaluation> {
  const run: Run = { lookup, question, lookups: 0, voids: 0 };
  const found = await checkHost(question.domain, run).catch((error: unknown) => {
    if (error instanceof Ended) return without(error.result, error.message);
    throw error;
  });
  return { ...found, counts: { lookups: run.lookups, voids: run.voids } };
}

/** A result that no term decided. */
function without(result: SpfResult, reason: string): Found {
  return { result, reason, path: [], explainedAt: null };
}

async function checkHost(domain: string, run: Run): Promise<Found> {
  // 4.3: a name without a dot, or that DNS cannot have, has no policy.
  if (!isQueryName(domain) || !/[^.]\.[^.]/.test(domain)) return without('none', `'${domain}' is not a domain`);
  const records = answered(await run.lookup('TXT', domain), domain).filter(isSpfRecord);
  const [record] = records;
  if (record === undefined) return without('none', `${domain} has no SPF record`);
  if (records.length > 1) throw new Ended('permerror', `${domain} has ${records.length} SPF records`);
  const { terms, errors } = parseSpfRecord(record);
  if (errors[0] !== undefined) throw new Ended('permerror', `${domain}: ${errors[0].text}: ${errors[0].reason}`);
  return evaluateTerms(terms, domain, run);
}

async function evaluateTerms(terms: readonly Term[], domain: string, run: Run): Promise<Found> {
  for (const term of terms) {
    if (isModifier(term)) continue;
    const matched = await matches(term, domain, run);
    if (matched === null) continue;
    const reason = `${term.text} of ${domain}`;
    const result = RESULTS[term.qualifier];
    return {
      result,
      reason,
      path: [reason, ...matched],
      explainedAt: result === 'fail' ? explanationOf(terms, domain) : null,
    };
  }
  const redirect = terms.find((term) => term.kind === 'redirect');
  return redirect === undefined
    ? without('neutral', `no term of ${domain} matches`)
    : followRedirect(redirect as Modifier, domain, run);
}

function explanationOf(terms: readonly Term[], domain: string): Found['explainedAt'] {
  const explanation = terms.find((term) => term.kind === 'exp');
  return explanation?.kind === 'exp' ? { spec: explanation.domain, domain } : null;
}

export function isModifier(term: Term): term is Modifier {
  return term.kind === 'redirect' || term.kind === 'exp' || term.kind === 'other';
}

/** 6.1. */
async function followRedirect(term: Modifier, domain: string, run: Run): Promise<Found> {
  count(run);
  const target = await expanded(term.domain, domain, run);
  const result = await checkHost(target, run);
  if (result.result === 'none') throw new Ended('permerror', `${term.text}: ${result.reason}`);
  return { ...result, path: [`${term.text} of ${domain}`, ...result.path] };
}

/** Counts a term that causes queries. */
function count(run: Run): void {
  if (++run.lookups > SPF_LIMITS.lookups) throw new Ended('permerror', `more than ${SPF_LIMITS.lookups} lookups`);
}

/** The values of an answer. A failure ends the evaluation with temperror (4.4, 5). */
function answered<Value>(answer: DnsAnswer<Value>, name: string): readonly Value[] {
  if (answer.kind === 'failed') throw new Ended('temperror', `${name}: ${answer.failure.detail}`);
  return answer.kind === 'found' ? answer.values : [];
}

/** Counts an answer without records, too (4.6.4). */
async function query<Type extends 'A' | 'AAAA' | 'MX'>(type: Type, name: string, run: Run) {
  const values = answered(await run.lookup(type, name), name);
  if (values.length === 0 && ++run.voids > SPF_LIMITS.voidLookups) {
    throw new Ended('permerror', `more than ${SPF_LIMITS.voidLookups} lookups without records`);
  }
  return values;
}

/** Null if the term does not match; otherwise the terms of an included record that match, and none of other terms. */
async function matches(term: Mechanism, domain: string, run: Run): Promise<readonly string[] | null> {
  switch (term.kind) {
    case 'all':
      return [];
    case 'ip4':
    case 'ip6':
      return matched(inNetwork(run.question.ip, term.network, term.bits));
    case 'include':
      return included(term, domain, run);
    case 'exists': {
      count(run);
      return matched((await query('A', await expanded(term.domain, domain, run), run)).length > 0);
    }
    case 'a': {
      count(run);
      return matched(await anyAddress(await expanded(term.domain, domain, run), term, run));
    }
    case 'mx':
      return matched(await anyExchanger(term, domain, run));
    case 'ptr': {
      count(run);
      const target = await expanded(term.domain, domain, run);
      return matched((await validatedNames(run)).some((name) => isWithin(name, target)));
    }
    default:
      return term satisfies never;
  }
}

function matched(does: boolean): readonly string[] | null {
  return does ? [] : null;
}

/** 5.2. */
async function included(term: Mechanism & { readonly kind: 'include' | 'exists' }, domain: string, run: Run) {
  count(run);
  const { result, reason, path } = await checkHost(await expanded(term.domain, domain, run), run);
  if (result === 'none') throw new Ended('permerror', `${term.text}: ${reason}`);
  return result === 'pass' ? path : null;
}

type Prefixes = { readonly bits4: number; readonly bits6: number };

async function anyAddress(name: string, { bits4, bits6 }: Prefixes, run: Run): Promise<boolean> {
  const { ip } = run.question;
  const four = addressOctets(ip)?.length === 4;
  const addresses = await query(four ? 'A' : 'AAAA', name, run);
  return addresses.some((address) => inNetwork(ip, address, four ? bits4 : bits6));
}

/** 5.4. */
async function anyExchanger(term: Mechanism & { readonly kind: 'a' | 'mx' }, domain: string, run: Run) {
  count(run);
  const name = await expanded(term.domain, domain, run);
  const hosts = await query('MX', name, run);
  if (hosts.length > SPF_LIMITS.names) throw new Ended('permerror', `${term.text}: ${hosts.length} MX hosts`);
  for (const { host } of hosts) {
    // The root is the null MX (RFC 7505).
    if (host !== '' && host !== '.' && (await anyAddress(host, term, run))) return true;
  }
  return false;
}

/** The names of the address that have the address, of the first ten (5.5). A failure means that there are none. */
async function validatedNames(run: Pick<Run, 'lookup' | 'question'>): Promise<readonly string[]> {
  const { ip } = run.question;
  const names = await run.lookup('PTR', reverseName(ip));
  if (names.kind !== 'found') return [];
  const type = addressOctets(ip)?.length === 4 ? 'A' : 'AAAA';
  const validated: string[] = [];
  for (const name of names.values.slice(0, SPF_LIMITS.names)) {
    const addresses = await run.lookup(type, name);
    if (addresses.kind === 'found' && addresses.values.some((address) => inNetwork(ip, address, 128))) {
      validated.push(name);
    }
  }
  return validated;
}

function isWithin(name: string, domain: string): boolean {
  const [a, b] = [name, domain].map(comparableName);
  return a === b || (a?.endsWith(`.${b}`) ?? false);
}

/** The domain of a term, with its macros. */
async function expanded(spec: string | null, domain: string, run: Run): Promise<string> {
  if (spec === null) return domain;
  const { ip, sender, helo } = run.question;
  const values: MacroValues = { ip, sender, helo, domain };
  return expandDomain(spec, values, needsValidatedName(spec) ? await macroName(domain, run) : '');
}

/** The macro `p`: a validated name, best the domain itself, then one below it (7.3). */
export async function macroName(domain: string, run: Pick<Run, 'lookup' | 'question'>): Promise<string> {
  const names = await validatedNames(run);
  const same = names.find((name) => isWithin(name, domain) && isWithin(domain, name));
  return same ?? names.find((name) => isWithin(name, domain)) ?? names[0] ?? 'unknown';
}
