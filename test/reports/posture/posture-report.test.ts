import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postureFigures, postureLines } from '../../../bin/display/report/posture-section.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openPostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import { POSTURE_AREAS } from '../../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import { readPostureReport } from '../../../lambda/reports/posture/posture-report.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { found, HOUR, listed, MINUTE, START, unable } from '../../consensus/posture/runs.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const VANTAGES = ['us-east-1', 'eu-west-1'];
const config = {
  home: 'us-east-1',
  policy: { vantages: VANTAGES },
  targets: [],
  posture: [{ domain: 'example.com', ignore: [] }],
} as unknown as Config;

const SEES: Readonly<Record<string, readonly PostureFinding[]>> = {
  '.': [found('dmarc-enforced', 'example.com')],
  L: [found('dmarc-enforced', 'example.com'), listed('192.0.2.25')],
  B: [found('dmarc-policy-none', 'example.com'), listed('192.0.2.25'), listed('192.0.2.26')],
  N: [found('dmarc-policy-none', 'example.com')],
  M: [found('dmarc-missing', 'example.com')],
  u: [unable('dnsbl', 'example.com'), unable('dmarc', '_dmarc.example.com')],
};

/** Rows of runs, one each 15 minutes, all areas; `-` is none. Reported from the first run until 15 minutes after the last. */
async function reportOf(rows: readonly string[]) {
  let now = START;
  const table = openInMemoryTable(() => now);
  const history = openPostureHistory(table, { now: () => now });
  const steps = Math.max(...rows.map(({ length }) => length));
  for (let nth = 0; nth < steps; nth += 1) {
    now = START + nth * 15 * MINUTE;
    for (const [place, row] of rows.entries()) {
      const findings = SEES[row[nth] ?? '-'];
      const [vantage = '', began] = [VANTAGES[place], isoSeconds(now)];
      if (findings === undefined) continue;
      const run = { domain: 'example.com', vantage, began, ended: began, areas: POSTURE_AREAS, findings };
      const { at } = await history.recordPostureRun(run);
      await history.recordPostureWatch({
        vantage,
        began,
        areas: POSTURE_AREAS,
        items: { 'example.com': at },
        asked: [],
      });
    }
  }
  const verdict = {
    since: isoSeconds(START),
    findings: [],
    episodes: {},
    undecided: false,
    alerts: 0,
    lastAlert: null,
    owed: [],
  };
  await history.writePostureVerdict({ domain: 'example.com', ...verdict }, 0);
  const source = await openReportSource(table, {
    ...config,
    policy: { vantages: VANTAGES.slice(0, rows.length) },
  } as unknown as Config);
  const [times] = await readPostureReport(source, { from: START, to: START + steps * 15 * MINUTE });
  if (times === undefined) throw new Error('the domain is not there');
  return times;
}

const hours = (milliseconds: number) => milliseconds / HOUR;

describe('for how long a domain was listed', () => {
  test.each([
    ['from the first run that saw it until the first that did not', ['..LLLL....', '..LLLL....'], 1],
    ['while both vantages see it', ['..LLLLLL..', '....LLLLLL'], 1],
    ['not for one run', ['..L.......', '..L.......'], 0],
    ['at a single vantage', ['..LLLL....'], 1],
    ['while a vantage is silent, by the other', ['....LLLLLLLL', '.-----------'], 2 - 0.0],
    ['two listings at once, once', ['..BBLL..', '..BBLL..'], 1],
  ])('%s', async (_, rows, expected) => {
    const { listed: time } = await reportOf(rows);
    // A vantage that fell silent is taken at its last word until its freshness ends.
    expect(Math.abs(hours(time) - expected)).toBeLessThan(rows[1]?.includes('-') ? 0.3 : 0.01);
  });

  test('where, the longest first', async () => {
    const { listings } = await reportOf(['..BBLL..', '..BBLL..']);
    expect(listings.map(({ subject, listed: time }) => [subject, hours(time)])).toEqual([
      ['192.0.2.25 on zen.spamhaus.org', 1],
      ['192.0.2.26 on zen.spamhaus.org', 0.5],
    ]);
  });
});

test('how DMARC stood', async () => {
  const { dmarc } = await reportOf(['....NNNNMMMM', '....NNNNMMMM']);
  expect(hours(dmarc.enforced + dmarc.none + dmarc.broken)).toBe(3);
  expect([dmarc.enforced, dmarc.none, dmarc.broken].map(hours)).toEqual([1, 1, 1]);
});

test('the section of a report', async () => {
  const times = await reportOf(['..BBLL..', '..BBLL..']);
  expect(postureFigures(times)).toEqual([
    'example.com',
    '1 h',
    '192.0.2.25 on zen.spamhaus.org 1 h; 192.0.2.26 on zen.spamhaus.org 30 min',
    'enforced 1 h 30 min, none 30 min',
    '-',
    '-',
  ]);
  expect(postureLines(times)[0]).toBe(
    'example.com: listed for 1 h; DMARC enforced 1 h 30 min, none 30 min; unwatched never',
  );
});

test('listed, clear and unwatched are the span to the second, and so are the times of DMARC', async () => {
  const row = fc.array(fc.constantFrom(...'.LBNMu-----'), { minLength: 1, maxLength: 60 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 2 }), async (rows) => {
      const { listed: time, clear, unwatched, dmarc } = await reportOf(rows);
      const span = Math.max(...rows.map(({ length }) => length)) * 15 * MINUTE;
      expect(time + clear + unwatched).toBe(span);
      expect(Math.min(time, clear, unwatched)).toBeGreaterThanOrEqual(0);
      expect(dmarc.enforced + dmarc.none + dmarc.broken + dmarc.unwatched).toBe(span);
    }),
    { numRuns: 60 },
  );
});

test('time before the first run, and while both vantages are silent, is unwatched', async () => {
  const { unwatched, clear } = await reportOf(['----..--------..', '----..--------..']);
  // Fresh for 50 minutes after the run at 1 h 15 min.
  expect([hours(unwatched), hours(clear)].map((time) => Math.round(time * 60))).toEqual([60 + 85, 240 - 145]);
});
