/** One full vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const PROCESSOR = 1_769;

/** Enough for the page of a few targets. */
const LEAST = 512;

/** Targets for which the page is made on a full vCPU: their rounds and days take memory, too. */
const MANY = 100;

/** Megabytes of the function that writes the status page. */
export function publishMegabytes(targets: number): number {
  return targets < MANY ? LEAST : PROCESSOR;
}
