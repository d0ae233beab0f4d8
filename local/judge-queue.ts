/**
 * Runs one judge at a time. Requests that arrive while it runs share one further run: none is lost and none
 * accumulates.
 */
export interface JudgeQueue {
  /** Resolves when a judge that began after this call has ended. */
  request(): Promise<void>;
}

export function startJudgeQueue(judge: () => Promise<void>): JudgeQueue {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;
  const run = (): Promise<void> => {
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
  };

  function next(): Promise<void> {
    waiting = null;
    return run();
  }
}
