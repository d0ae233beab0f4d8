import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { options } from '../../lib/function/bundle.ts';

interface Passes {
  /** CPU of each pass, milliseconds; the first one is that of a process that just started. */
  readonly passes: readonly number[];
  readonly heldMegabytes: number;
}

/** As small as a function of 128 MB would have it: without limits V8 takes what the machine has before it collects. */
const smallHeap = ['--max-old-space-size=96', '--max-semi-space-size=4'];

/** The whole judge, bundled and run by plain node as on AWS, on 1,000 targets × 5 vantages. */
export function judgePasses(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-bench-'));
  const outfile = path.join(folder, 'passes.mjs');
  // As it is deployed, but for the Node that is here.
  buildSync({ ...options, target: 'node20', entryPoints: [path.join(import.meta.dirname, 'passes.ts')], outfile });
  console.log(
    'The whole judge, history and table (in memory) included, 1,000 targets × 5 vantages, a process of its own:',
  );
  console.table(Object.fromEntries(['up', 'down'].map((state) => [`all ${state}`, measured(outfile, state)])));
  rmSync(folder, { recursive: true });
}

function measured(outfile: string, state: string) {
  const { passes, heldMegabytes }: Passes = JSON.parse(
    execFileSync(process.execPath, [...smallHeap, outfile, state], { encoding: 'utf8' }),
  );
  const later = passes.slice(1).sort((a, b) => a - b);
  return {
    'first pass': `${passes[0]} ms`,
    'median of the others': `${later[Math.floor(later.length / 2)]} ms`,
    'worst of the others': `${later.at(-1)} ms`,
    'most memory held': `${heldMegabytes} MB`,
  };
}
