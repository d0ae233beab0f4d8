import { buildCommandLine } from '../bin/build/command-line.ts';

/** Builds the command line before the tests, so that each process that they start takes a fraction of the CPU. */
export async function setup(): Promise<void> {
  await buildCommandLine();
}
