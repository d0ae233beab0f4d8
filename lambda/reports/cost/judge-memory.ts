import { GIGABYTES_PER_PROCESSOR } from './prices.ts';

/** Megabytes with which a function gets one full vCPU. */
const PROCESSOR = GIGABYTES_PER_PROCESSOR * 1024;

/** Seconds of vCPU time for one target that goes down: its writes, its alert and its event. Measured at 256 MB. */
const WORK = 0.0103;

/** Seconds in which an outage of all targets is judged and sent. The timeout of the judge is 50 s. */
const OUTAGE_TIME = 20;

const LEAST = 256;

/**
 * Megabytes of the judge, from its work in an outage of all targets. Twice the memory halves the time of work, so the cost
 * of work does not depend on it.
 */
export function judgeMegabytes(targets: number): number {
  const wanted = ((targets * WORK) / OUTAGE_TIME) * PROCESSOR;
  return Math.min(PROCESSOR, Math.max(LEAST, Math.ceil(wanted / 64) * 64));
}
