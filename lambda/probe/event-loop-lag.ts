import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds of delay above which the timings of a round are marked: less is lost in the network's own noise. */
export const acceptableLag = 50;

const resolution = 10;

/**
 * Watches how long the event loop keeps replies waiting. A probe's timings have that in them when many probes share one
 * processor, so a round says so. Returns a function that ends the watch with the longest delay in milliseconds.
 */
export function measureLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return () => {
    delays.disable();
    return Math.max(0, Math.round(delays.max / 1e6) - resolution);
  };
}
