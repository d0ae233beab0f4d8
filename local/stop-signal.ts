/** When the monitor should stop: on SIGINT or SIGTERM, or because the npm that started it has ended. */
import { watchNpm } from './npm-parent.ts';

export interface StopSignal {
  readonly requested: Promise<void>;
  request(): void;
  /** Ends the listening. The deadline of a request stays: output that nobody reads would keep the process alive. */
  close(): void;
}

/** Milliseconds from a request to the end of the process, at most. */
const LONGEST_STOP = 4_500;
/** `npm start` sends on the SIGINT that the terminal has sent already: two within this time are one. */
const SAME_SIGNAL = 500;

/**
 * Ends the process some seconds after a request, whatever is still running: the database needs no end, and what was not
 * recorded was not acknowledged.
 */
export function openStopSignal(): StopSignal {
  let request = () => {};
  const requested = new Promise<void>((resolve) => {
    request = resolve;
  });
  const onSignal = signalListener(request);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const stopWatching = watchNpm(request);
  let deadline: NodeJS.Timeout | undefined;
  void requested.then(() => {
    deadline = setTimeout(() => process.exit(0), LONGEST_STOP);
  });
  return {
    requested,
    request,
    close: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      stopWatching();
      deadline?.unref();
    },
  };
}

/** A second Ctrl-C ends the process at once. */
function signalListener(request: () => void): (signal: NodeJS.Signals) => void {
  let first: number | null = null;
  return (signal) => {
    const now = performance.now();
    if (first !== null && signal === 'SIGINT' && now - first > SAME_SIGNAL) process.exit(130);
    first ??= now;
    request();
  };
}
