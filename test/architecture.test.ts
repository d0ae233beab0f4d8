import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** For each room, the rooms it may import from besides itself. The first that a path begins with is its room. */
const rooms: readonly (readonly [room: string, mayImport: readonly string[]])[] = [
  ['lambda/dns/', ['lambda/smtp/']],
  ['lambda/smtp/', ['lambda/dns/']],
  ['lambda/consensus/', []],
  ['lambda/config/', ['lambda/smtp/', 'lambda/consensus/']],
  ['lambda/history/', ['lambda/smtp/', 'lambda/consensus/', 'lambda/config/']],
  ['lambda/alert/', ['lambda/smtp/', 'lambda/consensus/', 'lambda/config/']],
  ['lambda/reports/', ['lambda/', 'bin/']],
  ['lambda/', ['lambda/']],
  ['local/', ['lambda/']],
  ['lib/', ['lambda/']],
  ['web/', ['lambda/']],
  ['bin/', ['local/', 'lib/', 'lambda/', 'web/']],
];

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => path.join(path.dirname(file), specifier));
}

function roomOf(file: string): string {
  return rooms.find(([room]) => file.startsWith(room))?.[0] ?? '';
}

const files = ['lambda', 'local', 'lib', 'bin'].flatMap(sources);

test.each(files)('%s imports downwards only', (file) => {
  const room = roomOf(file);
  const allowed = rooms.find(([name]) => name === room)?.[1] ?? [];
  const astray = importsOf(file).filter((target) => {
    const to = roomOf(target);
    return to !== '' && to !== room && !allowed.some((name) => target.startsWith(name));
  });
  expect(astray).toEqual([]);
});

test('smtp and consensus import nothing but Node', () => {
  const foreign = files
    .filter((file) => /^lambda\/(smtp|dns|consensus)\//.test(file))
    .flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(/from '([^'.][^']*)'/g)].map(
        (match) => `${file}: ${match[1]}`,
      ),
    )
    .filter((found) => !found.includes(': node:'));
  expect(foreign).toEqual([]);
});

test('a file has one noun: no more than 300 lines', () => {
  const long = files.filter((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});

test('no room for what has no name', () => {
  expect(files.filter((file) => /(utils?|helpers?|common|shared|manager|types)\.ts$/.test(file))).toEqual([]);
});
