/** Windows, mutes and holds of a snapshot, from a table with all kinds of them. */
import { expect, test } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { readPlannedSnapshots } from '../../../lambda/reports/snapshot/planned-snapshot.ts';
import { alert } from '../../alert/alerts.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

// A Sunday.
const now = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (hours: number) => isoSeconds(now + hours * HOUR);

const config = (() => {
  const parsed = parseConfig(
    `maintenance:
  - { id: patches, zone: UTC, weekly: 'Sun 11:00-13:00', why: patches, tags: [edge] }
  - { id: database, zone: UTC, weekly: 'Sun 10:00-11:30', why: a new disk, targets: [mx2], overrun: 1h }
  - { id: move, from: '2026-12-01T22:00Z', until: '2026-12-02T02:00Z', why: new rack }
targets: [{ id: mx1, host: mx1.example.com, tags: [edge] }, { id: mx2, host: mx2.example.com }, { id: in, domain: example.com }]
`,
    'smtp-quorum.yaml',
    () => '',
    now,
  );
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.config;
})();

async function read(table: Table) {
  return await readPlannedSnapshots({ table, config }, ['mx1', 'mx2', 'in'], now - 90 * DAY, now);
}

test('in force, in the grace after it, and next', async () => {
  const { planned } = await read(openInMemoryTable());
  expect(planned).toEqual([
    {
      ...{ id: `patches@${at(-1)}`, kind: 'window', state: 'in_progress', name: 'patches', why: 'patches' },
      ...{ from: at(-1), until: at(1), subjects: ['mx1'], domains: [] },
    },
    {
      ...{ id: `database@${at(-2)}`, kind: 'window', state: 'verifying', name: 'database', why: 'a new disk' },
      ...{ from: at(-2), until: at(-0.5), subjects: ['mx2'], domains: [] },
    },
    expect.objectContaining({ id: `database@${at(166)}`, state: 'scheduled', subjects: ['mx2'] }),
    expect.objectContaining({ id: `patches@${at(167)}`, state: 'scheduled', subjects: ['mx1'] }),
    {
      ...{ id: 'move@2026-12-01T22:00:00Z', kind: 'window', state: 'scheduled', name: 'move', why: 'new rack' },
      ...{ from: '2026-12-01T22:00:00Z', until: '2026-12-02T02:00:00Z' },
      ...{ subjects: ['mx1', 'mx2', 'in'], domains: ['example.com'] },
    },
  ]);
});

test('what is over is as it was in force, newest first, and joined if it was kept in parts', async () => {
  const table = openInMemoryTable();
  const windows = openWindowStore(table);
  const kept = (id: string, from: number, until: number, subjects: readonly string[] | null) =>
    windows.keep({
      kind: 'window',
      id,
      why: `${id} of old`,
      from: now + from * HOUR,
      until: now + until * HOUR,
      subjects,
    });
  await kept('before-the-page', -100 * 24, -99 * 24, null);
  await kept('database', -2, -0.5, ['mx2']);
  await kept('old', -300, -299, null);
  await kept('parts', -200, -199, [...Array.from({ length: 1600 }, (_, nth) => `other${nth}`), 'mx2', 'in']);
  const { planned } = await read(table);
  const ended = planned.filter(({ state }) => state === 'completed');
  expect(ended.map(({ id, subjects, why }) => [id, subjects, why])).toEqual([
    [`parts@${at(-200)}`, ['mx2', 'in'], 'parts of old'],
    [`old@${at(-300)}`, ['mx1', 'mx2', 'in'], 'old of old'],
  ]);
});

test('a mute has its reason, and holds what it is about', async () => {
  const table = openInMemoryTable();
  const mute = { from: now - HOUR, until: now + HOUR, why: 'power', by: 'ops', version: 1 };
  await openWindowStore(table).writeMute({ ...mute, id: 'mute-1', targets: ['in'] });
  await openWindowStore(table).writeMute({ ...mute, id: 'mute-2', targets: ['*'], until: now - 60_000 });
  const { planned, heldOf } = await read(table);
  const muted = planned.filter(({ kind }) => kind === 'mute');
  expect(muted).toEqual([
    {
      ...{ id: `mute-1@${at(-1)}`, kind: 'mute', state: 'in_progress', name: null, why: 'power' },
      ...{ from: at(-1), until: at(1), subjects: ['in'], domains: [] },
    },
  ]);
  expect(heldOf({ name: 'in', tags: [] })).toEqual({ why: 'mute', what: 'power', since: at(-1), until: at(1) });
  expect(heldOf({ name: 'mx1', tags: ['edge'] })).toEqual({
    ...{ why: 'window', what: 'patches', since: at(-1), until: at(1) },
  });
  // Its window is over: only what began in it is held.
  expect(heldOf({ name: 'mx2', tags: [] })).toBeNull();
});

test('an open incident that routing holds is held, whatever else is in force', async () => {
  const table = openInMemoryTable();
  const held = { why: 'behind', what: 'mx1', since: at(-3), until: null } as const;
  const told = { ...alert('down'), subject: 'mx2' };
  const notification: Notification = {
    ...{ incident: `mx2@${at(-3)}`, alert: told, severity: 'critical', since: {}, told: {}, waiting: [] },
    ...{ held, acknowledged: null, owed: [], taken: [], reissued: 0, listed: [], closed: null },
  };
  const store = openNotifications(table, { now: () => now });
  await store.change(notification.incident, () => notification);
  expect((await read(table)).heldOf({ name: 'mx2', tags: [] })).toEqual(held);
  await store.change(notification.incident, (stored) => stored && { ...stored, closed: at(-1) });
  expect((await read(table)).heldOf({ name: 'mx2', tags: [] })).toBeNull();
});
