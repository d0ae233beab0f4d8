/** The dead man's switch: a URL of another operator, who alerts people if it is no longer fetched. */

import type { Config } from '../config/config.ts';
import type { Ports } from '../ports.ts';
import { withTimeLimit } from '../wire/time-limit.ts';
import type { JudgeReport } from './judge.ts';

/** Milliseconds that a fetch may take. */
const TIMEOUT = 5_000;

/**
 * Sends a heartbeat after a pass in which every target was judged and nothing failed.
 * @param signal ends a fetch early when the monitor stops
 */
export type SendHeartbeat = (report: JudgeReport, now: number, signal?: AbortSignal) => Promise<void>;

/**
 * Never rejects. Sends one heartbeat at a time, and at most two in a round: during an outage the judge runs more often.
 * A failure is logged once, until a heartbeat succeeds again, and with no more of the URL than its origin, because the
 * path is a secret at most receivers.
 */
export function openHeartbeat(
  { heartbeat, policy }: Pick<Config, 'heartbeat' | 'policy'>,
  log: Ports['log'],
): SendHeartbeat {
  let isUnderWay = false;
  let hasFailed = false;
  let sent = Number.NEGATIVE_INFINITY;
  if (heartbeat === undefined) return async () => {};
  return async ({ failed }, now, signal) => {
    if (failed.length > 0 || isUnderWay || isWithin(policy.every / 2, sent, now)) return;
    isUnderWay = true;
    sent = now;
    const failure = await fetchOnce(heartbeat, signal);
    isUnderWay = false;
    if (failure !== null && !hasFailed && !signal?.aborted) log(failureEntry(heartbeat, failure));
    hasFailed = failure !== null;
  };
}

/** Also false if the clock was set back. */
function isWithin(length: number, from: number, now: number): boolean {
  return now >= from && now - from < length;
}

function failureEntry(url: string, error: string): Parameters<Ports['log']>[0] {
  return { level: 'warn', message: 'heartbeat failed', facts: { to: new URL(url).origin, error } };
}

/** Returns the reason of a failure, or null. */
async function fetchOnce(url: string, stop?: AbortSignal): Promise<string | null> {
  return await withTimeLimit(TIMEOUT, stop, async (signal, isOver) => {
    try {
      const response = await fetch(url, {
        headers: { 'user-agent': 'smtp-quorum' },
        signal,
      });
      response.body?.cancel().catch(() => {});
      return response.ok ? null : `HTTP ${response.status}`;
    } catch (error) {
      return isOver() ? `no reply within ${TIMEOUT / 1000} s` : reasonOf(error);
    }
  });
}

/** The code of the socket's error, which `fetch` wraps. Its message may contain the URL. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'no connection';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
