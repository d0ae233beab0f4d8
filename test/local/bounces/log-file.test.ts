import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyBounceState, readBounceState, writeBounceState } from '../../../local/bounces/bounce-state.ts';
import { type LogFile, openLogFile } from '../../../local/bounces/log-file.ts';
import type { LogPlace } from '../../../local/bounces/log-place.ts';
import { openPostfixLog } from '../../../local/bounces/postfix-log.ts';

let folder = '';
let path = '';
let log: LogFile | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bounces-'));
  path = join(folder, 'mail.log');
});

afterEach(async () => {
  await log?.close();
  log = null;
  await rm(folder, { recursive: true });
});

async function openAt(place: LogPlace | null): Promise<LogFile> {
  await log?.close();
  log = await openLogFile(path, place);
  return log;
}

async function newLines(file: LogFile): Promise<readonly string[]> {
  const lines: string[] = [];
  await file.readNew({ take: (line) => lines.push(line), settle: async () => {} });
  return lines;
}

test('a line counts when its end is there', async () => {
  await writeFile(path, 'one\r\ntwo\nthr');
  const file = await openAt(null);
  expect(await newLines(file)).toEqual(['one', 'two']);
  await appendFile(path, 'ee\n');
  expect(await newLines(file)).toEqual(['three']);
  expect(await newLines(file)).toEqual([]);
});

test('a rotated file is read to its end, then the new one from its beginning', async () => {
  await writeFile(path, 'one\n');
  const file = await openAt(null);
  expect(await newLines(file)).toEqual(['one']);
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, 'two\n');
  expect(await newLines(file)).toEqual(['two']);
  await appendFile(`${path}.1`, 'three\n');
  await writeFile(path, 'four\n');
  expect(await newLines(file)).toEqual(['three', 'four']);
});

test('a file that was copied and truncated is read from its beginning', async () => {
  await writeFile(path, 'one\ntwo\n');
  const file = await openAt(null);
  await newLines(file);
  await truncate(path, 0);
  await appendFile(path, 'new\n');
  expect(await newLines(file)).toEqual(['new']);
});

test('reading goes on at the place, also if the file was rotated in between', async () => {
  await writeFile(path, 'one\ntwo\n');
  const first = await openAt(null);
  await newLines(first);
  const place = first.place();
  await appendFile(path, 'three\n');
  expect(await newLines(await openAt(place))).toEqual(['three']);
  await rename(path, `${path}.1`);
  await writeFile(path, 'four\n');
  expect(await newLines(await openAt(place))).toEqual(['three', 'four']);
});

test('a place in a file that is gone is the beginning of the present one', async () => {
  await writeFile(path, 'one\n');
  expect(await newLines(await openAt({ inode: 1, offset: 99 }))).toEqual(['one']);
});

test('a line without an end costs no memory, and the next one is read', async () => {
  await writeFile(path, `${'x'.repeat(1_000_000)}\nnext\n`);
  expect(await newLines(await openAt(null))).toEqual(['next']);
});

test('a log that was truncated and has grown beyond the place is another one', async () => {
  await writeFile(path, 'one\ntwo\n');
  const file = await openAt(null);
  await newLines(file);
  const place = file.place();
  await truncate(path, 0);
  await appendFile(path, 'new 1\nnew 2\nnew 3\n');
  expect(await newLines(file)).toEqual(['new 1', 'new 2', 'new 3']);
  // The same while nobody looked.
  expect(await newLines(await openAt(place))).toEqual(['new 1', 'new 2', 'new 3']);
});

test('a new log that got the inode of the one that was removed is read from its beginning', async () => {
  await writeFile(path, 'one\ntwo\n');
  const file = await openAt(null);
  await newLines(file);
  const { head } = file.place();
  await writeFile(path, 'new 1\nnew 2\nnew 3\n');
  const { ino } = await stat(path);
  expect(await newLines(await openAt({ inode: ino, offset: 8, ...(head && { head }) }))).toEqual([
    'new 1',
    'new 2',
    'new 3',
  ]);
});

test('what was added before a copy was made and the log truncated is read from the copy', async () => {
  await writeFile(path, 'one\n');
  const file = await openAt(null);
  await newLines(file);
  const place = file.place();
  await appendFile(path, 'two\n');
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
  await appendFile(path, 'three\n');
  expect(await newLines(file)).toEqual(['two', 'three']);
  expect(await newLines(file)).toEqual([]);
  expect(await newLines(await openAt(place))).toEqual(['two', 'three']);
});

