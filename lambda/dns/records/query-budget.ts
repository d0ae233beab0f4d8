/** Bounds the queries of one run: their number, how many are under way at the same time, and the time of all. */

import { withinDeadline } from '../deadline.ts';
import { type DnsFailure, resolutionFailure } from '../dns-failure.ts';
import { atMostAtOnce } from './at-most-at-once.ts';

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

export interface QueryBudget {
  /** Runs a query, if it is within the bounds. Never rejects. */
  run<Answer>(name: string, query: () => Promise<Answer>): Promise<Answer | DnsFailure>;
  /** Queries that were sent. */
  queries(): number;
  readonly bounds: LookupBounds;
}

export function queryBudget(bounds: LookupBounds = LOOKUP_BOUNDS): QueryBudget {
  const until = performance.now() + bounds.deadline;
  const atOnce = atMostAtOnce(bounds.atOnce);
  let sent = 0;
  const run = async <Answer>(name: string, query: () => Promise<Answer>): Promise<Answer | DnsFailure> => {
    if (sent >= bounds.queries)
      return { kind: 'failed', detail: `${name}: the limit of ${bounds.queries} queries is reached` };
    sent++;
    return atOnce(() => settled(query, name, until - performance.now()));
  };
  return { run, queries: () => sent, bounds };
}

/** Never rejects. Timers may end a millisecond early. */
async function settled<Answer>(
  query: () => Promise<Answer>,
  name: string,
  within: number,
): Promise<Answer | DnsFailure> {
  if (within < 2) return { kind: 'timeout', detail: `${name}: no time is left` };
  const caught = query().catch((error: unknown) => resolutionFailure(name, error));
  return withinDeadline(caught, name, within);
}
