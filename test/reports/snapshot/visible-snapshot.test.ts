/** What the page hides is in none of its files. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageSettings, type StatusPage } from '../../../lambda/config/page/status-page.ts';
import type {
  FindingSnapshot,
  PlannedSnapshot,
  Snapshot,
  VantageSnapshot,
} from '../../../lambda/reports/snapshot/snapshot.ts';
import { visibleSnapshot } from '../../../lambda/reports/snapshot/visible-snapshot.ts';
import { visibleLine } from '../../../lambda/reports/visibility/visible-line.ts';
import { siteFiles } from '../../../web/site.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot, vantageSnapshot } from '../../web/snapshot.ts';
import { arbitrarySnapshot, SECRET, SHOW_RULES } from './arbitrary-snapshot.ts';

/** Paths of files that have the mark. */
function filesWithSecret(snapshot: Snapshot): readonly string[] {
  return [...siteFiles(snapshot)].flatMap(([path, { body }]) =>
    path.includes(SECRET) || body.includes(SECRET) ? [path] : [],
  );
}

describe('for any snapshot', () => {
  test('no file of the page has a text that is hidden', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, fc.constantFrom(...SHOW_RULES), (snapshot, show) => {
        expect(filesWithSecret(visibleSnapshot(snapshot, show))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('they would be in its files', () => {
    const counts = fc.sample(arbitrarySnapshot, 50).map((snapshot) => filesWithSecret(snapshot).length);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(25);
  });

  test('what is visible stays as it is when it is made visible again, and names have all of their figures', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, fc.constantFrom(...SHOW_RULES), (snapshot, show) => {
        const visible = visibleSnapshot(snapshot, show);
        expect(visibleSnapshot(visible, show)).toEqual(visible);
        const named = (all: Snapshot) => all.targets.filter(({ id }) => !id.startsWith('none-'));
        const figures = (all: Snapshot) =>
          named(all).map(({ id, verdict, days, uptime, latency }) => [id, verdict, days, uptime, latency]);
        expect(figures(visible)).toEqual(figures(snapshot));
      }),
    );
  });

  test('where all is shown in full, nothing is left out', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, (snapshot) => {
        const visible = visibleSnapshot(snapshot, { rules: [], others: 'full' });
        expect(visible).toEqual(snapshot);
      }),
    );
  });
});

