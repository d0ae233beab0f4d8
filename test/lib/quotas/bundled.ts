import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../lambda/config/config.ts';
import { bundle, handlerNames } from '../../../lib/function/bundle.ts';

/** Bytes of each function's code with the config. */
export function bundledBytes(config: Config): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bytes-'));
  try {
    return handlerNames.map((handler) => {
      bundle(handler, config, folder);
      return statSync(join(folder, 'index.mjs')).size + statSync(join(folder, 'config.json')).size;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
