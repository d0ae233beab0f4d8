import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds of delay above which the timings of a round are marked. Shorter delays are within network jitter. */
export const acceptableLag = 50;

const resolution = 10;

/**
 * Measures the delay of the event loop. If many probes share one processor, their timings include this delay, and the round
 * records it. Returns a function that ends the measurement and returns the longest delay in milliseconds.
 */
export function measureLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return () => {
    delays.disable();
    return Math.max(0, Math.round(delays.max / 1e6) - resolution);
  };
}