/** Every object, by the keys on the way to it. A field that has no rule is missing. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysOf(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [`${path}.${key}`, ...keysOf(one, `${path}.${key}`)]);
}

test('every field has a rule', () => {
  const planned: PlannedSnapshot = {
    ...{
      id: 'database@2026-11-26T00:00:00Z',
      kind: 'window',
      state: 'in_progress',
      name: 'database',
      why: 'a new disk',
    },
    ...{ from: '2026-11-26T00:00:00Z', until: '2026-11-26T06:00:00Z', subjects: ['mx1'], domains: [] },
  };
  const held = { why: 'window', what: 'database', since: '2026-11-26T00:00:00Z', until: null } as const;
  const acknowledged = { at: '2026-11-25T06:10:00Z', by: 'ops' };
  const timeline = [{ at: '2026-11-25T06:09:55Z', what: 'down: 2 of 3 entitled vantages voted down, quorum 2' }];
  const full = snapshotWith({
    targets: [targetSnapshot({ held })],
    incidents: [incidentSnapshot({ acknowledged, timeline, alerts: null })],
    planned: [planned],
    troubles: [{ kind: 'trip', subject: 'out', what: ['trip-late'], since: '2026-11-26T00:00:00Z' }],
  });
  const named = visibleSnapshot(full, { rules: [], others: 'name' });
  const emptied = /transcript/;
  expect(keysOf(named).filter((key) => !emptied.test(key))).toEqual(keysOf(full).filter((key) => !emptied.test(key)));
});

const show = (written: StatusPage) => pageSettings({ statusPage: written }, 'aws').show;

describe('what a vantage runs, its address, and why it is blind', () => {
  const vantages = [vantageSnapshot({ blindWhy: 'cannot reach its control server' })];
  const told = ({ blindWhy, release, egress }: VantageSnapshot) => [blindWhy, release, egress];
  test.each<[string, StatusPage, boolean]>([
    ['a private page', { access: 'private' }, true],
    ['a private page that hides a target', { access: 'private', show: { mx1: 'name' } }, false],
    ['a public page', { access: 'public' }, false],
    ['a public page that shows all', { access: 'public', show: { '*': 'full' } }, true],
  ])('on %s', (_, written, isShown) => {
    const visible = visibleSnapshot(snapshotWith({ vantages }), show(written));
    const expected = isShown ? vantages.map(told) : [[null, null, null]];
    expect(visible.vantages.map(told)).toEqual(expected);
    expect(siteFiles(visible).get('metrics')?.body.includes('192.0.2.25')).toBe(isShown);
  });
});

describe('domains', () => {
  const finding: FindingSnapshot = {
    ...{ domain: 'example.com', kind: 'posture', code: 'spf-missing', subject: 'mx1.example.com' },
    ...{ since: '2026-11-26T00:00:00Z', acknowledged: null },
  };
  const findings = (written: StatusPage) =>
    visibleSnapshot(snapshotWith({ findings: [finding] }), show(written)).findings;
  test.each<[string, StatusPage, number]>([
    ['on a private page', { access: 'private' }, 1],
    ['on a public page', { access: 'public' }, 0],
    ['on a public page that shows all', { access: 'public', show: { '*': 'full' } }, 1],
    ['while a host of it is hidden', { access: 'private', show: { mx1: 'name' } }, 0],
    ['that is hidden', { access: 'private', show: { 'example.com': 'none' } }, 0],
  ])('the findings of one %s', (_, written, count) => expect(findings(written)).toHaveLength(count));

  test.each([
    ['the host of a hidden target', 'mx9.example.net', 0],
    ['it among other words', 'a:MX9.example.net. of example.com', 0],
    ['the address of a hidden target', '192.0.2.25 zen.example.org', 0],
    ['the address of a hidden target of IPv6', '2001:db8::25 zen.example.org', 0],
    ['another host', 'mx1.example.net', 1],
  ])('a finding about %s in another domain', (_, subject, count) => {
    const targets = [
      targetSnapshot({ id: 'mx9', endpoint: 'mx9.example.net:25' }),
      targetSnapshot({ id: 'submission', endpoint: '192.0.2.25:587' }),
      targetSnapshot({ id: 'six', endpoint: '[2001:db8::25]:587' }),
    ];
    const written = { access: 'public', show: { 'example.com': 'full' } } as const;
    const found = visibleSnapshot(snapshotWith({ targets, findings: [{ ...finding, subject }] }), show(written));
    expect(found.findings).toHaveLength(count);
  });
});

describe('holds', () => {
  const planned: PlannedSnapshot = {
    ...{ id: 'mute-1@2026-11-26T00:00:00Z', kind: 'mute', state: 'in_progress', name: null, why: 'mx2 moves' },
    ...{ from: '2026-11-26T00:00:00Z', until: '2026-11-26T06:00:00Z', subjects: ['mx1', 'mx2'], domains: [] },
  };
  const held = (why: 'mute' | 'behind', what: string) =>
    targetSnapshot({ held: { why, what, since: '2026-11-26T00:00:00Z', until: null } });
  const visible = (why: 'mute' | 'behind', what: string, written: StatusPage) =>
    visibleSnapshot(snapshotWith({ targets: [held(why, what)], planned: [planned] }), show(written));

  test('a reason that names the host of a hidden target is not shown, whatever the mute is about', () => {
    const why = 'moves to Relay.example.net';
    const targets = [targetSnapshot({ id: 'mx1' }), targetSnapshot({ id: 'relay', endpoint: 'relay.example.net:25' })];
    const whyOf = (written: StatusPage) =>
      visibleSnapshot(snapshotWith({ targets, planned: [{ ...planned, why, subjects: ['mx1'] }] }), show(written))
        .planned[0]?.why;
    expect(whyOf({ access: 'private', show: { relay: 'none' } })).toBeNull();
    expect(whyOf({ access: 'private', show: { other: 'none' } })).toBe(why);
  });

  test('the reason of a mute is shown if all that it is about is', () => {
    const all = visible('mute', 'mx2 moves', { access: 'private' });
    expect([all.targets[0]?.held?.what, all.planned[0]?.why, all.planned[0]?.subjects]).toEqual([
      'mx2 moves',
      'mx2 moves',
      ['mx1', 'mx2'],
    ]);
    const some = visible('mute', 'mx2 moves', { access: 'private', show: { mx2: 'none' } });
    expect([some.targets[0]?.held?.what, some.planned[0]?.why, some.planned[0]?.subjects]).toEqual([
      null,
      null,
      ['mx1'],
    ]);
  });

  test('a target that is not on the page is not named by those behind it', () => {
    expect(visible('behind', 'mx2', { access: 'public' }).targets[0]?.held?.what).toBe('mx2');
    expect(visible('behind', 'mx2', { access: 'public', show: { mx2: 'none' } }).targets[0]?.held?.what).toBeNull();
  });
});

test.each([
  ['eu-west-1 failed at greeting: greeting-refused'],
  ['local warned at certificate: certificate-expiring'],
  ['us-gov-west-1 failed at an unnamed phase: no code'],
  ['down: 2 of 3 entitled vantages voted down, quorum 2'],
  ['degraded: 1 of 3 entitled vantages voted down, quorum 2: some vantages still fail'],
  [
    'degraded: 0 of 3 entitled vantages voted down, quorum 2; at least 2 of 3 warn: certificate-expiring (threshold 14 days)',
  ],
  ['up: 0 of 3 entitled vantages voted down, quorum 2; steady for 31 minutes'],
  ['degraded: 1 of 3 entitled vantages voted down, quorum 2: eu-west-1, local failing for 16 minutes'],
  ['withdrawn: no longer in the config'],
  ['… 7 changes left out'],
])('shown as it is: %s', (line) => expect(visibleLine(line)).toBe(line));

test.each([
  ['acknowledged by ops@example.com', 'acknowledged'],
  [
    'unknown: 1 of 3 vantages entitled to vote, 2 needed (eu-west-1 stale: last round)',
    'unknown: 1 of 3 vantages entitled to vote, 2 needed',
  ],
  ['down: mx1.example.com says no', 'down'],
  ['downtown', null],
  ['eu-west-1 failed at greeting: 554 5.3.2', null],
  ['mx1.example.com failed at greeting: greeting-refused', null],
])('%s is %j', (line, shown) => expect(visibleLine(line)).toBe(shown));
