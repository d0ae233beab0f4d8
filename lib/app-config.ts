import { existsSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import type { Config } from '../lambda/config/config.ts';
import { loadConfig } from '../lambda/config/load.ts';
import { formatProblems } from '../lambda/config/problem.ts';
import { hindrances } from './deployable.ts';
import type { Egress } from './egress.ts';
import { shippedFile } from './package-root.ts';

/** Exit code for a config with mistakes, the same as the command line's. */
const MISTAKES = 3;

const example = shippedFile('examples/smtp-quorum.yaml');

/**
 * The config of the app: `-c config=FILE`, or the file that `SMTP_QUORUM_FILE` names, or `smtp-quorum.yaml` in the
 * folder, or else the example. Ends the process where there are mistakes in it: nothing is synthesised.
 */
export function configForApp(app: App): Config {
  const file = app.node.tryGetContext('config') ?? process.env.SMTP_QUORUM_FILE ?? ownFile();
  const parsed = read(file);
  if (!parsed.ok) return refuse(formatProblems(parsed.problems));
  const hindered = hindrances(parsed.config);
  if (hindered.length > 0)
    return refuse(`${file} cannot be deployed to AWS:\n${hindered.map((line) => `  ${line}\n`).join('')}`);
  return parsed.config;
}

function ownFile(): string {
  if (existsSync('smtp-quorum.yaml')) return 'smtp-quorum.yaml';
  process.stderr.write('No smtp-quorum.yaml here: this is the example. Write your own before you deploy.\n');
  return example;
}

function read(file: string): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(file);
  } catch (error) {
    return refuse(`${file} cannot be read: ${error instanceof Error ? error.message : error}\n`);
  }
}

function refuse(why: string): never {
  process.stderr.write(why);
  process.exit(MISTAKES);
}

/**
 * The way out of each vantage, from the context `egress` of `cdk.json`:
 * `{ "eu-west-1": "vpc", "us-east-1": { "existingVpc": "vpc-…", "subnets": ["subnet-…"] } }`.
 */
export function egressForApp(app: App, { policy: { vantages } }: Config): Readonly<Record<string, Egress>> {
  const egress: Readonly<Record<string, Egress>> = app.node.tryGetContext('egress') ?? {};
  for (const [vantage, way] of Object.entries(egress)) {
    if (!vantages.includes(vantage)) return refuse(`context egress: ${vantage} is no vantage of the config\n`);
    if (!isEgress(way)) return refuse(`context egress.${vantage}: write default, vpc or { existingVpc, subnets }\n`);
  }
  return egress;
}

function isEgress(way: unknown): way is Egress {
  if (way === 'default' || way === 'vpc') return true;
  return (
    typeof way === 'object' && way !== null && 'existingVpc' in way && 'subnets' in way && Array.isArray(way.subnets)
  );
}
