import { buildUnlessFresh } from '../bin/build/command-line.ts';

/**
 * Builds the command line before the tests, so that each process that they start takes a fraction of the CPU. Vitest calls it for
 * each of its projects.
 */
export async function setup(): Promise<void> {
  await buildUnlessFresh();
}
