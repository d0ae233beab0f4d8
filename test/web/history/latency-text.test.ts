import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyText } from '../../../web/history/latency-text.ts';
import { siteFiles } from '../../../web/site.ts';
import { snapshotWith, targetSnapshot, vantageSnapshot } from '../snapshot.ts';

test.each([
  [0, '0.0 ms'],
  [9.94, '9.9 ms'],
  [9.96, '10 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1_234, '1.23 s'],
  [9_994, '9.99 s'],
  [9_996, '10.0 s'],
  [61_000, '61.0 s'],
])('%f ms is %s', (length, text) => {
  expect(latencyText(length)).toBe(text);
});

test('a longer time never has words of a shorter one', () => {
  const read = (text: string) => Number.parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);
  const length = fc.double({ min: 0, max: 100_000, noNaN: true });
  fc.assert(
    fc.property(length, length, (a, b) => {
      expect(read(latencyText(Math.max(a, b)))).toBeGreaterThanOrEqual(read(latencyText(Math.min(a, b))));
    }),
  );
});

test('all pages write the time of a session alike', () => {
  const [sample] = targetSnapshot().last;
  if (sample === undefined) throw new Error('the example has a session');
  const points = [0, 1].map((nth) => [nth * 60_000, 1_234, 'pass'] as const);
  const target = targetSnapshot({
    last: [{ ...sample, outcome: 'pass', total: 1_234, timings: { connect: 1_234 } }],
    latency: [{ vantage: sample.vantage, points }],
  });
  const files = siteFiles(snapshotWith({ targets: [target], vantages: [vantageSnapshot({ lag: 1_234 })] }));
  for (const path of ['index.html', 'vantages.html', 'targets/mx1.html']) {
    const times = new Set(files.get(path)?.body.match(/\b1\.[\d]+ s\b/g));
    expect([path, ...times]).toEqual([path, '1.23 s']);
  }
});
