import { expect, test } from 'vitest';
import type { LatencySeries, PlannedSnapshot, Snapshot } from '../../../../lambda/reports/snapshot/snapshot.ts';
import { latencySparkline } from '../../../../web/pages/overview/sparkline.ts';
import { overviewPage } from '../../../../web/pages/overview.ts';
import { incidentPath } from '../../../../web/pages/paths.ts';
import { headline } from '../../../../web/pages/words.ts';
import { linksOfOneName } from '../../link-names.ts';
import { HOSTILE, incidentSnapshot, snapshotWith, targetSnapshot, vantageSnapshot } from '../../snapshot.ts';

const page = (given: Partial<Snapshot> = {}) => overviewPage(snapshotWith(given));
/** The words of a part of a page. */
const words = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-1'].map((vantage) => vantageSnapshot({ vantage }));

test.each<[string, Partial<Snapshot>, string]>([
  ['all see', { vantages: regions }, 'The mail server is up, seen from 3 regions'],
  [
    'one is blind',
    { vantages: regions.map((one, nth) => ({ ...one, blind: nth === 0 })) },
    'The mail server is up, seen from 2 of 3 regions',
  ],
  ['one machine', { vantages: [vantageSnapshot({ vantage: 'local' })] }, 'The mail server is up, seen from 1 vantage'],
  [
    'the last round is three rounds old',
    { newestRound: '2026-11-26T09:09:00Z' },
    'The mail server is up, seen from 1 region',
  ],
  ['it is older', { newestRound: '2026-11-26T09:08:59Z' }, 'No round was recorded for 3 min 1 s'],
  [
    'short rounds have a minute',
    { newestRound: '2026-11-26T09:11:00Z', every: 3 },
    'The mail server is up, seen from 1 region',
  ],
  ['and no more', { newestRound: '2026-11-26T09:10:59Z', every: 3 }, 'No round was recorded for 1 min 1 s'],
])('the sentence: %s', (_, given, text) => {
  expect(headline(snapshotWith(given)).text).toBe(text);
  expect(headline(snapshotWith(given)).verdict).toBe(text.startsWith('No') ? 'unknown' : 'up');
});

test('the sentence says when, as a time that the script counts on', () => {
  expect(page()).toContain(
    '<h1>The mail server is up, seen from 1 region <time class="age" datetime="2026-11-26T09:11:00Z" title="2026-11-26 09:11:00 UTC">at 2026-11-26 09:11 UTC</time></h1>',
  );
  expect(words(page({ newestRound: null, targets: [] }))).toContain('No mail server has been probed yet');
  // All are hidden.
  expect(words(page({ targets: [] }))).toContain('No mail server is shown on this page');
});

test.each([
  ['down', 'mx1 is down'],
  ['degraded', 'mx1 is degraded'],
  ['up', 'mx1 is up again'],
] as const)('an open incident of a target that is %s now', (verdict, title) => {
  const timeline = ['a', 'b', 'c', 'd', 'e'].map((what) => ({ at: '2026-11-26T09:00:00Z', what: `step ${what}` }));
  const open = incidentSnapshot({ closed: null, timeline, acknowledged: { at: '2026-11-26T09:05:00Z', by: null } });
  const text = words(page({ targets: [targetSnapshot({ verdict })], incidents: [open] }));
  expect(text).toContain(title);
  expect(text).toMatch(/step e .*step d .*step c 2 earlier steps|step e .*step d .*step c .*2 earlier steps/);
  expect(text).not.toContain('step b');
  expect(text).toContain(', acknowledged');
});

