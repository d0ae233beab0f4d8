import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sumRows } from '../../../lambda/bounces/counts.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { BusEvent } from '../../../lambda/ports.ts';
import { type FollowedLog, followLog } from '../../../local/bounces/follow-log.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { testPorts } from '../../ports.ts';

const NOW = Date.parse('2026-11-26T09:30:00Z');
let folder = '';
let table: Table;
let failing = false;
const events: BusEvent[] = [];
const errors: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-follow-'));
  const memory = openInMemoryTable(() => NOW);
  table = {
    ...memory,
    put: async (item, condition) => {
      if (failing) throw new Error('the table is gone');
      return memory.put(item, condition);
    },
  };
  failing = false;
  events.length = 0;
  errors.length = 0;
});

afterEach(() => rm(folder, { recursive: true }));

const log = () => path.join(folder, 'mail.log');

function follow(): FollowedLog {
  const { ports } = testPorts([]);
  return followLog(
    {
      table,
      folder,
      ports: { ...ports, now: () => NOW, publishEvents: async (put) => void events.push(...put) },
      reportUnreadable: () => {},
      onError: (error) => errors.push(String(error)),
    },
    log(),
  );
}

/** A message of `news@example.com` to a person, as Postfix logs it. */
function delivery(nth: number, status: 'sent' | 'bounced'): string {
  const time = `2026-11-26T09:${String(10 + (nth % 15)).padStart(2, '0')}:00+00:00 mail`;
  const id = `4FAB${String(nth).padStart(5, '0')}`;
  const said =
    status === 'sent'
      ? 'dsn=2.0.0, status=sent (250 OK)'
      : 'dsn=5.1.1, status=bounced (host x said: 550 jane.roe is unknown)';
  return [
    `${time} postfix/qmgr[9]: ${id}: from=<news@example.com>, size=900, nrcpt=1 (queue active)`,
    `${time} postfix/smtp[7]: ${id}: to=<jane.roe@example.net>, relay=mx.google.com[192.0.2.3]:25, delay=1.5, delays=0/0/1/0.5, ${said}`,
    `${time} postfix/qmgr[9]: ${id}: removed`,
    '',
  ].join('\n');
}

async function counts() {
  const rows = sumRows(await openBounceHistory(table, { now: () => NOW }).lastDay(NOW, 0), 0, NOW + 3_600_000);
  return rows.map(({ from, provider, delivered, bounced }) => ({ from, provider, delivered, bounced }));
}

const sent = (delivered: number, bounced: number) => [{ from: 'example.com', provider: 'Google', delivered, bounced }];

test('lines are counted once: while it is followed, after a restart, and if the place is lost or spoilt', async () => {
  await writeFile(log(), delivery(1, 'sent'));
  const first = follow();
  await first.readNew();
  await appendFile(log(), delivery(2, 'bounced'));
  await first.readNew();
  await first.readNew();
  expect(await counts()).toEqual(sent(1, 1));
  expect(events).toEqual([
    { type: 'Bounces Recorded', detail: { source: expect.stringMatching(/^log-[0-9a-f]{8}$/) } },
  ]);
  await first.close();
  await appendFile(log(), delivery(3, 'sent'));
  const second = follow();
  await second.readNew();
  await second.close();
  expect(await counts()).toEqual(sent(2, 1));
  const [place = ''] = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  for (const lose of [rm, (file: string) => writeFile(file, '{"version":1,')]) {
    await lose(path.join(folder, place));
    const third = follow();
    await third.readNew();
    await third.close();
    expect(await counts()).toEqual(sent(2, 1));
  }
  expect(errors).toEqual([]);
});

test('a rotated log is read to its end', async () => {
  await writeFile(log(), delivery(1, 'sent'));
  const followed = follow();
  await followed.readNew();
  await appendFile(log(), delivery(2, 'bounced'));
  await rename(log(), `${log()}.1`);
  await writeFile(log(), delivery(3, 'sent'));
  await followed.readNew();
  await followed.close();
  expect(await counts()).toEqual(sent(2, 1));
});

test('what could not be counted is read again, and the trouble is told once', async () => {
  await writeFile(log(), delivery(1, 'sent'));
  const followed = follow();
  failing = true;
  await followed.readNew();
  await followed.readNew();
  expect(errors).toHaveLength(1);
  failing = false;
  await followed.readNew();
  await followed.close();
  expect(await counts()).toEqual(sent(1, 0));
});

test('a log that is not there is told in words, once, and read when it comes', async () => {
  const followed = follow();
  await followed.readNew();
  await followed.readNew();
  expect(errors).toEqual([`Error: the log ${log()} cannot be read: ENOENT`]);
  await writeFile(log(), delivery(1, 'sent'));
  await followed.readNew();
  await followed.close();
  expect(await counts()).toEqual(sent(1, 0));
});

test('no recipient is stored, neither in the table nor in a file', async () => {
  await writeFile(log(), delivery(1, 'bounced'));
  const followed = follow();
  await followed.readNew();
  await followed.close();
  const files = await Promise.all(
    (await readdir(folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFile(path.join(folder, file), 'utf8')),
  );
  expect(files).toHaveLength(1);
  const stored = JSON.stringify([await table.query('bounces', {}), files]);
  expect(stored).toContain('5.1.1');
  expect(stored).not.toMatch(/jane|roe/i);
});
