/** A lookup for one run: answers are kept, and the number of queries, the time and the records of an answer are bounded. */

import { domainToASCII } from 'node:url';
import { withinDeadline } from '../deadline.ts';
import { type DnsFailure, resolutionFailure } from '../dns-failure.ts';
import type { RecordResolver } from './record-resolver.ts';
import { type DnsAnswer, isQueryName, type RecordLookup, type RecordType, type RecordValues } from './records.ts';

export interface LookupBounds {
  /** Queries of the run. */
  readonly queries: number;
  /** Queries that are under way at the same time. */
  readonly atOnce: number;
  /** Records of one answer that are read. */
  readonly records: number;
  /** Milliseconds of the run. Later queries fail at once. */
  readonly deadline: number;
}

export const LOOKUP_BOUNDS: LookupBounds = { queries: 600, atOnce: 30, records: 200, deadline: 10_000 };

type Query = { readonly [Type in RecordType]: (name: string) => Promise<readonly RecordValues[Type][]> };

function queriesOf(resolver: RecordResolver): Query {
  return {
    A: (name) => resolver.resolve4(name),
    AAAA: (name) => resolver.resolve6(name),
    MX: async (name) =>
      (await resolver.resolveMx(name)).map(({ exchange, priority }) => ({ host: exchange, preference: priority })),
    TXT: async (name) => (await resolver.resolveTxt(name)).map((strings) => strings.join('')),
    PTR: (name) => resolver.resolvePtr(name),
    CNAME: (name) => resolver.resolveCname(name),
    TLSA: (name) => resolver.resolveTlsa(name),
  };
}

export interface BoundedLookup {
  readonly lookup: RecordLookup;
  /** Queries that were sent. */
  queries(): number;
}

export function boundedLookup(resolver: RecordResolver, bounds: LookupBounds = LOOKUP_BOUNDS): BoundedLookup {
  const until = performance.now() + bounds.deadline;
  const queries = queriesOf(resolver);
  const answers = new Map<string, Promise<DnsAnswer<never>>>();
  const slot = semaphore(bounds.atOnce);
  let sent = 0;
  const ask = async <Type extends RecordType>(type: Type, name: string): Promise<DnsAnswer<RecordValues[Type]>> => {
    if (!isQueryName(name)) return { kind: 'none', exists: false };
    // node:dns would query the root instead of a name that IDNA refuses.
    if (domainToASCII(name) === '') return failed('failed', `${name}: this name cannot be queried`);
    if (sent >= bounds.queries) return failed('failed', `${name}: the limit of ${bounds.queries} queries is reached`);
    sent++;
    const found = await slot(() => settled(() => queries[type](name), name, until - performance.now()));
    if ('kind' in found) return answerOf(found);
    // An alias without records at its end is answered with the alias alone.
    return found.length === 0
      ? { kind: 'none', exists: true }
      : { kind: 'found', values: found.slice(0, bounds.records) };
  };
  const lookup: RecordLookup = (type, name) => {
    const key = `${type} ${name.toLowerCase().replace(/\.$/, '')}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(type, name);
    answers.set(key, answer as Promise<DnsAnswer<never>>);
    return answer;
  };
  return { lookup, queries: () => sent };
}

function failed(kind: DnsFailure['kind'], detail: string): DnsAnswer<never> {
  return { kind: 'failed', failure: { kind, detail } };
}

/** Never rejects. Timers may end a millisecond early. */
async function settled<Values>(
  query: () => Promise<Values>,
  name: string,
  within: number,
): Promise<Values | DnsFailure> {
  if (within < 2) return { kind: 'timeout', detail: `${name}: no time is left` };
  const caught = query().catch((error: unknown) => resolutionFailure(name, error));
  return withinDeadline(caught, name, within);
}

function answerOf(failure: DnsFailure): DnsAnswer<never> {
  if (failure.kind === 'nxdomain') return { kind: 'none', exists: false };
  return failure.kind === 'no-data' ? { kind: 'none', exists: true } : { kind: 'failed', failure };
}

/** Runs at most `most` pieces of work at the same time, in the order of the calls. */
function semaphore(most: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((start) => waiting.push(start));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