test('what people said last of an open incident is on the first page, before its steps', () => {
  const said = {
    number: 1,
    at: '2026-11-26T09:02:00Z',
    by: 'ops@example.com',
    state: 'identified',
    text: 'A disk.',
  } as const;
  const last = {
    ...said,
    number: 2,
    by: null,
    state: 'monitoring',
    text: 'It was replaced.\n\nMail is late.',
  } as const;
  const timeline = [{ at: '2026-11-26T09:00:00Z', what: 'down' }];
  const open = incidentSnapshot({ closed: null, timeline, statements: [said, last] });
  const markup = page({ incidents: [open] });
  expect(markup).toContain('<p>It was replaced.</p><p>Mail is late.</p>');
  expect(words(markup)).toMatch(/Monitoring It was replaced. Mail is late. 2026-11-26 09:02:00 UTC .* UTC down/);
  expect(words(markup)).toContain('1 earlier update');
  expect(markup).not.toContain('A disk.');
  expect(words(page({ incidents: [{ ...open, statements: [said] }] }))).toMatch(/A disk\. [^,]*, by ops@example\.com/);
});

test('of many open incidents some are cards, with each of which people said something, and the others are links', () => {
  const statements = [
    { number: 1, at: '2026-11-26T09:02:00Z', by: null, state: 'identified', text: 'A disk.' },
  ] as const;
  const incidents = Array.from({ length: 300 }, (_, nth) => {
    const target = `mx${nth}`;
    const id = `${target}@2026-11-26T09:00:00Z`;
    return incidentSnapshot({ id, target, closed: null, statements: nth > 297 ? statements : [] });
  });
  const cards = (given: typeof incidents) => [...page({ incidents: given }).matchAll(/id="incident-(mx\d+)"/g)];
  const shown = cards(incidents).map(([, target]) => target);
  expect(shown).toHaveLength(10);
  expect(shown.slice(-3)).toEqual(['mx7', 'mx298', 'mx299']);
  const markup = page({ incidents });
  expect(words(markup)).toContain('290 more open incidents');
  for (const { id } of incidents) expect(markup).toContain(incidentPath(id));
  expect(cards(incidents.slice(0, 10))).toHaveLength(10);
  expect(words(page({ incidents: incidents.slice(0, 10) }))).not.toContain('more open');
  expect(cards(incidents.map((one) => ({ ...one, statements })))).toHaveLength(300);
});

const planned: Omit<PlannedSnapshot, 'state' | 'subjects'> = {
  ...{ id: 'weekly@2026-11-26T08:00:00Z', kind: 'window', name: 'weekly', why: 'Updates', domains: [] },
  ...{ from: '2026-11-26T08:00:00Z', until: '2026-11-26T10:00:00Z' },
};

test.each([
  ['in_progress', 'Planned work now weekly Updates. 2026-11-26 08:00 UTC to 2026-11-26 10:00 UTC'],
  ['verifying', 'Planned work now weekly Updates. over since 2026-11-26 10:00 UTC , waiting for recovery'],
  ['scheduled', 'Planned work next Window From Until About weekly 2026-11-26 08:00 UTC'],
] as const)('a window that is %s', (state, text) => {
  const subjects = Array.from({ length: 9 }, (_, nth) => `mx${nth}`);
  const shown = words(page({ planned: [{ ...planned, state, subjects }] }));
  expect(shown).toContain(text);
  expect(shown).toContain('mx4, mx5 and 3 more');
});

test('a past incident is listed with its first failure, not with that of its last chapter', () => {
  const witnesses = incidentSnapshot().witnesses.map((one) => ({ ...one, phase: 'connect', code: 'connect-refused' }));
  const text = words(page({ incidents: [incidentSnapshot({ witnesses })] }));
  expect(text).toContain('6 min 40 s greeting: greeting-refused');
  expect(text).not.toContain('connect-refused');
});

