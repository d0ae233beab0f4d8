import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeMarkup, html } from '../../web/markup/html.ts';
import { dayText } from '../../web/pages/day-bars.ts';
import { badgePath, incidentPath, targetPath } from '../../web/pages/paths.ts';
import { headline, percentText } from '../../web/pages/words.ts';
import { siteFiles } from '../../web/site.ts';
import { hostileSnapshot, incidentSnapshot, snapshotWith, targetSnapshot } from './snapshot.ts';

const body = (files: ReturnType<typeof siteFiles>, path: string) => files.get(path)?.body ?? '';
const json = (path: string, snapshot = snapshotWith()) => JSON.parse(body(siteFiles(snapshot), path));

test('a text never becomes markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`${text}`;
      return !/[<>"']/.test(markup) && !/\p{Cc}/u.test(markup);
    }),
  );
  expect(escapeMarkup(`<a href='x'>&"`)).toBe('&lt;a href=&#39;x&#39;&gt;&amp;&quot;');
  expect(html`<p>${html`<b>${'<i>'}</b>`}${[html`1`, html`2`]}${null}${3}</p>`.markup).toBe(
    '<p><b>&lt;i&gt;</b>123</p>',
  );
});

describe('the sentence at the top', () => {
  const of = (...verdicts: readonly ('up' | 'down' | 'degraded' | 'unknown')[]) =>
    headline(snapshotWith({ targets: verdicts.map((verdict, nth) => targetSnapshot({ id: `mx${nth}`, verdict })) }));
  test.each([
    [of(), 'unknown', 'No mail server is shown on this page'],
    [of('up'), 'up', 'The mail server is up, seen from 1 region'],
    [of('up', 'up'), 'up', 'All 2 mail servers are up, seen from 1 region'],
    [of('up', 'down', 'unknown'), 'down', '1 of 3 mail servers is down, seen from 1 region'],
    [of('down', 'down'), 'down', '2 of 2 mail servers are down, seen from 1 region'],
    [of('up', 'unknown', 'degraded'), 'unknown', '1 of 3 mail servers is not known to be up or down'],
    [of('up', 'degraded'), 'degraded', '1 of 2 mail servers is degraded, seen from 1 region'],
  ])('%o', (found, verdict, text) => {
    expect(found).toEqual({ verdict, text });
  });
});

test.each([
  [100, '100 %'],
  [99.9999, '99.99 %'],
  [0, '0.00 %'],
  [null, '–'],
])('%s as a share: never better than it was', (share, expected) => {
  expect(percentText(share)).toBe(expected);
});

test('a day says what was seen, and what was not', () => {
  const [bad, blank] = targetSnapshot().days;
  expect(bad && dayText(bad)).toBe('2026-11-25 UTC: 99.53 %, down 6 min 40 s, 1 incident');
  expect(blank && dayText(blank)).toBe('2026-11-26 UTC: not watched');
});

test('the first page has the words of each part, and when it was written', () => {
  const page = body(siteFiles(snapshotWith()), 'index.html');
  for (const text of [
    'The mail server is up',
    'mx1.example.com:25',
    '99.53 %',
    '1 day with trouble',
    'eu-west-1',
    '120 ms',
  ]) {
    expect(page).toContain(text);
  }
  expect(page).toContain(
    'data-written="2026-11-26T09:12:00Z" data-heard="2026-11-26T09:11:00Z" data-stale="180" data-every="60"',
  );
  expect(page).not.toMatch(/ style=|<style|onclick|javascript:/);
});

test('a large group in which all is well is folded, and one with trouble is not', () => {
  const targets = Array.from({ length: 20 }, (_, nth) => targetSnapshot({ id: `mx${nth}`, tags: ['eu'] }));
  expect(body(siteFiles(snapshotWith({ targets })), 'index.html')).toMatch(
    /<details class="group" id="group-eu"><summary>/,
  );
  const [first, ...others] = targets;
  const troubled = first === undefined ? [] : [...others, { ...first, verdict: 'down' as const }];
  const page = body(siteFiles(snapshotWith({ targets: troubled })), 'index.html');
  expect(page).not.toMatch(/<details class="group" id="group-eu"><summary>/);
  expect(page.indexOf('id="target-mx0"')).toBeLessThan(page.indexOf('id="target-mx1"'));
});

test('an incident has its page, with the evidence', () => {
  const files = siteFiles(snapshotWith());
  const page = body(files, 'incidents/mx1-20261125T060948Z.html');
  for (const text of ['554 5.3.2 not now', 'greeting-refused', 'recovered', 'href="../page.css"'])
    expect(page).toContain(text);
  expect(body(files, 'index.html')).toContain('href="incidents/mx1-20261125T060948Z.html"');
});

