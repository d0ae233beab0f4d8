import type { DnsFailure } from '../dns/dns-failure.ts';
import type { DnsAnswer, RecordLookup } from '../dns/records/records.ts';
import { withinDeadline } from '../dns/deadline.ts';

export interface DomainBounds {
  /** Different questions of one domain. */
  readonly questions: number;
  /** Milliseconds of one domain. */
  readonly time: number;
}

export const DOMAIN_BOUNDS: DomainBounds = { questions: 600, time: 30_000 };

/**
 * The lookup of one domain: the answers of the run are shared, but no domain has more than its part of the questions and of the
 * time. A question beyond them fails, so that its findings are `unable`.
 */
export function domainLookup(shared: RecordLookup, bounds: DomainBounds = DOMAIN_BOUNDS): RecordLookup {
  const until = performance.now() + bounds.time;
  const asked = new Set<string>();
  return async (type, name) => {
    asked.add(`${type} ${name.toLowerCase()}`);
    if (asked.size > bounds.questions)
      return failed('failed', `${name}: the limit of ${bounds.questions} questions of a domain is reached`);
    const left = until - performance.now();
    if (left < 2) return failed('timeout', `${name}: no time is left for this domain`);
    const answer = await withinDeadline(shared(type, name), name, left);
    return 'detail' in answer ? { kind: 'failed', failure: answer } : answer;
  };
}

function failed(kind: DnsFailure['kind'], detail: string): DnsAnswer<never> {
  return { kind: 'failed', failure: { kind, detail } };
}
