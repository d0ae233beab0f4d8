/** Asks several name servers: the next one if a server is silent, or cannot get an answer. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type DnsFailureKind, resolutionFailure } from './dns-failure.ts';

/** Milliseconds. */
export interface ServerTiming {
  /** A server without an answer for this long is not the only one that is asked. */
  readonly patience: number;
  /** A server that gave up is asked again this long after the last time. */
  readonly retry: number;
  /** No query is repeated after this time. */
  readonly limit: number;
}

/** Answers of the domain. Other failures are those of one name server, and the next one may have an answer. */
const FINAL: ReadonlySet<DnsFailureKind> = new Set(['nxdomain', 'no-data']);

/** If all servers fail, the failure that says most: that of a server that was reached. */
const FAILURES: readonly DnsFailureKind[] = ['servfail', 'failed', 'refused', 'timeout'];

/** The first answer of a server. Rejects with the error of c-ares. */
export function askInTurn<Server, Answer>(
  servers: readonly Server[],
  ask: (server: Server) => Promise<Answer>,
  timing: ServerTiming,
): Promise<Answer> {
  const asked = performance.now();
  return new Promise((resolve, reject) => {
    const errors: unknown[] = [];
    const waiting = servers.slice(1);
    let timer: NodeJS.Timeout | undefined;
    const query = (server: Server | undefined) => {
      clearTimeout(timer);
      if (server === undefined) return;
      if (waiting.length > 0) timer = setTimeout(() => query(waiting.shift()), timing.patience);
      repeat(() => ask(server), asked, timing).then(finish, fail);
    };
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const fail = (error: unknown) => {
      errors.push(error);
      if (!FINAL.has(kindOf(error)) && errors.length < servers.length) return query(waiting.shift());
      clearTimeout(timer);
      reject(FINAL.has(kindOf(error)) ? error : worstOf(errors));
    };
    query(servers[0]);
  });
}

/** Newer versions of c-ares give up on a server that was fast before after a fraction of a second. */
async function repeat<Answer>(
  query: () => Promise<Answer>,
  asked: number,
  { retry, limit }: ServerTiming,
): Promise<Answer> {
  for (;;) {
    const since = performance.now();
    try {
      return await query();
    } catch (error) {
      const next = Math.max(performance.now(), since + retry);
      if (kindOf(error) !== 'timeout' || next >= asked + limit) throw error;
      await sleep(next - performance.now());
    }
  }
}

function worstOf(errors: readonly unknown[]): unknown {
  return errors.toSorted((a, b) => FAILURES.indexOf(kindOf(a)) - FAILURES.indexOf(kindOf(b)))[0];
}

function kindOf(error: unknown): DnsFailureKind {
  return resolutionFailure('', error).kind;
}