test('a target has its page: the phases of each session add up, each round has a cell, each span its figures', () => {
  const page = body(siteFiles(snapshotWith()), 'targets/mx1.html');
  expect(page).toContain('<th scope="row">greeting</th>');
  expect(page).toMatch(/<th scope="row">in all<\/th><td><\/td><td class="number">120 ms<\/td>/);
  expect(page).toContain('aria-label="4 sessions, 1 failed"');
  expect(page).toContain(
    '<th scope="row">7 days</th><td class="number">99.53 %</td><td class="number">6 min 40 s</td>',
  );
  expect(page).toContain('<th scope="row">today (UTC)</th><td class="number">–</td>');
  expect(page).toContain('href="../incidents/mx1-20261125T060948Z.html"');
});

test('the phases of a session add up to its total, and QUIT comes after it', () => {
  const timings = { quit: 5, dns: 1, greeting: 100, connect: 20 };
  const last = targetSnapshot().last.map((sample) => ({ ...sample, timings, total: 130 }));
  const page = body(siteFiles(snapshotWith({ targets: [targetSnapshot({ last })] })), 'targets/mx1.html');
  const [table = ''] = /<table class="waterfall">.*?<\/table>/.exec(page) ?? [];
  const rows = [...table.matchAll(/<th scope="row">([^<]*)<\/th>.*?<td class="number">([^<]*)</g)].map(
    ([, ...row]) => row,
  );
  expect(rows).toEqual([
    ['dns', '1.0 ms'],
    ['connect', '20 ms'],
    ['greeting', '100 ms'],
    ['other', '9.0 ms'],
    ['in all', '130 ms'],
    ['then quit', '5.0 ms'],
  ]);
});

test('names that are alike as files have a page, a badge and the page of an incident each', () => {
  const targets = ['a/b', 'a b', 'a_b'].map((id) => targetSnapshot({ id }));
  const incidents = targets.map(({ id: target }) => incidentSnapshot({ id: `${target}@2026-11-25T06:09:48Z`, target }));
  const paths = [...siteFiles(snapshotWith({ targets, incidents })).keys()];
  for (const [folder, files] of [
    ['targets/', 3],
    ['badges/', 6],
    ['incidents/', 3],
  ] as const) {
    expect(paths.filter((path) => path.startsWith(folder))).toHaveLength(files);
  }
  expect(paths).toEqual(expect.arrayContaining(['targets/a_b.html', 'badges/a_b.svg']));
});

test('paths stay in their folder, and two names have two paths', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '_', '/', '~', '.', '-') }),
  );
  const pathsOf = (id: string) => [targetPath(id), badgePath(id), incidentPath(`${id}@2026-11-25T06:09:48Z`)];
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [first, second] = [pathsOf(one), pathsOf(other)];
      expect(first.every((path) => /^[a-z]+\/[A-Za-z0-9._~-]*$/.test(path))).toBe(true);
      expect(first.some((path) => second.includes(path))).toBe(one === other);
    }),
  );
});

describe('documents of Statuspage', () => {
  test.each([
    ['up', 'operational', 'none'],
    ['degraded', 'degraded_performance', 'minor'],
    ['unknown', 'partial_outage', 'minor'],
    ['down', 'major_outage', 'critical'],
  ] as const)('%s', (verdict, status, indicator) => {
    const document = json('api/v2/summary.json', snapshotWith({ targets: [targetSnapshot({ verdict })] }));
    expect(document).toMatchObject({ status: { indicator }, components: [{ id: 'mx1', status }] });
  });

  test('an open incident is unresolved, an ended one is resolved', () => {
    const open = incidentSnapshot({ id: 'mx1@2026-11-26T09:00:00Z', closed: null });
    const snapshot = snapshotWith({ incidents: [open, incidentSnapshot()] });
    expect(json('api/v2/incidents/unresolved.json', snapshot).incidents).toMatchObject([
      { id: open.id, resolved_at: null },
    ]);
    expect(json('api/v2/incidents.json', snapshot).incidents).toMatchObject([
      { status: 'investigating' },
      {
        status: 'resolved',
        incident_updates: [{ body: 'recovered', status: 'resolved' }, { status: 'investigating' }],
      },
    ]);
  });
});

test('metrics: a session that could not be held says neither success nor failure', () => {
  const last = targetSnapshot().last.map((sample) => ({ ...sample, outcome: 'unable' as const, code: 'no-egress' }));
  const text = body(siteFiles(snapshotWith({ targets: [targetSnapshot({ last })] })), 'metrics');
  expect(text).not.toContain('probe_success');
  expect(text).toContain(
    'smtp_quorum_failure_info{target="mx1",vantage="eu-west-1",outcome="unable",phase="",code="no-egress"} 1\n',
  );
});

