import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyBounceState, readBounceState, writeBounceState } from '../../../local/bounces/bounce-state.ts';
import { type LogFile, type LogPlace, openLogFile } from '../../../local/bounces/log-file.ts';

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
  await file.readNew((line) => lines.push(line));
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

test('the state is read as it was written, and a file of somebody else is refused', async () => {
  const state = { ...emptyBounceState(), place: { inode: 7, offset: 8 } };
  const stored = join(folder, 'bounces.json');
  await writeBounceState(stored, state);
  expect(await readBounceState(stored)).toEqual(state);
  await writeFile(stored, '{"version":1,"place":null}');
  expect(await readBounceState(stored)).toBeNull();
  expect(await readBounceState(join(folder, 'none.json'))).toEqual(emptyBounceState());
});
