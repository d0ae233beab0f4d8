import { expect, test } from 'vitest';
import type { VantageSnapshot } from '../../../../lambda/reports/snapshot/snapshot.ts';
import { vantagesPage } from '../../../../web/pages/vantages/vantages-page.ts';
import { HOSTILE, snapshotWith, vantageSnapshot } from '../../snapshot.ts';

const words = (given: Partial<VantageSnapshot>) =>
  vantagesPage(snapshotWith({ vantages: [vantageSnapshot(given)] }))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test.each<[string, Partial<VantageSnapshot>, readonly string[]]>([
  [
    'one that votes',
    {},
    [
      'eu-west-1 Votes',
      'Last round at 2026-11-26 09:11 UTC',
      '1438 of 1440 recorded (99.86 %)',
      '1 passed',
      'times none',
    ],
  ],
  [
    'one that is blind',
    { blind: true, blindSince: '2026-11-26T09:00:00Z', blindWhy: 'cannot reach its control server' },
    ['Blind since 2026-11-26 09:00 UTC : cannot reach its control server'],
  ],
  [
    'one that is blind, and why is hidden',
    { blind: true, blindSince: '2026-11-26T09:00:00Z', blindWhy: null },
    ['Blind since 2026-11-26 09:00 UTC Last round'],
  ],
  ['one whose last round is three rounds old', { lastRound: '2026-11-26T09:09:00Z' }, ['eu-west-1 Votes']],
  ['one whose last round is older', { lastRound: '2026-11-26T09:08:59Z' }, ['eu-west-1 Silent']],
  [
    'one without a round',
    { lastRound: null, rounds: null },
    ['eu-west-1 No round yet', 'last day not known', 'Last round none'],
  ],
  ['one that has just begun', { rounds: { recorded: 0, due: 0 } }, ['last day none was due yet']],
  ['one with an address of its own', {}, ['Version 0.1.0', 'Address of its sessions 192.0.2.25']],
  ['one in the network of Lambda', { egress: 'lambda' }, ['Address of its sessions changes (Lambda)']],
  ['one of which the address is not known', { egress: null }, ['Version 0.1.0', 'Address of its sessions not known']],
  ['one that lags', { lag: 120.4 }, ['times up to 120 ms']],
])('%s', (_, given, texts) => {
  for (const text of texts) expect(words(given)).toContain(text);
});

test('where the version is hidden, or an older one recorded the round, nothing is said of version and address', () => {
  const text = words({ release: null, egress: null });
  expect(text).toContain('Last sessions 1 passed');
  expect(text).not.toMatch(/Version|Address of its sessions|not known/);
});

test('a page without a vantage reads, and a hostile name stays text', () => {
  expect(vantagesPage(snapshotWith({ vantages: [] }))).toContain('No vantage has recorded a round yet.');
  const page = vantagesPage(
    snapshotWith({
      vantages: [
        vantageSnapshot({
          ...{ vantage: HOSTILE, blind: true, blindSince: '2026-11-26T09:00:00Z', blindWhy: HOSTILE },
          ...{ release: HOSTILE, egress: HOSTILE },
        }),
      ],
    }),
  );
  expect(page).not.toMatch(/<script>|<!--|[^\n\P{Cc}]|\p{Cf}/u);
  expect(page.match(/&lt;script&gt;/g)).toHaveLength(4);
});
