/** A lookup with fixed answers, for the standards. Names without an entry do not exist. */
import type { DnsAnswer, RecordLookup, RecordType, RecordValues } from '../../lambda/dns/records/records.ts';
import { isQueryName } from '../../lambda/dns/records/records.ts';

/** The records of a name. `failed`: the query for it is not answered. */
export type Entry = { readonly [Type in RecordType]?: readonly RecordValues[Type][] | 'failed' } | 'failed';
export type Answers = Readonly<Record<string, Entry>>;

export interface RecordedLookup {
  readonly lookup: RecordLookup;
  /** `TXT example.com`, in the order of the queries. */
  readonly queries: readonly string[];
}

export function lookupOf(answers: Answers): RecordedLookup {
  const byName = new Map(Object.entries(answers).map(([name, entry]) => [name.toLowerCase(), entry]));
  const queries: string[] = [];
  const lookup: RecordLookup = async (type, name) => {
    queries.push(`${type} ${name}`);
    if (!isQueryName(name)) return { kind: 'none', exists: false };
    return answerOf(byName.get(name.toLowerCase().replace(/\.$/, '')), type, name);
  };
  return { lookup, queries };
}

function answerOf<Type extends RecordType>(
  entry: Entry | undefined,
  type: Type,
  name: string,
): DnsAnswer<RecordValues[Type]> {
  if (entry === undefined) return { kind: 'none', exists: false };
  const values = entry === 'failed' ? entry : entry[type];
  if (values === 'failed') return { kind: 'failed', failure: { kind: 'servfail', detail: `${name}: ESERVFAIL` } };
  return values === undefined || values.length === 0 ? { kind: 'none', exists: true } : { kind: 'found', values };
}
