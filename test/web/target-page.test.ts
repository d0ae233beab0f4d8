import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recentShard } from '../../lambda/reports/history-shards/read-shards.ts';
import { dataScript } from '../../web/markup/html.ts';
import { siteFiles } from '../../web/site.ts';
import { refused } from '../history/samples.ts';
import { HOSTILE, snapshotWith, targetSnapshot } from './snapshot.ts';

const NOW = Date.parse('2026-11-26T09:12:00Z');

function pageWith(reply: string): string {
  const sample = { ...refused, reply, detail: reply, transcript: [reply] };
  const samples = [{ vantage: 'eu-west-1', round: '2026-11-26T09:11:00Z', sample }];
  const target = { id: 'mx1', detail: 'full' as const, incidents: [], planned: [] };
  const shard = recentShard(target, samples, { from: NOW - 10_800_000, to: NOW });
  return siteFiles(snapshotWith(), new Map([['mx1', shard]])).get('targets/mx1.html')?.body ?? '';
}

const dataOf = (page: string) => /<script type="application\/json" id="recent">(.*?)<\/script>/s.exec(page)?.[1] ?? '';

test('the page of a target has its last rounds as data, its pictures for readers without script, and the script', () => {
  const page = pageWith('554 no');
  expect(JSON.parse(dataOf(page))).toMatchObject({ version: 1, grain: 'round', target: 'mx1' });
  expect(page).toContain('<script src="../history.js" defer></script>');
  const [, place = ''] = /<div id="history"[^>]*>(.*?)<\/div>\n<script/s.exec(page) ?? [];
  expect(place).toContain('aria-label="4 sessions, 1 failed"');
  expect(page).toContain('data-shards="../data/mx1/" data-vantages="[&quot;eu-west-1&quot;]"');
});

test('what a server said is data: it cannot end its element, and nothing in it is invisible', () => {
  const page = pageWith(HOSTILE);
  const data = dataOf(page);
  expect(data).not.toMatch(/[<>&]|\p{Cc}|\p{Cf}/u);
  expect(data).toContain('\\u003cscript');
  const { values } = JSON.parse(data).hours[0].vantages['eu-west-1'].sessions.findings;
  expect(values[0][2]).toBe(HOSTILE);
  expect(page.match(/<script/g)).toHaveLength(3);
});

test('any data comes out as it went in, in visible ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = dataScript('recent', { text });
      const [, data = ''] = /^<script type="application\/json" id="recent">([ -;=?-~]*)<\/script>$/.exec(markup) ?? [];
      expect(JSON.parse(data)).toEqual({ text });
    }),
  );
});

test('neighbours with one outcome are one picture', () => {
  const points = Array.from({ length: 180 }, (_, nth) => [nth * 60_000, 100, nth === 90 ? 'warn' : 'pass'] as const);
  const target = targetSnapshot({ latency: [{ vantage: 'eu-west-1', points }] });
  const page = siteFiles(snapshotWith({ targets: [target] })).get('targets/mx1.html')?.body ?? '';
  const [heat = ''] = /<table class="heat">.*?<\/table>/s.exec(page) ?? [];
  expect(heat.match(/<rect/g)).toHaveLength(3);
  expect(heat).toContain('1970-01-01 00:00 UTC to 1970-01-01 01:29 UTC, 90 sessions: pass');
  expect(heat).toContain('aria-label="180 sessions, 0 failed"');
});

test('a page names the shards of its target that there are, and none of another', () => {
  const listOf = (shards: readonly string[] | null) =>
    /<script type="application\/json" id="shards">(.*?)<\/script>/s.exec(
      siteFiles(snapshotWith({ targets: [targetSnapshot({ id: 'mx1' })] }), new Map(), shards).get('targets/mx1.html')
        ?.body ?? '',
    )?.[1] ?? null;
  const shards = ['data/mx1/round/2026-11-26.json', 'data/mx10/round/2026-11-26.json', 'data/mx1/day/2026-11-01.json'];
  expect(JSON.parse(listOf(shards) ?? '')).toEqual(['day/2026-11-01.json', 'round/2026-11-26.json']);
  expect(listOf(['logo.svg'])).toBe('[]');
  expect(listOf(null)).toBeNull();
});

test('the picture counts the sessions that it shows', () => {
  const points = Array.from({ length: 205 }, (_, nth) => [nth * 60_000, null, 'fail'] as const);
  const target = targetSnapshot({ latency: [{ vantage: 'eu-west-1', points }] });
  const page = siteFiles(snapshotWith({ targets: [target] })).get('targets/mx1.html')?.body ?? '';
  expect(page).toContain('aria-label="200 sessions, 200 failed"');
});

test.each([
  ['2027-01-10', 'Certificate until 2027-01-10, 45 days left'],
  ['2026-11-27', 'Certificate until 2026-11-27, 1 day left'],
  ['2026-11-24', 'Certificate until 2026-11-24, expired 2 days before'],
  ['soon', 'Certificate until soon<'],
])('the last session has the days that its certificate had left: until %s', (certificateExpires, text) => {
  const { last } = targetSnapshot();
  const target = targetSnapshot({
    last: last.map((one) => ({ ...one, round: '2026-11-26T09:11:00Z', certificateExpires })),
  });
  expect(siteFiles(snapshotWith({ targets: [target] })).get('targets/mx1.html')?.body).toContain(text);
});