test.each<[number, string]>([
  [0, 'No incident in the last 90 days, of which none was watched yet.'],
  [1, 'No incident in the last 90 days, of which 1 was watched.'],
  [89, 'No incident in the last 90 days, of which 89 were watched.'],
  [90, 'No incident in the last 90 days.'],
])('without incidents, of %s watched days', (seen, text) => {
  const [known] = targetSnapshot().days;
  if (known === undefined) throw new Error('the example has days');
  const days = Array.from({ length: 90 }, (_, nth) => (nth < seen ? known : { ...known, up: 0, down: 0 }));
  const targets = [targetSnapshot({ id: 'new', days: [] }), targetSnapshot({ days })];
  expect(words(page({ targets, incidents: [] }))).toContain(text);
  const open = incidentSnapshot({ closed: null });
  expect(words(page({ targets, incidents: [open] }))).toContain(text.replace('No', 'No other'));
});

test('links that lead to different pages have different names: of incidents the target, and when they began', () => {
  const ids = ['mx1', 'mx2'];
  const timeline = ['a', 'b', 'c', 'd', 'e'].map((what) => ({ at: '2026-11-26T09:00:00Z', what }));
  const said = (number: number) =>
    ({ number, at: '2026-11-26T09:00:00Z', by: null, state: 'identified', text: 'A disk is full.' }) as const;
  const began = (target: string, opened: string, closed: string | null) =>
    incidentSnapshot({ id: `${target}@${opened}`, target, opened, closed, timeline, statements: [said(1), said(2)] });
  const open = ids.map((target) => began(target, '2026-11-26T08:00:00Z', null));
  const ended = ids.flatMap((target) =>
    ['20', '21', '22'].map((day) => began(target, `2026-11-${day}T08:00:00Z`, `2026-11-${day}T09:00:00Z`)),
  );
  const targets = ids.map((id) => targetSnapshot({ id, verdict: 'down', incident: `${id}@2026-11-26T08:00:00Z` }));
  const shown = page({ targets, incidents: [...open, ...ended] });
  expect(shown.match(/<a href="incidents\//g)?.length).toBe(14);
  expect(linksOfOneName(shown)).toEqual([]);
  expect(words(shown)).toContain('mx2 , incident of 2026-11-22 08:00 UTC');
});

test.each<[string, PlannedSnapshot['state']]>([
  ['example.com, example.net : nobody is alerted meanwhile', 'in_progress'],
  ['UTC example.com, example.net Updates', 'scheduled'],
])('a window of domains alone names them: %s', (text, state) => {
  const domains = ['example.com', 'example.net'];
  const shown = words(page({ planned: [{ ...planned, state, subjects: [], domains }] }));
  expect(shown.replace(/(\w):/g, '$1 :')).toContain(text.replace(/(\w):/g, '$1 :'));
});

test('a window that is over is not on the first page, and a page without any has no such part', () => {
  expect(page({ planned: [{ ...planned, state: 'completed', subjects: [] }] })).not.toContain('Planned work');
  expect(page()).not.toMatch(/Planned work|Posture findings|Round trips/);
});

test('a target whose alerts are held says why', () => {
  const held = { why: 'behind', what: 'gateway', since: '2026-11-26T08:00:00Z', until: null } as const;
  expect(words(page({ targets: [targetSnapshot({ held })] }))).toContain('Nobody is alerted: behind gateway');
});

test('findings and troubles are told with the meaning of their codes', () => {
  const since = '2026-11-26T08:00:00Z';
  const text = words(
    page({
      findings: [
        { domain: 'example.com', kind: 'posture', code: 'spf-missing', subject: 'x', since, acknowledged: null },
      ],
      troubles: [{ kind: 'trip', subject: 'loop', what: ['not-arrived', 'of another release'], since }],
    }),
  );
  expect(text).toMatch(/Posture findings .* example\.com .* spf-missing x/);
  expect(text).toContain(
    'The server accepted the message, and it is not in the mailbox after the time of within.fail.',
  );
  expect(text).toContain('of another release');
});

test('groups with trouble come first and are open; the others are folded, each with its lowest uptime', () => {
  const targets = Array.from({ length: 26 }, (_, nth) =>
    targetSnapshot({
      id: `mx${nth}`,
      tags: nth < 13 ? ['one'] : ['two'],
      verdict: nth === 20 ? 'down' : 'up',
      uptime: 99.9 - nth / 100,
    }),
  );
  const shown = page({ targets });
  const groups = [...shown.matchAll(/<details class="group" id="group-(\w+)"( open)?>/g)].map(([, ...one]) => one);
  expect(groups).toEqual([
    ['two', ' open'],
    ['one', undefined],
  ]);
  expect(words(shown)).toContain('one 13 up lowest uptime of 2 days: 99.78 %');
  expect(words(shown)).toContain('two 1 down 12 up');
  expect(shown).toContain('id="filter"');
  expect(page()).not.toContain('id="filter"');
});

test.each([
  ['one degraded of 100', 1, 99, '99 more are up'],
  ['four that are well', 13, 4, '4 more are up'],
  ['three that are well', 13, 3, null],
])('a group with %s shows what is not well, and folds the rest', (_, troubled, well, summary) => {
  const targets = Array.from({ length: troubled + well }, (__, nth) =>
    targetSnapshot({ id: `mx${nth}`, tags: ['one'], verdict: nth >= well ? 'degraded' : 'up' }),
  );
  const shown = page({ targets });
  const [before = '', rest = ''] = shown.split('<details class="rest" id="rest-of-group-one"><summary>');
  const rowsIn = (text: string, verdict: string) => text.split(`<article class="row ${verdict}"`).length - 1;
  expect(rowsIn(before, 'degraded')).toBe(troubled);
  expect(rowsIn(summary === null ? before : rest, 'up')).toBe(well);
  expect(/^(.*?)<\/summary>/.exec(rest)?.[1] ?? null).toBe(summary);
});

test.each([
  ['Mail-servers', 'up'],
  ['Mail-servers', 'down'],
  ['Other-mail-servers', 'up'],
  ['Other-mail-servers', 'down'],
] as const)('each group has an id of its own, also with the tag %s of a target that is %s', (tag, verdict) => {
  const targets = [targetSnapshot({ id: 'mx1' }), targetSnapshot({ id: 'mx2', tags: [tag], verdict })];
  const ids = [...page({ targets }).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids.filter((id, nth) => ids.indexOf(id) !== nth)).toEqual([]);
});

test('300 targets of three regions are less than a megabyte, and 100 KB compressed', async () => {
  const { gzipSync } = await import('node:zlib');
  const points = Array.from({ length: 180 }, (_, at) => [at * 60_000, 40 + ((at * 7919) % 50), 'pass'] as const);
  const names = regions.map(({ vantage }) => vantage);
  const [sample] = targetSnapshot().last;
  const targets = Array.from({ length: 300 }, (_, nth) =>
    targetSnapshot({
      id: `mx${nth}`,
      endpoint: `mx${nth}.example.com:25`,
      tags: [`customer-${nth % 12}`],
      last: names.flatMap((vantage) => (sample === undefined ? [] : [{ ...sample, vantage }])),
      latency: names.map((vantage) => ({ vantage, points })),
    }),
  );
  const text = page({ targets, vantages: regions });
  expect(text.length).toBeLessThan(1_000_000);
  expect(gzipSync(text).length).toBeLessThan(100_000);
});

test('lines of vantages differ in their dashes, and each is named beside its verdict', () => {
  const [sample] = targetSnapshot().last;
  const names = ['a', 'b', 'c', 'd', 'e'];
  const last = names.flatMap((vantage) => (sample === undefined ? [] : [{ ...sample, vantage }]));
  const latency = names.map((vantage) => ({
    vantage,
    points: [
      [0, 10, 'pass'],
      [1000, 12, 'pass'],
    ] as const,
  }));
  const shown = page({ targets: [targetSnapshot({ last, latency })] });
  const legend = [...shown.matchAll(/<use href="#(line\d)"\/><\/svg><svg class="mark pass".*?class="vantage">(\w)</g)];
  expect(legend.map(([, line, vantage]) => [line, vantage])).toEqual(names.map((name, nth) => [`line${nth}`, name]));
  expect([...shown.matchAll(/<path class="line line(\d)" d="M/g)].map(([, nth]) => nth)).toEqual([
    ...['0', '1', '2', '3', '4'],
    ...['0', '1', '2', '3', '4'],
  ]);
});

const series = (...points: LatencySeries['points']): readonly LatencySeries[] => [{ vantage: 'a', points }];

test.each<[string, readonly LatencySeries[], string | null]>([
  ['no session', [], null],
  ['one session', series([0, 10, 'pass']), null],
  ['sessions that failed', series([0, null, 'fail'], [1000, null, 'fail']), null],
  [
    'a failure interrupts the line, and has a tick',
    series([0, 10, 'pass'], [500, null, 'fail'], [1000, 10, 'pass']),
    'M26 2h2M132 2h2',
  ],
  [
    'times of nothing, as of a clock that stood still',
    series([0, 0, 'pass'], [500, null, 'fail'], [1000, 0, 'pass']),
    'M26 38h2M132 38h2',
  ],
])('a sparkline of %s', (_, given, path) => {
  const markup = latencySparkline(given)?.markup ?? null;
  if (path === null) expect(markup).toBeNull();
  else expect(markup).toMatch(new RegExp(`class="line line0" d="${path}"/><path class="failed" d="M80 40v-6"`));
});

test('rounds that are not evenly spaced are one line, and a longer pause interrupts it', () => {
  const seconds = [0, 3, 6, 10, 12, 15, 18, 60, 63, 66];
  const points = seconds.map((second) => [second * 1000, 10, 'pass'] as const);
  const path = / d="([^"]*)"/.exec(latencySparkline(series(...points))?.markup ?? '')?.[1] ?? '';
  expect(path.match(/M/g)).toHaveLength(2);
});

test('hostile names stay text in every part', () => {
  const since = '2026-11-26T08:00:00Z';
  const held = { why: 'mute', what: HOSTILE, since, until: null } as const;
  const shown = page({
    title: HOSTILE,
    targets: [targetSnapshot({ id: HOSTILE, endpoint: HOSTILE, tags: [HOSTILE, HOSTILE], held, verdict: 'unknown' })],
    planned: ['in_progress', 'scheduled'].map((state) => ({
      ...planned,
      ...{ name: HOSTILE, why: HOSTILE, subjects: [HOSTILE], state: state as 'scheduled' },
    })),
    findings: [{ domain: HOSTILE, kind: 'listed', code: HOSTILE, subject: HOSTILE, since, acknowledged: HOSTILE }],
    troubles: [{ kind: 'bounces', subject: HOSTILE, what: [HOSTILE], since }],
    incidents: [incidentSnapshot({ target: HOSTILE, closed: null, timeline: [{ at: since, what: HOSTILE }] })],
  });
  expect(shown).not.toMatch(/<script>|<!channel|<!--|[^\n\P{Cc}]|\p{Cf}/u);
  expect(shown.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(10);
});

test('each part has an id, so that it stays the same when the page is updated, and what is in focus stays in focus', () => {
  const main = /<main[^>]*>(.*)<\/main>/s.exec(
    page({
      planned: [{ ...planned, state: 'in_progress', subjects: ['mx1'] }],
      incidents: [incidentSnapshot({ closed: null }), incidentSnapshot()],
    }),
  )?.[1];
  const parts = [...(main ?? '').matchAll(/^<(?:div|section|details|form)([^>]*)>/gm)].map(
    ([, attributes = '']) => attributes,
  );
  expect(parts.length).toBeGreaterThan(4);
  expect(
    parts.filter((attributes) => !attributes.includes(' id="') && !/class="(?:who|past|now)"/.test(attributes)),
  ).toEqual([]);
});
