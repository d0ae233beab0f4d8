import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParsedConfig, parseConfig } from './parse.ts';

/** Reads and parses the config file at `path`; throws where it cannot be read. Files that it names are found beside it. */
export function loadConfig(path: string): ParsedConfig {
  const folder = dirname(resolve(path));
  return parseConfig(readFileSync(path, 'utf8'), path, (named) => readFileSync(resolve(folder, named), 'utf8'));
}
