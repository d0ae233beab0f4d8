import { GIGABYTES_PER_PROCESSOR } from './prices.ts';

/** Megabytes with which a function gets one full vCPU. */
const PROCESSOR = GIGABYTES_PER_PROCESSOR * 1024;

/** Enough for the page of a few targets. */
const LEAST = 512;

/** Targets for which the page is made on a full vCPU: their rounds and days take memory, too. */
const MANY = 100;

/** Megabytes of the function that writes the status page. */
export function publishMegabytes(targets: number): number {
  return targets < MANY ? LEAST : PROCESSOR;
}
