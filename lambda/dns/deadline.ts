import type { DnsFailure } from './dns-failure.ts';

/** The answer of a resolver, or a failure after `within` milliseconds or when `signal` aborts. */
export function withinDeadline<Answer>(
  answer: Promise<Answer>,
  name: string,
  within: number,
  signal?: AbortSignal,
): Promise<Answer | DnsFailure> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: Answer | DnsFailure) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const abort = () => settle({ kind: 'aborted', detail: 'stopped while resolving' });
    const late = { kind: 'timeout', detail: `${name}: no answer within ${(within / 1000).toFixed(1)} s` } as const;
    const timer = setTimeout(() => settle(late), within);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    answer.then(settle, reject);
  });
}
