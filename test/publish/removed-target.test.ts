/** A target that is taken out of the config. */
import { expect, test } from 'vitest';
import { publish } from '../../lambda/publish/publish.ts';
import { siteOf } from '../../lambda/publish/visible-site.ts';
import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from '../web/snapshot.ts';
import { memorySite } from './memory-site.ts';

const nothing = { files: new Map(), read: async () => null };
const START = Date.parse('2026-11-26T09:30:00Z');

async function publishAll(store: ReturnType<typeof memorySite>, snapshots: readonly Snapshot[]): Promise<void> {
  for (const [nth, snapshot] of snapshots.entries())
    await publish({
      ...{ store, shows: 'rules', by: `run${nth}`, now: () => START + nth, deadline: START + 60_000 },
      newsAt: Number.POSITIVE_INFINITY,
      read: async ({ isWhole }) =>
        siteOf({ snapshot, recent: new Map(), logo: [], history: nothing, reports: nothing }, isWhole),
    });
}

const PAGE = 'incidents/mx1-20261125T060948Z.html';
const open = incidentSnapshot({ closed: null });
const shown = snapshotWith({ targets: [targetSnapshot({ verdict: 'down' })], incidents: [open] });
const removed = snapshotWith({ targets: [targetSnapshot({ id: 'mx2' })], incidents: [] });

test('the page of its open incident is removed: nobody writes its end, and it would say for good that the target is down', async () => {
  const store = memorySite();
  await publishAll(store, [shown]);
  expect(store.objects.get(PAGE)?.body).toContain('open incident');
  await publishAll(store, [removed]);
  expect(store.objects.has(PAGE)).toBe(false);
});

test('the page of an incident that had ended stays', async () => {
  const store = memorySite();
  await publishAll(store, [shown, snapshotWith(), removed]);
  expect(store.objects.get(PAGE)?.body).toContain('ended incident');
});

test('an open incident is written when it has news alone', async () => {
  const store = memorySite();
  await publishAll(store, [shown, shown]);
  expect(store.log.filter((path) => path === PAGE)).toHaveLength(1);
});
