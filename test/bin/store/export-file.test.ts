import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countExport, type ExportHeading, writeExport } from '../../../bin/store/export-file.ts';
import type { Item } from '../../../lambda/history/table/table.ts';

const at = '2026-11-22T05:00:00Z';
const heading: ExportHeading = { format: 'smtp-quorum-export', version: 1, at, since: at, until: at };
const item: Item = { pk: 'round#eu', sk: at, packing: 1, samples: {} };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* all(...items: readonly Item[]) {
  yield* items;
}

/** A file of these lines, all of it or its first bytes. */
function fileOf(name: string, lines: readonly object[], length?: number): string {
  const file = path.join(folder, name);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(file, (name.endsWith('.gz') ? gzipSync(text) : Buffer.from(text)).subarray(0, length));
  return file;
}

describe('writing', () => {
  test.each(['whole.ndjson', 'whole.ndjson.gz'])('%s can be read back', async (name) => {
    const file = path.join(folder, name);
    expect(await writeExport(file, heading, all(item, item))).toBe(2);
    expect(await countExport(file)).toBe(2);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  test('a device is written in place', async () => {
    expect(await writeExport('/dev/null', heading, all(item))).toBe(1);
    expect(existsSync('/dev/null.part')).toBe(false);
    await expect(writeExport('/dev/full', heading, all(item))).rejects.toThrow(
      '--out: /dev/full cannot be written: ENOSPC',
    );
  });

  test('Ctrl-C removes the partial file, and keeps an existing one', async () => {
    const file = fileOf('kept.ndjson', [heading]);
    async function* endless() {
      for (let count = 0; ; count += 1) {
        if (count === 1000) process.emit('SIGINT');
        yield item;
      }
    }
    await expect(writeExport(file, heading, endless())).rejects.toThrow(`broken off: ${file} is not written`);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(heading)}\n`);
  });

  test('an error of the table is not reported as an error of the file', async () => {
    const file = path.join(folder, 'never.ndjson');
    async function* refused(): AsyncGenerator<Item> {
      yield item;
      throw new Error('refused');
    }
    await expect(writeExport(file, heading, refused())).rejects.toThrow(/^refused$/);
    expect(existsSync(`${file}.part`)).toBe(false);
  });
});

const wrongItems: readonly [string, object, string][] = [
  ['a round without a time', { sk: 'zzz' }, 'round#eu zzz: the name of the round has an unknown format'],
  ['a sample that is none', { samples: { mx1: 1 } }, `round#eu ${at}: the sample of mx1 has an unknown format`],
  ['a verdict that is none', { pk: 'verdicts', sk: 'a' }, 'verdicts a: target has an unknown format'],
  ['an hour that is none', { pk: 'target#mx1', sk: 'hour#5' }, 'target#mx1 hour#5: the name of the hour'],
  [
    'a day that is none',
    { pk: 'target#mx1', sk: 'day#2026-11-22', vantages: { eu: 1 } },
    'target#mx1 day#2026-11-22: a tally',
  ],
  ['an incident that is none', { pk: 'target#mx1', sk: `incident#${at}` }, `target#mx1 incident#${at}: incident`],
  ['how far a rollup has come', { pk: 'rollup', sk: 'hours', through: 'x' }, 'rollup hours: the last hour'],
  ['what nobody keeps', { pk: 'other' }, `other ${at}: has a key that this version does not know`],
  ['an empty key', { sk: '' }, 'round#eu : sk has an unknown format'],
  ['a time to live that is none', { ttl: 'soon' }, `round#eu ${at}: ttl has an unknown format`],
  ['what is too large', { more: 'x'.repeat(410 * 1024) }, `round#eu ${at}: it is larger than 409600 bytes`],
];

describe('reading rejects', () => {
  const whole = [heading, item, { items: 1 }];
  test.each<[string, string, () => string]>([
    ['a truncated file', 'cut.gz cannot be read: it was cut off', () => fileOf('cut.gz', whole, 40)],
    [
      'a file that is not gzip',
      'bad.gz cannot be read: it is damaged, or was not compressed with gzip',
      () => {
        const file = path.join(folder, 'bad.gz');
        writeFileSync(file, 'plain text');
        return file;
      },
    ],
    ['a missing file', 'nothing cannot be read: it is not there', () => path.join(folder, 'nothing')],
    [
      'an item of a later version',
      `later.ndjson:3: round#eu ${at} is of packing 2, and this version reads 1: update smtp-quorum`,
      () => fileOf('later.ndjson', [heading, item, { ...item, packing: 2 }, { items: 2 }]),
    ],
    [
      'a line without end',
      'long.ndjson:2: the line is longer than 4 MB; is this an export of smtp-quorum?',
      () => fileOf('long.ndjson', [heading, { ...item, more: 'x'.repeat(5 * 1024 * 1024) }]),
    ],
    ['a device', '/dev/zero cannot be read: it is a pipe or a device; write it to a file first', () => '/dev/zero'],
    ['a folder', 'cannot be read: it is a folder', () => folder],
    [
      'what follows the end',
      'more.ndjson:4: the export ends before this line',
      () => fileOf('more.ndjson', [...whole, item]),
    ],
    ...wrongItems.map(([name, wrong, words], n): [string, string, () => string] => [
      name,
      `wrong-${n}.ndjson:3: ${words}`,
      () => fileOf(`wrong-${n}.ndjson`, [heading, item, { ...item, ...wrong }, { items: 2 }]),
    ]),
  ])('%s', async (_, words, make) => {
    await expect(countExport(make())).rejects.toThrow(words);
  });
});
