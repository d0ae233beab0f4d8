import { describe, expect, test } from 'vitest';
import { screenOf } from '../../../../bin/display/layout/screen.ts';
import { openView } from '../../../../bin/display/live/choose-view.ts';
import type { CheckedDomain, FailingFinding, PostureReport } from '../../../../lambda/posture-watch/run-report.ts';
import { context } from '../../../alert/alerts.ts';

const listed: FailingFinding = {
  area: 'dnsbl',
  code: 'dnsbl-listed',
  subject: '192.0.2.25 on bl.example\x1b[31m',
  detail: 'x',
};
const syntax: FailingFinding = { area: 'spf', code: 'spf-syntax', subject: 'example.com', detail: 'x' };

function report(failing: readonly FailingFinding[], extra: Partial<Extract<CheckedDomain, { kind: 'checked' }>> = {}) {
  const domain: CheckedDomain = {
    kind: 'checked',
    domain: 'example.com',
    scope: 'all',
    isWritten: true,
    at: '2026-11-26T13:02:00.000Z',
    fail: failing.length,
    warn: 1,
    unable: 0,
    ignored: 0,
    areas: ['spf', 'dnsbl'],
    open: [],
    failing,
    ...extra,
  };
  const whole: PostureReport = {
    vantage: 'local',
    scheduled: '2026-11-26T13:02:00Z',
    domains: [domain],
    left: 0,
    questions: 60,
    milliseconds: 812,
  };
  return whole;
}

function lines(reports: readonly PostureReport[], options: { format?: 'text' | 'json'; quiet?: boolean } = {}) {
  const written: string[] = [];
  const output = { isTTY: false, rows: 40, columns: 120, write: (text: string) => void written.push(text) };
  const view = openView({ format: 'text', quiet: false, ...options }, output, screenOf({}, { NO_COLOR: '1' }), context);
  for (const one of reports) view.showPosture(one);
  return written.join('').split('\n').slice(0, -1);
}

const words = (line: string) => line.replace(/^\d\d:\d\d:\d\d UTC {2}/, '');

describe('a line when something changed', () => {
  test('the first run, a new finding, and its end', () => {
    const lists = { scope: 'lists', areas: ['dnsbl'] } as const;
    const told = lines([
      report([]),
      report([]),
      report([syntax]),
      report([listed], lists),
      report([listed], lists),
      report([], lists),
      report([]),
    ]);
    expect(told.map(words)).toEqual([
      'posture of example.com: nothing to mend',
      'posture of example.com: spf-syntax (example.com)',
      'posture of example.com: dnsbl-listed (192.0.2.25 on bl.example\\x1b[31m); 1 known finding to mend',
      'posture of example.com: no longer dnsbl-listed (192.0.2.25 on bl.example\\x1b[31m); 1 known finding to mend',
      'posture of example.com: no longer spf-syntax (example.com); nothing to mend',
    ]);
  });

  test('an area in which something did not answer says of nothing that it ended', () => {
    const told = lines([report([syntax]), report([], { open: ['spf'] }), report([syntax])]);
    expect(told).toHaveLength(1);
  });

  test('that DNS does not answer for the domain is said once, and so is its end', () => {
    const areas = ['mx', 'spf', 'dnsbl'] as const;
    const silent = report([], { areas, open: ['mx', 'spf'] });
    const lists = report([], { scope: 'lists', areas: ['dnsbl'], open: ['dnsbl'] });
    const answers = report([syntax], { areas, open: ['dnsbl'] });
    expect(lines([answers, silent, lists, silent, answers, lists, answers]).map(words)).toEqual([
      'posture of example.com: spf-syntax (example.com); no answer for dnsbl',
      'posture of example.com: 1 known finding to mend; no answer for mx, spf',
      'posture of example.com: 1 known finding to mend; no answer for dnsbl',
    ]);
  });

  test('what did not answer is not said to be in order', () => {
    expect(lines([report([], { open: ['dnsbl', 'spf'] })]).map(words)).toEqual([
      'posture of example.com: no answer for dnsbl, spf',
    ]);
  });

  test('a domain that was not looked at is no line, and --quiet shows none', () => {
    const known: PostureReport = { ...report([]), domains: [{ kind: 'known', domain: 'example.com' }] };
    expect(lines([known])).toEqual([]);
    expect(lines([report([syntax])], { quiet: true })).toEqual([]);
  });
});

test('JSON: a line for each run', () => {
  const told = lines([report([syntax]), report([syntax])], { format: 'json' }).map((line) => JSON.parse(line));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({
    type: 'posture',
    vantage: 'local',
    all: 1,
    fail: 1,
    questions: 60,
    failing: { 'example.com': [{ code: 'spf-syntax', subject: 'example.com' }] },
  });
});
