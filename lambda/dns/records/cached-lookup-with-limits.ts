/** A lookup for one run: answers are kept, and the number of queries, the time and the records of an answer are bounded. */

import type { DnsFailure } from '../dns-failure.ts';
import type { AnswerMessage, DnsRecord } from '../messages/answer-message.ts';
import { plainQuestion } from '../messages/query-message.ts';
import type { AskResolvers } from './ask-resolvers.ts';
import type { QueryBudget } from './query-budget.ts';
import {
  canBeSent,
  type DnsAnswer,
  isQueryName,
  type RecordLookup,
  type RecordType,
  type RecordValues,
} from './records.ts';

/** Aliases that are followed to the records of a name. */
const MOST_ALIASES = 16;

export function cachedLookup(ask: AskResolvers, budget: QueryBudget): RecordLookup {
  const answers = new Map<string, Promise<DnsAnswer<never>>>();
  const query = async <Type extends RecordType>(type: Type, name: string): Promise<DnsAnswer<RecordValues[Type]>> => {
    if (!isQueryName(name)) return { kind: 'none', exists: false };
    if (!canBeSent(name)) return failed('failed', `${name}: this name cannot be queried`);
    const reply = await budget.run(name, () => ask(plainQuestion(name, type)));
    if ('kind' in reply) return { kind: 'failed', failure: reply };
    const { message, authenticated } = reply;
    return answerOf(message, type, { name, authenticated, most: budget.bounds.records });
  };
  return (type, name) => {
    const key = `${type} ${name.toLowerCase().replace(/\.$/, '')}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = query(type, name);
    answers.set(key, answer as Promise<DnsAnswer<never>>);
    return answer;
  };
}

function failed(kind: DnsFailure['kind'], detail: string): DnsAnswer<never> {
  return { kind: 'failed', failure: { kind, detail } };
}

interface Asked {
  readonly name: string;
  readonly authenticated: boolean;
  /** Records that are read. */
  readonly most: number;
}

function answerOf<Type extends RecordType>(
  message: AnswerMessage,
  type: Type,
  { name, authenticated, most }: Asked,
): DnsAnswer<RecordValues[Type]> {
  if (message.rcode !== 0) return { kind: 'none', exists: false, authenticated };
  const end = endOfAliases(message, type);
  if (end === null) return failed('failed', `${name}: a chain of more than ${MOST_ALIASES} aliases`);
  const records = message.answers.filter((record) => record.type === type && record.name === end.name);
  // An alias without records at its end is answered with the alias alone.
  if (records.length === 0) return { kind: 'none', exists: true, authenticated };
  // The record that is looked for may be one of the others: to say that it is not there would be a guess.
  if (type === 'TXT' && records.length > most)
    return failed('failed', `${name} has ${records.length} TXT records, more than the ${most} that are read`);
  const read = (type === 'MX' ? records.toSorted(byPreference) : records).slice(0, most);
  return {
    kind: 'found',
    values: read.map(({ data }) => data as RecordValues[Type]),
    ...(read.length < records.length ? { total: records.length } : {}),
    ttl: Math.min(end.ttl, ...read.map(({ ttl }) => ttl)),
    authenticated,
  };
}

/** The order in which senders try the hosts (RFC 5321 5.1): of too many, the first ones are read. */
function byPreference(one: DnsRecord, other: DnsRecord): number {
  return one.type === 'MX' && other.type === 'MX' ? one.data.preference - other.data.preference : 0;
}

/** The name at the end of the chain of aliases (RFC 1034 3.6.2); null if the chain is too long. A loop ends where it repeats. */
function endOfAliases({ name, answers }: AnswerMessage, type: RecordType): { name: string; ttl: number } | null {
  const aliases = new Map(answers.flatMap((record) => (record.type === 'CNAME' ? [[record.name, record]] : [])));
  const seen = new Set<string>();
  let ttl = Number.POSITIVE_INFINITY;
  for (let at = name; ; ) {
    const alias = type === 'CNAME' || seen.has(at) ? undefined : aliases.get(at);
    if (alias === undefined) return { name: at, ttl };
    if (seen.size === MOST_ALIASES) return null;
    seen.add(at);
    ttl = Math.min(ttl, alias.ttl);
    at = alias.data.toLowerCase();
  }
}
