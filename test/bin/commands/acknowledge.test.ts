import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { type History, openHistory } from '../../../lambda/history/history.ts';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import { type Database, localTable, openDatabase } from '../../../local/database.ts';
import { inProcess } from '../cli.ts';

const opened = '2026-11-22T05:08:00Z';
const incident: Incident = {
  id: `mx1@${opened}`,
  target: 'mx1',
  opened,
  closed: null,
  verdict: 'down',
  witnesses: [],
  timeline: [],
};
const lease = { by: 'judge', until: Date.now() + 60_000 };

let folder: string;
let database: Database;
let history: History;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  database = await openDatabase(folder);
  history = openHistory(dynamodbTable(database.client, localTable));
  await history.writeJudgement({ target: 'mx1', verdict: 'down', since: opened, incident, owed: [] }, 0, lease);
  await history.writeJudgement({ target: 'mx2', verdict: 'up', since: opened, incident: null, owed: [] }, 0, null);
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const acknowledge = (...args: readonly string[]) => inProcess(['acknowledge', ...args, '--folder', folder]);

test('writes the name into the incident, and keeps the lease of the judge', async () => {
  const { code, stdout } = await acknowledge('mx1', '--by', 'ops@example.com');
  expect([code, stdout]).toEqual([0, `acknowledged ${incident.id}, by ops@example.com\n`]);
  const stored = await history.judgement('mx1');
  expect(stored?.incident?.acknowledged?.by).toBe('ops@example.com');
  expect(stored?.incident?.timeline.at(-1)?.what).toBe('acknowledged by ops@example.com');
  expect(stored?.lease).toEqual(lease);
});

test.each([
  { args: ['mx1'], message: 'mx1@2026-11-22T05:08:00Z was acknowledged by ops@example.com' },
  { args: ['mx2'], message: 'mx2 has no open incident' },
  { args: ['mx11'], message: "did you mean 'mx1'?" },
])('$args is rejected: $message', async ({ args, message }) => {
  const { code, stderr } = await acknowledge(...args);
  expect(code).toBe(3);
  expect(stderr).toContain(message);
});
