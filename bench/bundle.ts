import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { loadConfig } from '../lambda/config/load.ts';
import { bundle, type HandlerName, handlerNames } from '../lib/bundle.ts';

/** Budgets of the probe's bundle: octets minified, octets zipped. */
export const budget = { minified: 400_000, zipped: 120_000 } as const;

export interface BundleSize {
  readonly handler: HandlerName;
  readonly minified: number;
  readonly zipped: number;
}

/** Bundles one handler with the example config into `directory`, and weighs it. */
export function weigh(handler: HandlerName, directory: string): BundleSize {
  const parsed = loadConfig(new URL('../examples/smtp-quorum.yaml', import.meta.url).pathname);
  if (!parsed.ok) throw new Error('the example config has mistakes');
  bundle(handler, parsed.config, directory);
  const module = join(directory, 'index.mjs');
  return {
    handler,
    minified: statSync(module).size,
    zipped: deflateRawSync(readFileSync(module), { level: 9 }).length,
  };
}

const IMPORTS = 9;

/** Median milliseconds that a fresh process takes to import a module; `node` is the runtime's binary. */
export function importTime(module: string, node: string): number {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(module).href)});process.stdout.write(String(performance.now()-t));process.exit()`;
  const times = Array.from({ length: IMPORTS }, () =>
    Number(spawnSync(node, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout),
  );
  return times.sort((a, b) => a - b)[Math.floor(IMPORTS / 2)] ?? Number.NaN;
}

/** Prints size and import time of each handler next to an empty one; `LAMBDA_NODE` names the binary of another Node. */
export async function run(): Promise<void> {
  const node = process.env.LAMBDA_NODE ?? process.execPath;
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bundle-'));
  try {
    console.log(
      `Bundles, import time on Node ${version} (budget of the probe: ${kilobytes(budget.minified)}, zipped ${kilobytes(budget.zipped)})`,
    );
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, 'export const handler = async () => {};\n');
    row('empty', statSync(empty).size, 0, importTime(empty, node));
    for (const handler of handlerNames) {
      const directory = mkdtempSync(join(folder, handler));
      const { minified, zipped } = weigh(handler, directory);
      row(handler, minified, zipped, importTime(join(directory, 'index.mjs'), node));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function row(name: string, minified: number, zipped: number, milliseconds: number): void {
  console.log(
    `  ${name.padEnd(10)} ${kilobytes(minified).padStart(10)} minified ${kilobytes(zipped).padStart(10)} zipped ${milliseconds.toFixed(1).padStart(8)} ms`,
  );
}

function kilobytes(octets: number): string {
  return `${(octets / 1000).toFixed(1)} KB`;
}