/** Rotated twice since the place was noted. */
const ROTATIONS: readonly (readonly [string, string, string])[] = [
  ['numbers', '.2', '.1'],
  ['compressed', '.2.gz', '.1'],
  ['all compressed', '.3.gz', '.2.gz'],
  ['dates', '-20261125', '-20261126'],
  ['compressed dates', '-20261125.gz', '-20261126.gz'],
  ['numbers from 0', '.1', '.0'],
  ['dates with dashes', '-2026-11-25', '-2026-11-26'],
  ['dates with dashes, over the end of a month', '-2026-11-30', '-2026-12-01'],
  ['compressed dates with dots', '.2026.11.30.gz', '.2026.12.01.gz'],
  ['a date and a time', '-20261126-0900', '-20261126-1000'],
  ['a date and seconds', '-20261125-1795600000', '-20261126-1795686400'],
  ['two of one day', '-20261126.1', '-20261126.2'],
];

test.each(ROTATIONS)('nothing is lost in two rotations while nobody looked: %s', async (_, older, newer) => {
  await writeFile(path, 'one\n');
  const file = await openAt(null);
  await newLines(file);
  const place = file.place();
  const content = (suffix: string, text: string) => (suffix.endsWith('.gz') ? gzipSync(text) : text);
  await writeFile(path + older, content(older, 'one\ntwo\n'));
  await writeFile(path + newer, content(newer, 'three\n'));
  // Compressing may set the time of the older one.
  await utimes(path + newer, 1, 1);
  await rm(path);
  await writeFile(path, 'four\n');
  await writeFile(`${path}.bak`, 'five\n');
  expect(await newLines(await openAt(place))).toEqual(['two', 'three', 'four']);
});

test('a name with the date before its end is a rotated log, too', async () => {
  await writeFile(path, 'one\n');
  const file = await openAt(null);
  await newLines(file);
  await rename(path, join(folder, 'mail-20261126.log'));
  await appendFile(join(folder, 'mail-20261126.log'), 'two\n');
  await writeFile(path, 'three\n');
  expect(await newLines(await openAt(file.place()))).toEqual(['two', 'three']);
});

test('a rotated file that is damaged, or still being compressed, does not stop the log', async () => {
  await writeFile(path, 'one\n');
  const file = await openAt(null);
  await newLines(file);
  const place = file.place();
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, 'two\n');
  await writeFile(`${path}.1.gz`, gzipSync('one\ntwo\n').subarray(0, 12));
  await writeFile(`${path}.2.gz`, 'no gzip');
  await writeFile(path, 'three\n');
  expect(await newLines(await openAt(place))).toEqual(['two', 'three']);
});

test('a log that was copied to its own place goes on', async () => {
  await writeFile(path, 'one\ntwo\n');
  const file = await openAt(null);
  await newLines(file);
  await copyFile(path, `${path}.new`);
  await rename(`${path}.new`, path);
  await appendFile(path, 'three\n');
  expect(await newLines(file)).toEqual(['three']);
});

test('a place of the previous release is read', async () => {
  await writeFile(path, 'one\ntwo\n');
  const { ino } = await stat(path);
  expect(await newLines(await openAt({ inode: ino, offset: 4 }))).toEqual(['two']);
});

test('the end of a line that is too long is no line, also if it comes later', async () => {
  await writeFile(path, 'x'.repeat(1_000_000));
  const file = await openAt(null);
  expect(await newLines(file)).toEqual([]);
  const place = file.place();
  await appendFile(path, 'end of it\nnext\n');
  expect(await newLines(file)).toEqual(['next']);
  expect(await newLines(await openAt(place))).toEqual(['next']);
});

test('a pipe is refused at once: opening it would wait for a writer', async () => {
  execFileSync('mkfifo', [path]);
  await expect(openLogFile(path, null)).rejects.toThrow('it is a pipe');
});

test('a long log is recorded part by part', async () => {
  await writeFile(path, `${'x'.repeat(1000)}\n`.repeat(35_000));
  const state = emptyBounceState();
  const places: (number | undefined)[] = [];
  const postfix = await openPostfixLog(path, state, null, Date.now);
  await postfix.readNew(
    () => {},
    async () => void places.push(state.place?.offset),
  );
  await postfix.close();
  expect(places).toHaveLength(3);
  expect(places[0]).toBeUndefined();
  expect(places[2]).toBeGreaterThan(30_000_000);
  expect(state.place?.offset).toBe(35_035_000);
});

test('the state is read as it was written, and a file of somebody else is refused', async () => {
  const state = { ...emptyBounceState(), place: { inode: 7, offset: 8 } };
  const stored = join(folder, 'bounces.json');
  await writeBounceState(stored, state);
  expect(await readBounceState(stored)).toEqual(state);
  await writeFile(stored, '{"version":1,"place":null}');
  expect(await readBounceState(stored)).toBeNull();
  expect(await readBounceState(join(folder, 'none.json'))).toEqual(emptyBounceState());
});
