import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The binary of the Node that Lambda runs, fetched once per machine: not a dependency of the product. */
export async function lambdaNode(): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const prefix = join(tmpdir(), 'smtp-quorum-node24');
  const binary = join(prefix, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    await mkdir(prefix, { recursive: true });
    await promisify(execFile)('npm', ['install', '--prefix', prefix, '--no-save', '--silent', `${name}@24`]);
  }
  return binary;
}
