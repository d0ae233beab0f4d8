import { expect, test } from 'vitest';
import { siteOf } from '../../lambda/publish/visible-site.ts';
import type { Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from '../web/snapshot.ts';

const nothing = { files: new Map(), read: async () => null };

/** Files that a publication between the hours writes, when the second snapshot comes after the first. */
function changedFiles(before: Snapshot, after: Snapshot): readonly string[] {
  const newsOf = (snapshot: Snapshot) => {
    const site = siteOf({ snapshot, recent: new Map(), logo: [], history: nothing, reports: nothing }, false);
    return new Map([...site.files].map(([path, { news }]) => [path, news]));
  };
  const [old, now] = [newsOf(before), newsOf(after)];
  return [...now].filter(([path, news]) => old.get(path) !== news).map(([path]) => path);
}

const roundLater = (target: TargetSnapshot): TargetSnapshot => ({
  ...target,
  last: target.last.map((one) => ({ ...one, round: '2026-11-26T09:12:00Z', total: 130 })),
});

const votesOf = (rounds: number) => ({
  vantages: ['eu-west-1'],
  moments: Array.from({ length: rounds }, (_, nth) => ({
    at: `2026-11-26T09:1${nth}:00Z`,
    outcomes: ['fail' as const],
    votes: ['down' as const],
    needed: 1,
    verdict: 'down' as const,
  })),
  gap: null,
});

test('a round is no news of a target that is up', () => {
  const target = targetSnapshot();
  const later = { ...snapshotWith({ targets: [roundLater(target)] }), at: '2026-11-26T09:13:00Z' };
  expect(changedFiles(snapshotWith({ targets: [target] }), later)).not.toContain('targets/mx1.html');
});

test.each(['down', 'degraded', 'unknown'] as const)('a round of a target that is %s is news of its page', (verdict) => {
  const [mx1, mx2] = [targetSnapshot({ verdict }), targetSnapshot({ id: 'mx2' })];
  const before = snapshotWith({ targets: [mx1, mx2] });
  const after = snapshotWith({ targets: [roundLater(mx1), roundLater(mx2)] });
  const changed = changedFiles(before, after);
  expect(changed).toContain('targets/mx1.html');
  expect(changed).not.toContain('targets/mx2.html');
});

test('a round of an open incident, which has votes, is news of its page, and not of the list of all', () => {
  const page = (moments: number) =>
    snapshotWith({ incidents: [incidentSnapshot({ closed: null, votes: votesOf(moments) })] });
  expect(changedFiles(page(1), page(2)).filter((path) => path.endsWith('.html'))).toEqual([
    'incidents/mx1-20261125T060948Z.html',
  ]);
});
