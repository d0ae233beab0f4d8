import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginDrill, endDrill, withDue } from '../../../lambda/consensus/drill/drill.ts';
import { type DrillStore, openDrillStore } from '../../../lambda/history/drills/drill-store.ts';
import { inProcess } from '../cli.ts';
import { type HistoryFolder, openHistoryFolder } from '../history-folder.ts';

const DUE = Date.parse('2026-11-23T09:00:00Z');
let folder: string;
let config: string;
let own: HistoryFolder;
let store: DrillStore;

beforeAll(async () => {
  own = await openHistoryFolder();
  folder = own.folder;
  config = path.join(folder, 'smtp-quorum.yaml');
  writeFileSync(config, 'vantages: [local]\ntargets: [{ id: mx1, host: mx1.example.net }]\n');
  store = openDrillStore(own.table);
});

afterAll(() => own.close());

const run = (command: string, ...args: readonly string[]) =>
  inProcess([command, ...args, '--folder', folder, '--config', config]);

test('`acknowledge drill` acknowledges the one that is open, once', async () => {
  expect((await run('acknowledge', 'drill')).stderr).toContain('no drill is open');
  const { record, open } = beginDrill(withDue(null, DUE, DUE), DUE, 900_000);
  await store.writeRecord(record, 0);
  const { code, stdout } = await run('acknowledge', 'drill', '--by', 'ops@example.com');
  expect([code, stdout]).toEqual([0, `acknowledged ${open.id}, by ops@example.com\n`]);
  expect((await store.record())?.open?.acknowledged?.by).toBe('ops@example.com');
  expect((await run('acknowledge', 'drill')).stderr).toMatch(/was acknowledged already, by ops@example\.com at /);
});

test('`report` has the last one in every form but CSV', async () => {
  const stored = await store.record();
  const open = stored?.open;
  if (stored == null || open == null) throw new Error('no drill is open');
  const receivers = [{ entry: 'ops', reached: null, why: 'HTTP 503 | <b>' }];
  const acknowledged = { at: '2026-11-23T09:00:42Z', by: 'ops@example.com' };
  const last = endDrill({ ...open, acknowledged }, receivers, DUE + 60_000);
  await store.writeRecord({ ...stored, open: null, last }, stored.version);
  const shown = async (format: string) => (await run('report', '--utc', '--format', format)).stdout;
  const text = 'acknowledged by ops@example.com after 42 s; 0 of 1 receivers reached; not reached: ops (HTTP 503 ';
  expect(await shown('text')).toMatch(/\nLast drill\n\n\s*2026-11-23 09:00:00 UTC: acknowledged by ops/);
  expect(await shown('markdown')).toContain(`| 2026-11-23 09:00:00 UTC | ${text}\\| <b>) |`);
  expect(await shown('html')).toContain(`${text}| &lt;b&gt;)`);
  expect(JSON.parse(await shown('json')).drill).toEqual(JSON.parse(JSON.stringify(last)));
  expect(await shown('csv')).not.toContain('ops@example.com');
});
