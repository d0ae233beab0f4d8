import { describe, expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { asHtml } from '../../../bin/display/report/html-page.ts';
import { asCsv, asJson, asMarkdown, asText } from '../../../bin/display/report/text-formats.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { at, incidentOf, span, watched } from '../../reports/uptime/incidents.ts';

const range = reportRange({ month: '2026-11', utc: true }, span.to);

describe('formats', () => {
  const evil = uptimeOf('<script>|\x1b[31m', [], watched, 99.9);
  const report = { range, gaps: [{ from: '2026-11-01T03', to: '2026-11-01T04' }], targets: [{ ...evil, tags: [] }] };
  test.each([
    ['HTML', asHtml(report), '&lt;script&gt;|\\x1b[31m'],
    ['Markdown', asMarkdown(report), '| <script>\\|\\x1b[31m |  | 100.000 % | - |'],
    ['CSV', asCsv(report), '2026-11,<script>|\\x1b[31m,100,60000,0,0,0,0,,,99.9,60,0,,,,,,0,0,\n'],
  ])('%s escapes the name of a target', (_, text, expected) => {
    expect(text).toContain(expected);
    expect(text).not.toContain('\x1b');
  });
});

describe('figures are the same in every format', () => {
  const down = incidentOf(118, [
    [119, 'down'],
    [128, 'up'],
  ]);
  const mx1 = { ...uptimeOf('mx1', [down], watched, 99.9), tags: ['edge'] };
  const report = { range, gaps: [], targets: [mx1] };

  test('burn is in percent, lengths are whole numbers', () => {
    const [target] = JSON.parse(asJson(report)).targets;
    expect(target.objective).toEqual({ slo: 99.9, budget: 60_000, remaining: -540_000, burn: 1000 });
    expect(asCsv(report)).toContain(
      ',99.9,-540,1000,,,,2026-11-01T02:00:00Z 480; 2026-11-01T01:00:00Z 120,edge,0,0,\n',
    );
    expect(asText(report, screenOf({}, {}))).toMatch(
      /99\.9 % +-9 min +1000 %\n {2}worst hours 11-01 02:00 \(8 min\), /,
    );
  });

  test.each([160, 120, 80, 60])('text fits %i columns', (columns) => {
    const screen = screenOf({ isTTY: true, columns }, { LANG: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' });
    const text = asText(report, screen);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(text).toContain('1000 %');
    expect(text).toMatch(/-9\s+min/);
  });
});

describe('the HTML page', () => {
  const outage = {
    ...incidentOf(60, [
      [61, 'down'],
      [120, 'degraded'],
      [180, 'up'],
    ]),
    witnesses: [
      {
        vantage: 'eu-west-1',
        firstFailure: at(60),
        lastFailure: at(119),
        phase: 'greeting',
        code: 'greeting-refused',
        reply: '554 <no>',
        transcript: [],
      },
    ],
  };
  const targets = [{ ...uptimeOf('mx1', [outage], watched, 99.9), tags: [] }];
  const page = asHtml({ range, gaps: [], targets });

  test('has a bar per day of the month, as high as the share of downtime', () => {
    expect(page.match(/<g><title>/g)).toHaveLength(30);
    expect(page).toContain('<title>2026-11-01: down 1 h, degraded 1 h</title><rect class="down" x="0" y="24');
    expect(page).toContain('<title>2026-11-02: not in the report</title><rect class="blank"');
  });

  test('lists each outage with its first failure', () => {
    const cells = ['2026-11-01 01:00', '2026-11-01 03:00', '1 h', 'mx1', 'greeting greeting-refused'];
    expect(page.replaceAll(/ data-title="[^"]*"/g, '')).toContain(cells.map((cell) => `<td>${cell}</td>`).join(''));
    expect(page).toContain('<dt>Objective met by</dt><dd class="bad">0 of 1</dd>');
  });

  test('has a line for each of the worst hours, and in each cell the title that a narrow screen shows', () => {
    expect(page).toContain('data-title="Worst hours">11-01 01:00 (1 h)<');
    const two = incidentOf(118, [
      [119, 'down'],
      [128, 'up'],
    ]);
    const hours = asHtml({ range, gaps: [], targets: [{ ...uptimeOf('mx1', [two], watched, null), tags: [] }] });
    expect(hours).toContain('data-title="Worst hours">11-01 02:00 (8 min)<br>11-01 01:00 (2 min)<');
    expect(page).toContain('<td class="figure" data-title="Burn">');
  });

  test('has the unwatched time beside the uptime, and no uptime of a target that was not watched', () => {
    const half = { span, watched: [{ from: span.from, to: span.from + 500 * 60_000 }] };
    const some = { ...uptimeOf('mx1', [], half, null), tags: ['edge'] };
    const none = { ...uptimeOf('mx2', [], { span, watched: [] }, 99.9), tags: [] };
    const shown = asHtml({ range, gaps: [], targets: [some, none] });
    expect(shown).toContain('<td class="share">100.000 %<small>8 h 20 min unwatched</small></td>');
    expect(shown).toContain('<td class="share">-<small>16 h 40 min unwatched</small></td>');
    expect(shown).toContain('<th>mx1 <span class="tag">edge</span></th>');
    const text = asText({ range, gaps: [], targets: [some, none] }, screenOf({}, {}));
    expect(text).toMatch(/^mx1 +edge +100\.000 % +8 h 20 min /m);
    expect(text).toMatch(/^mx2 +- +16 h 40 min +- +- +-$/m);
  });

  test('has no external resources, and says that no target was watched', () => {
    expect(page).not.toMatch(/<script|<link|<img|url\(|https?:/);
    const empty = { ...uptimeOf('mx1', [], { span, watched: [] }, null), tags: [] };
    expect(asHtml({ range, gaps: [], targets: [empty] })).toContain('No target was watched');
  });
});