test('metrics have the names of blackbox_exporter, seconds, and no times', () => {
  const last = targetSnapshot().last.map((sample) => ({ ...sample, timings: { ...sample.timings, dns: 3.5 } }));
  const text = body(siteFiles(snapshotWith({ targets: [targetSnapshot({ last })] })), 'metrics');
  for (const line of [
    'probe_dns_lookup_time_seconds{target="mx1",vantage="eu-west-1"} 0.0035',
    'probe_success{target="mx1",vantage="eu-west-1"} 1',
    'probe_duration_seconds{target="mx1",vantage="eu-west-1"} 0.12',
    `probe_ssl_earliest_cert_expiry{target="mx1",vantage="eu-west-1"} ${Date.parse('2027-01-10') / 1000}`,
    'smtp_quorum_verdict{target="mx1",verdict="down"} 0',
    'smtp_quorum_phase_duration_seconds{target="mx1",vantage="eu-west-1",phase="greeting"} 0.1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test.each([
  ['an up target', snapshotWith()],
  ['a hostile one', hostileSnapshot()],
  ['two of them', snapshotWith({ targets: [targetSnapshot(), targetSnapshot({ id: 'a\\"\n' })] })],
  ['none', snapshotWith({ targets: [], vantages: [], incidents: [] })],
])('metrics are as the exposition format wants them: %s', (_, snapshot) => {
  const text = body(siteFiles(snapshot), 'metrics');
  expect(text.endsWith('\n')).toBe(true);
  // Of a metric: its help, its type, then all of its series, each once; no other metric between them.
  const groups = text.split(/^(?=# HELP )/m);
  const named = groups.map((group) => {
    const [help = '', type = '', ...series] = group.trimEnd().split('\n');
    const name = /^# HELP ([a-zA-Z_:][\w:]*) [^\\]+$/.exec(help)?.[1];
    expect(type).toBe(`# TYPE ${name} gauge`);
    expect(series.length).toBeGreaterThan(0);
    const labelled = series.map((line) => {
      const [, own, labels] =
        /^([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? -?\d+(?:\.\d+)?$/.exec(
          line,
        ) ?? [];
      expect(own, line).toBe(name);
      return labels;
    });
    expect(new Set(labelled).size).toBe(labelled.length);
    return name;
  });
  expect(new Set(named).size).toBe(named.length);
});

test('a hostile text stays text in every file', () => {
  const files = siteFiles(hostileSnapshot());
  for (const [path, { type, body: text }] of files) {
    if (type.startsWith('text/javascript') || type.startsWith('text/css')) continue;
    expect(path).toMatch(/^[A-Za-z0-9._/~-]+$/);
    if (type.startsWith('application/json')) expect(() => JSON.parse(text)).not.toThrow();
    else if (path !== 'metrics') expect(text, path).not.toMatch(/<script>|<!channel|<!--|[^\n\P{Cc}]|\p{Cf}/u);
    expect(text.length, path).toBeLessThan(300_000);
  }
});

test('the feeds name each incident once, and Atom is well-formed', () => {
  const atom = body(siteFiles(snapshotWith()), 'incidents.atom');
  expect(atom.match(/<entry>/g)).toHaveLength(1);
  expect(atom.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">')).toBe(
    true,
  );
  expect(json('incidents.json').items).toMatchObject([{ id: 'mx1@2026-11-25T06:09:48Z', title: 'mx1 recovered' }]);
});

test('the pages of a monitor whose rounds are not recorded name the newest round, or none', () => {
  const of = (given: Parameters<typeof snapshotWith>[0]) => body(siteFiles(snapshotWith(given)), 'index.html');
  expect(of({ newestRound: '2026-11-26T06:00:00.500000001Z' })).toContain('data-heard="2026-11-26T06:00:00Z"');
  expect(of({ newestRound: null })).toContain('data-heard=""');
  expect(of({ every: 3 })).toContain('data-stale="60"');
});

test('a target without days has no bars, and a text of signs has a badge as wide as what it shows', () => {
  const files = siteFiles(snapshotWith({ targets: [targetSnapshot({ id: '&&&&', days: [] })] }));
  expect(body(files, 'index.html')).not.toContain('class="days"');
  const widths = [...files]
    .filter(([path]) => /^badges\/.*svg$/.test(path))
    .map(([, { body: svg }]) => /width="(\d+)"/.exec(svg)?.[1]);
  expect(widths).toEqual([String(4 * 8 + 12 + 2 * 7 + 12)]);
});

test('an incident of a target that is no longer watched has no component', () => {
  const incident = incidentSnapshot({ target: 'gone', id: 'gone@2026-11-25T06:09:48Z' });
  const files = siteFiles(snapshotWith({ incidents: [incident] }));
  expect(JSON.parse(body(files, 'api/v2/incidents.json')).incidents).toMatchObject([
    { id: incident.id, components: [] },
  ]);
});

test('Atom was updated when its newest incident was, also below an older one that is open', () => {
  const open = incidentSnapshot({
    id: 'mx2@2026-11-01T00:00:00Z',
    closed: null,
    timeline: [{ at: '2026-11-01T00:00:00Z', what: 'down' }],
  });
  const atom = body(siteFiles(snapshotWith({ incidents: [open, incidentSnapshot()] })), 'incidents.atom');
  expect(/<updated>([^<]*)/.exec(atom)?.[1]).toBe('2026-11-25T06:16:28Z');
});

test('badges for all and for each target', () => {
  expect(body(siteFiles(snapshotWith()), 'badge.svg')).toContain('aria-label="mail: up"');
  expect(json('badges/mx1.json')).toEqual({ schemaVersion: 1, label: 'mx1', message: 'up', color: '#2a7d50' });
});
