import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_MANIFEST,
  type Manifest,
  manifestText,
  readManifest,
  withoutClaim,
} from '../../lambda/publish/manifest.ts';
import { type PlannedFile, planPublication } from '../../lambda/publish/plan.ts';

const manifest = (files: Record<string, string>, shows = 'rules'): Manifest => ({
  ...EMPTY_MANIFEST,
  shows,
  files: new Map(Object.entries(files).map(([path, news]) => [path, { news, whole: `${news}+` }])),
});
const site = (files: Record<string, string>, whole = false): ReadonlyMap<string, PlannedFile> =>
  new Map(Object.entries(files).map(([path, news]) => [path, { news, whole: whole ? `${news}+` : null }]));
const PAGES = { 'index.html': 'a', metrics: 'a', 'snapshot.json': 'a' };

describe('what a publication writes', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[], string[]]>([
    ['everything the first time', {}, { 'targets/a.html': 'a', 'page.css': 'a' }, ['page.css', 'targets/a.html'], []],
    ['nothing without news', { 'targets/a.html': 'a' }, { 'targets/a.html': 'a' }, [], []],
    [
      'what has news',
      { 'targets/a.html': 'a', 'targets/b.html': 'a' },
      { 'targets/a.html': 'a', 'targets/b.html': 'b' },
      ['targets/b.html'],
      [],
    ],
    ['a file that is no longer of the page is removed', { 'targets/a.html': 'a' }, {}, [], ['targets/a.html']],
    ['the page of an old incident stays', { 'incidents/a.html': 'a' }, {}, [], []],
    ['first page, metrics and snapshot each time', PAGES, PAGES, ['metrics', 'snapshot.json', 'index.html'], []],
  ])('%s', (_, before, now, puts, deletes) => {
    const plan = planPublication(manifest(before), site(now), 'rules');
    expect(plan.puts.flat().sort()).toEqual(puts.sort());
    expect(plan.deletes).toEqual(deletes);
  });

  test('other rules of what is shown remove the pages of old incidents, too', () => {
    expect(planPublication(manifest({ 'incidents/a.html': 'a' }), site({}), 'other').deletes).toEqual([
      'incidents/a.html',
    ]);
  });

  test('what a page refers to is written before it, and the first page last', () => {
    const paths = [
      'index.html',
      'targets/a.html',
      'vantages.html',
      'incidents/a.html',
      'api/v2/summary.json',
      'metrics',
      'incidents.atom',
      'badge.svg',
      'page.css',
      'page.js',
      'data/a.json',
    ];
    const { puts } = planPublication(EMPTY_MANIFEST, site(Object.fromEntries(paths.map((path) => [path, 'a']))), '');
    expect(puts.map((stage) => [...stage].sort())).toEqual([
      ['badge.svg', 'data/a.json', 'page.css', 'page.js'],
      ['api/v2/summary.json', 'incidents.atom', 'metrics'],
      ['incidents/a.html', 'targets/a.html', 'vantages.html'],
      ['index.html'],
    ]);
  });

  test('a publication of the news alone leaves what else changed to the next whole one', () => {
    const former = manifest({ 'targets/a.html': 'a', 'targets/b.html': 'a' });
    const news = planPublication(former, site({ 'targets/a.html': 'b', 'targets/b.html': 'a' }), 'rules');
    const next = { ...former, files: news.files };
    const whole = planPublication(next, site({ 'targets/a.html': 'b', 'targets/b.html': 'a' }, true), 'rules');
    expect([news.puts.flat(), whole.puts.flat()]).toEqual([['targets/a.html'], ['targets/a.html']]);
    expect(
      planPublication(
        { ...next, files: whole.files },
        site({ 'targets/a.html': 'b', 'targets/b.html': 'a' }, true),
        'rules',
      ).puts,
    ).toEqual([]);
  });
});

const path = fc.constantFrom(
  'index.html',
  'page.css',
  'targets/a.html',
  'targets/b.html',
  'incidents/a.html',
  'incidents/b.html',
  'data/a.json',
  'api/v2/status.json',
);
const digest = fc.constantFrom('a', 'b', 'c');
const files = fc.dictionary(path, digest);

test('after any publications the bucket is as the last of them says', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(files, fc.boolean(), fc.boolean()), { maxLength: 8 }), (publications) => {
      const bucket = new Map<string, string>();
      let former = EMPTY_MANIFEST;
      for (const [now, isWhole, endsEarly] of publications) {
        const plan = planPublication(withoutClaim(former), site(now, isWhole), 'rules');
        const paths = [...plan.puts.flat(), ...plan.deletes];
        const done = endsEarly ? paths.slice(0, Math.floor(paths.length / 2)) : paths;
        for (const each of done) {
          if (plan.deletes.includes(each)) bucket.delete(each);
          else bucket.set(each, now[each] as string);
        }
        const claimed = { ...withoutClaim(former), claim: { by: 'x', until: 0, paths } };
        former = readManifest(
          manifestText(endsEarly ? claimed : { ...former, shows: 'rules', claim: null, files: plan.files }),
        );
        if (endsEarly) continue;
        for (const [each, content] of Object.entries(now)) expect(bucket.get(each)).toBe(content);
        const others = [...bucket.keys()].filter((each) => !(each in now));
        expect(others.every((each) => each.startsWith('incidents/'))).toBe(true);
      }
    }),
  );
});

test.each([
  '',
  'no JSON',
  '{}',
  '{"format":2,"files":{}}',
  '{"format":1}',
  'null',
  '{"format":1,"files":{"a":5}}',
  ...['{}', '"x"', '5', '{"by":"x","paths":[]}', '{"by":"x","until":"x","paths":[]}', '{"by":"x","until":1}'].map(
    (claim) => `{"format":1,"files":{},"claim":${claim}}`,
  ),
])('a manifest that cannot be read (%s) is as none', (text) => {
  expect(readManifest(text)).toEqual(EMPTY_MANIFEST);
});
