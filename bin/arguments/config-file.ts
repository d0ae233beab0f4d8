import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import type { ParsedConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { errorText, UsageError } from './usage-error.ts';

export const DEFAULT_CONFIG = 'smtp-quorum.yaml';

/** @throws UsageError with every problem of the file */
export function readConfig(file: string): Config {
  if (!existsSync(file)) throw new UsageError(`--config: file ${file} not found; 'smtp-quorum init' writes one`);
  if (statSync(file).isDirectory())
    throw new UsageError(`--config: ${file} is a folder; name the file in it: --config ${join(file, DEFAULT_CONFIG)}`);
  const parsed = load(file);
  if (parsed.ok) return parsed.config;
  throw new UsageError(formatProblems(parsed.problems).trimEnd());
}

function load(file: string): ParsedConfig {
  try {
    // A day that passed stops a deployment. It does not stop the monitor, or a command that shows an outage.
    return loadConfig(file, 0);
  } catch (error) {
    throw new UsageError(`--config: ${file} cannot be read: ${errorText(error)}`);
  }
}

/** The config that is named, or the one in this folder; null if neither is there. @throws UsageError */
export function configIfAny(named: string | undefined): Config | null {
  if (named === undefined && !existsSync(DEFAULT_CONFIG)) return null;
  return readConfig(named ?? DEFAULT_CONFIG);
}
