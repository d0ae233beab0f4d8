/**
 * Runs one judge at a time. Requests that arrive while it runs share one further run: none is lost and none
 * accumulates.
 */
export interface JudgeQueue {
  /** Resolves when a judge that began after this call has ended. */
  request(): Promise<void>;
  /** Begins no further judge, and resolves when the running one has ended. Requests resolve without a judge then. */
  stop(): Promise<void>;
}

export function startJudgeQueue(judge: () => Promise<void>): JudgeQueue {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;
  let isStopped = false;
  const run = (): Promise<void> => {
    if (isStopped) return Promise.resolve();
    running = judge().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    request: () => {
      if (!running) return run();
      waiting ??= running.then(next, next);
      return waiting;
    },
    stop: async () => {
      isStopped = true;
      await Promise.allSettled([running]);
    },
  };

  function next(): Promise<void> {
    waiting = null;
    return run();
  }
}
