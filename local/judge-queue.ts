/** Runs `judge` one at a time, and once more for whoever asked while one was running: no request is lost, none piles up. */
export interface JudgeQueue {
  /** Resolves with what a judge that began after this call said. */
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
