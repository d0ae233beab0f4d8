import type { Config } from '../../lambda/config/config.ts';

/**
 * Megabytes at which Lambda gives a function one whole processor.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const PROCESSOR = 1_769;

/** Seconds of a processor that the judge takes for one target that falls: its write, its alert and what goes with them. */
const WORK = 0.0103;

/** Seconds in which a fleet that falls together is to be judged and told; the judge may run for 50. */
const WITHIN = 20;

const LEAST = 256;

/**
 * Megabytes of the judge. Work costs the same at any size, as it takes half the time at twice the memory; so the size
 * follows from the work of the worst hour, that everything falls together.
 */
export function judgeMemory({ targets }: Config): number {
  const wanted = ((targets.length * WORK) / WITHIN) * PROCESSOR;
  return Math.min(PROCESSOR, Math.max(LEAST, Math.ceil(wanted / 64) * 64));
}
