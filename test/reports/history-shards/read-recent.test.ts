import { expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { readRecentShards } from '../../../lambda/reports/history-shards/read-recent.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { sessionsInShards } from '../../../web/history/sessions.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE = 60_000;
const name = (minutes: number) => `${new Date(NOW + minutes * MINUTE).toISOString().slice(0, 19)}Z`;

test('the last three hours of each target, with transcripts, incidents and windows; hidden ones with times alone', async () => {
  const table = openInMemoryTable(() => NOW);
  const history = openHistory(table, { now: () => NOW });
  for (let minute = -240; minute <= 0; minute += 10)
    await history.recordRound(
      roundOf('eu-west-1', name(minute), { mx1: minute === -20 ? refused : healthy, mx2: refused }),
    );
  await openWindowStore(table).keep({
    kind: 'window',
    id: 'patches',
    why: 'updates',
    from: NOW - 60 * MINUTE,
    until: NOW - 30 * MINUTE,
    subjects: null,
  });
  await openWindowStore(table).keep({
    ...{ kind: 'mute', id: 'mute-1', why: 'work', from: NOW - 600 * MINUTE, until: NOW - 590 * MINUTE },
    subjects: ['mx2'],
  });
  const source = await openReportSource(table, null);
  const incidents = [
    { id: 'mx1@a', target: 'mx1', opened: name(-20), closed: null, verdict: 'down' as const },
    { id: 'mx2@a', target: 'mx2', opened: name(-500), closed: name(-400), verdict: 'down' as const },
    // Before the day before: shards of days have it.
    { id: 'mx2@b', target: 'mx2', opened: name(-2_400), closed: name(-2_200), verdict: 'down' as const },
  ];
  const targets = [
    { id: 'mx1', detail: 'full' as const },
    { id: 'mx2', detail: 'name' as const },
  ];
  const page = { targets, vantages: ['eu-west-1'], incidents };
  const shards = await readRecentShards(source, openRecentRounds(), page, NOW);
  const [mx1, mx2] = [shards.get('mx1'), shards.get('mx2')];
  const sessions = sessionsInShards(mx1 === undefined ? [] : [mx1]);
  expect(sessions.map(({ round }) => round)).toEqual(Array.from({ length: 19 }, (_, nth) => name(nth * 10 - 180)));
  expect(sessions.find(({ outcome }) => outcome === 'fail')?.seen).toMatchObject({
    code: refused.code,
    reply: refused.reply,
    transcript: refused.transcript,
  });
  expect(mx1?.incidents).toEqual([{ id: 'mx1@a', from: name(-20), to: null, verdict: 'down' }]);
  expect(mx1?.windows).toEqual([{ kind: 'window', from: name(-60), to: name(-30), why: 'updates' }]);
  // A chart of days has no shard of this day yet.
  expect(mx2?.incidents).toEqual([{ id: 'mx2@a', from: name(-500), to: name(-400), verdict: 'down' }]);
  expect(mx2?.windows).toEqual([
    { kind: 'mute', from: name(-600), to: name(-590), why: null },
    { kind: 'window', from: name(-60), to: name(-30), why: null },
  ]);
  expect(JSON.stringify(mx2)).not.toMatch(/554|greeting-refused|198\.51|QUIT|updates/);
});
