import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import type { Config } from '../lambda/config/config.ts';
import { loadConfig } from '../lambda/config/load.ts';
import { bundle, type HandlerName, handlerNames } from '../lib/function/bundle.ts';
import { lambdaNode } from '../test/deploy/lambda-node.ts';

interface Budget {
  /** Octets of the module. */
  readonly minified: number;
  /** Octets of the zip. */
  readonly zipped: number;
}

const ORDINARY: Budget = { minified: 400_000, zipped: 120_000 };

/**
 * What each function may weigh. That of posture has dns-packet, every standard, and the words of every finding; that of round
 * trips has IMAP, POP3 and MIME beside the session of the probe. The judge has the rules of time zones (Temporal, some 7 KB zipped).
 */
export const budgets: Readonly<Record<HandlerName, Budget>> = {
  probe: ORDINARY,
  // With the names of providers, which are causes of groups, and with time zones, for windows and hours.
  judge: { minified: 450_000, zipped: 150_000 },
  rollup: ORDINARY,
  // With the client of Secrets Manager, for the keys of signatures, the rules of groups and limits, with their words, and time
  // zones, for when the hours of a failing channel begin.
  deliver: { minified: 440_000, zipped: 142_000 },
  // Those rules, the client of Secrets Manager, those of SNS and of End User Messaging, and a sender for each service.
  notify: { minified: 470_000, zipped: 150_000 },
  'bounce-watch': ORDINARY,
  // With the client of S3, and the page with its scripts.
  publish: { minified: 700_000, zipped: 290_000 },
  answer: ORDINARY,
  'bounce-mailbox': { minified: 450_000, zipped: 145_000 },
  'posture-watch': { minified: 450_000, zipped: 145_000 },
  // With the checks of mailboxes that `doctor` asks for.
  'trip-run': { minified: 460_000, zipped: 155_000 },
};

/** Octets of the standards and the checks in the function of posture, without the words of findings. */
export const EVALUATORS = 100_000;

export interface BundleSize {
  readonly handler: HandlerName;
  readonly minified: number;
  readonly zipped: number;
  /** Octets of standards and checks of posture in the module. */
  readonly evaluators: number;
}

function exampleConfig(): Config {
  const parsed = loadConfig(new URL('../examples/smtp-quorum.yaml', import.meta.url).pathname);
  if (!parsed.ok) throw new Error('the example config has mistakes');
  return parsed.config;
}

/** Bundles one handler with the example config into `directory`, and weighs it. */
export function weigh(handler: HandlerName, directory: string): BundleSize {
  const { outputs } = bundle(handler, exampleConfig(), directory);
  const inputs = Object.values(outputs).flatMap(({ inputs: of }) => Object.entries(of));
  const evaluators = inputs.filter(([path]) => /lambda\/(?:standards|posture)\//.test(path) && !/\/codes\//.test(path));
  return {
    evaluators: evaluators.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
    handler,
    minified: statSync(join(directory, 'index.mjs')).size,
    zipped: zippedSize(directory),
  };
}

/** Octets of a zip's local header and of its entry in the directory, without the name; and of its end record. */
const [LOCAL, ENTRY, END] = [30, 46, 22];

/** Octets of the zip of all that is in a folder: the module, and what is beside it. */
function zippedSize(directory: string): number {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const entries = files.map((name) => {
    const path = join(directory, name);
    const content = statSync(path).isFile() ? readFileSync(path) : '';
    return LOCAL + ENTRY + 2 * Buffer.byteLength(name) + deflateRawSync(content, { level: 9 }).length;
  });
  return entries.reduce((sum, octets) => sum + octets, END);
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

/**
 * Prints size and import time of each handler next to an empty one, on the Node that Lambda runs; `LAMBDA_NODE` names
 * the binary of another.
 */
export async function run(): Promise<void> {
  const node = process.env.LAMBDA_NODE ?? (await lambdaNode().catch(here));
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bundle-'));
  try {
    console.log(
      `Bundles, import time on Node ${version} (budget: ${kilobytes(ORDINARY.minified)}, zipped with its config ${kilobytes(ORDINARY.zipped)}; of posture-watch ${kilobytes(budgets['posture-watch'].minified)}, ${kilobytes(budgets['posture-watch'].zipped)})`,
    );
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const module = join(empty, 'index.mjs');
    writeFileSync(module, 'export const handler = async () => {};\n');
    row('empty', statSync(module).size, zippedSize(empty), importTime(module, node));
    for (const handler of handlerNames) {
      const directory = mkdtempSync(join(folder, handler));
      const { minified, zipped } = weigh(handler, directory);
      row(handler, minified, zipped, importTime(join(directory, 'index.mjs'), node));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function here(error: unknown): string {
  console.log(`The Node of Lambda cannot be fetched, so times are those of this one (${error}).`);
  return process.execPath;
}

function row(name: string, minified: number, zipped: number, milliseconds: number): void {
  console.log(
    `  ${name.padEnd(13)} ${kilobytes(minified).padStart(10)} minified ${kilobytes(zipped).padStart(10)} zipped ${milliseconds.toFixed(1).padStart(8)} ms`,
  );
}

function kilobytes(octets: number): string {
  return `${(octets / 1000).toFixed(1)} KB`;
}
