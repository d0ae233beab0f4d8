import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../lambda/config/config.ts';
import { shippedFile } from './shipped-file.ts';

/** Key of the output of each stack that says what was deployed. */
export const releaseOutput = 'Release';

/** What is deployed: the version of this package, and a digest of the config: `0.1.0 3fa94c21e0b7`. */
export function releaseOf(config: Config): string {
  return `${packageVersion()} ${createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12)}`;
}

/** `0.1.0` */
export function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(shippedFile('package.json'), 'utf8'));
  return version;
}
