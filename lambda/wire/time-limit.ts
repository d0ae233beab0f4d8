/** A limit of time for what a signal ends. */

/**
 * Runs it with a signal that aborts after so many milliseconds, or with `stop`. Not with `AbortSignal.any` of `AbortSignal.timeout`:
 * Node may collect such a timeout as garbage, and then it never ends (https://github.com/nodejs/node/issues/57736).
 * @param run gets the signal, and whether the time is over
 */
export async function withTimeLimit<Value>(
  milliseconds: number,
  stop: AbortSignal | undefined,
  run: (signal: AbortSignal, isOver: () => boolean) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    controller.abort(new DOMException('no reply in time', 'TimeoutError'));
  }, milliseconds);
  const end = () => controller.abort(stop?.reason);
  if (stop?.aborted) end();
  stop?.addEventListener('abort', end, { once: true });
  try {
    return await run(controller.signal, () => over);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', end);
  }
}
