import { withinDeadline } from '../dns/deadline.ts';
import type { DnsFailure } from '../dns/dns-failure.ts';
import type { RunDns } from '../dns/records/dns-of-run.ts';
import type { RecordLookup } from '../dns/records/records.ts';

export interface DomainBounds {
  /** Different questions of one domain. */
  readonly questions: number;
  /** Milliseconds of one domain. */
  readonly time: number;
}

export const DOMAIN_BOUNDS: DomainBounds = { questions: 600, time: 30_000 };

type DomainDns = Pick<RunDns, 'lookup' | 'listLookup' | 'askServer' | 'validator'>;

/**
 * DNS of one domain: the answers of the run are shared, but no domain has more than its part of the questions and of the time. A
 * question beyond them fails, so that its findings are `unable`.
 */
export function domainDns(run: DomainDns, bounds: DomainBounds = DOMAIN_BOUNDS): DomainDns {
  const ask = boundedBy(bounds);
  const lookupOf =
    (shared: RecordLookup): RecordLookup =>
    async (type, name) => {
      const answer = await ask(`${type} ${name}`, name, () => shared(type, name));
      return 'detail' in answer ? { kind: 'failed', failure: answer } : answer;
    };
  return {
    lookup: lookupOf(run.lookup),
    listLookup: lookupOf(run.listLookup),
    askServer: async (address, type, name) => {
      const answer = await ask(`${type} ${name} ${address}`, name, () => run.askServer(address, type, name));
      return 'detail' in answer ? { kind: 'failed', failure: answer } : answer;
    },
    validator: async () => {
      const validator = await run.validator();
      if (typeof validator === 'string') return validator;
      return async (type, name, unchecked) => {
        const key = `${type} ${name} ${unchecked} signed`;
        const answer = await ask(key, name, () => validator(type, name, unchecked));
        return 'detail' in answer ? { kind: 'failed', failure: answer } : answer;
      };
    },
  };
}

function boundedBy({ questions, time }: DomainBounds) {
  const until = performance.now() + time;
  const asked = new Set<string>();
  return async <Answer>(key: string, name: string, ask: () => Promise<Answer>): Promise<Answer | DnsFailure> => {
    asked.add(key.toLowerCase());
    if (asked.size > questions)
      return { kind: 'failed', detail: `${name}: the limit of ${questions} questions of a domain is reached` };
    const left = until - performance.now();
    if (left < 2) return { kind: 'timeout', detail: `${name}: no time is left for this domain` };
    return withinDeadline(ask(), name, left);
  };
}
