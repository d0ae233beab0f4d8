import { existsSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { escapeLines } from '../../lambda/smtp/bounds/escape.ts';
import { deploymentProblems } from '../deployment/deployable.ts';
import { type AppSettings, readSettings } from './app-settings.ts';

/** Exit code for a config with mistakes, the same as the command line's. */
const MISTAKES = 3;

/**
 * What the app deploys: the config of `-c config=FILE`, or of the file that `SMTP_QUORUM_FILE` names, or of
 * `smtp-quorum.yaml` in the folder; and the settings of CDK's context. Ends the process where there is none, or where there
 * are mistakes in them: nothing is synthesised.
 */
export function appProps(app: App): AppSettings & { readonly config: Config } {
  const file = app.node.tryGetContext('config') ?? process.env.SMTP_QUORUM_FILE ?? ownFile();
  const parsed = read(file);
  if (!parsed.ok) return refuse(formatProblems(parsed.problems));
  const context = readSettings(app);
  if (!context.ok) return refuse(`${context.fault}\n`);
  const hindered = deploymentProblems(parsed.config, context.settings);
  if (hindered.length > 0)
    return refuse(`${file} cannot be deployed to AWS:\n${hindered.map((line) => `  ${line}\n`).join('')}`);
  return { config: parsed.config, ...context.settings };
}

function ownFile(): string {
  if (existsSync('smtp-quorum.yaml')) return 'smtp-quorum.yaml';
  return refuse(
    "There is no smtp-quorum.yaml in this folder: 'npx smtp-quorum init' writes one. To name another file: -c config=FILE\n",
  );
}

function read(file: string): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(file);
  } catch (error) {
    return refuse(`${file} cannot be read: ${error instanceof Error ? error.message : error}\n`);
  }
}

function refuse(why: string): never {
  process.stderr.write(escapeLines(why));
  process.exit(MISTAKES);
}
