import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-build-'));
const source = join(folder, 'bin/smtp-quorum.ts');
afterAll(() => rmSync(folder, { recursive: true }));

/** A checkout whose sources and bundles say which of them ran. */
beforeAll(() => {
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'dist/bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  copyFileSync(join(root, 'bin/smtp-quorum.js'), join(folder, 'bin/smtp-quorum.js'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'dist/bin/probe.cjs'), "console.log('built');");
  writeFileSync(join(folder, 'dist/bin/smtp-quorum.js'), "console.log('built');");
  writeFileSync(source, "console.log('sources' satisfies string);");
  for (const name of ['sources', 'probe-sources']) {
    const { mtimeMs, size } = statSync(source);
    writeFileSync(join(folder, `dist/bin/${name}.json`), JSON.stringify([['bin/smtp-quorum.ts', mtimeMs, size]]));
  }
});

function ran(command: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/smtp-quorum.js'), command], {
    encoding: 'utf8',
  });
  return (stdout + stderr).trim();
}

describe.each(['probe', 'status'])('%s', (command) => {
  test('runs from the bundle while no source has changed, from the sources after that, and from the bundle without sources', () => {
    expect(ran(command)).toBe('built');
    const { mtime } = statSync(source);
    utimesSync(source, mtime, new Date(mtime.getTime() - 5_000));
    expect(ran(command)).toBe('sources');
    writeFileSync(source, "console.log('more sources' satisfies string);");
    expect(ran(command)).toBe('more sources');
    rmSync(source);
    expect(ran(command)).toBe('built');
    writeFileSync(source, "console.log('sources' satisfies string);");
    for (const name of ['sources', 'probe-sources']) {
      const { mtimeMs, size } = statSync(source);
      writeFileSync(join(folder, `dist/bin/${name}.json`), JSON.stringify([['bin/smtp-quorum.ts', mtimeMs, size]]));
    }
  });
});
