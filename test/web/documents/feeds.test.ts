import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { shieldsBadge, svgBadge } from '../../../web/documents/badges.ts';
import { atomFeed, jsonFeed } from '../../../web/documents/feeds.ts';
import { jsonText } from '../../../web/documents/json-text.ts';
import { statuspageDocuments } from '../../../web/documents/statuspage.ts';
import { contrast } from '../contrast.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from '../snapshot.ts';
import { hostileText, incidentOf, LONG_TEXTS, snapshotOf } from './hostile.ts';

/** XML 1.0, production 2: what a document may contain. By units, so that a lone surrogate is seen. */
function isXmlText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}

/** Characters that control a terminal, or reorder or hide what is shown. */
const UNFIT = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029\p{Cs}]/u;

/** Throws where it is not well-formed. */
function parsed(xml: string): unknown {
  expect(isXmlText(xml)).toBe(true);
  expect(XMLValidator.validate(xml)).toBe(true);
  // Only the five entities that XML knows without a document type.
  expect(xml.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  expect(xml).not.toMatch(UNFIT);
  return new XMLParser({ ignoreAttributes: false, htmlEntities: true }).parse(xml);
}

/** Elements as they nest: no text became one. */
function elements(xml: string): readonly string[] {
  return [...xml.matchAll(/<\/?([a-z]+)/gi)].map(([, name = '']) => name);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

describe('whatever a text is', () => {
  test('Atom is well-formed, and has the same elements as with a plain text', () => {
    const plain = elements(atomFeed(snapshotOf('plain')));
    fc.assert(
      fc.property(hostileText, (text) => {
        const xml = atomFeed(snapshotOf(text));
        parsed(xml);
        expect(elements(xml)).toEqual(plain);
      }),
      { numRuns: 100, examples: LONG_TEXTS },
    );
  });

  test('the HTML in an entry of Atom has no element but its own', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { feed } = parsed(atomFeed(snapshotOf(text))) as { feed: { entry: { content: { '#text': string } } } };
        const names = new Set(elements(feed.entry.content['#text']));
        expect([...names].filter((name) => !['p', 'small', 'strong'].includes(name))).toEqual([]);
      }),
      { numRuns: 100, examples: LONG_TEXTS },
    );
  });

  test.each([
    ['JSON Feed', (snapshot: Snapshot) => jsonText(jsonFeed(snapshot))],
    ['the documents of Statuspage', (snapshot: Snapshot) => jsonText(statuspageDocuments(snapshot))],
    ['the badge of shields.io', ({ title }: Snapshot) => jsonText(shieldsBadge(title, 'up'))],
  ])('%s is JSON, and no text of it has characters that control or reorder', (_, written) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const body = written(snapshotOf(text));
        expect(textsIn(JSON.parse(body)).filter((one) => UNFIT.test(one))).toEqual([]);
        expect(body).not.toMatch(UNFIT);
      }),
      { numRuns: 100, examples: LONG_TEXTS },
    );
  });

  test('a badge is well-formed, bounded, and as wide as its texts', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const svg = svgBadge(text, 'degraded');
        parsed(svg);
        const [width = 0] = numbers(svg, 'width');
        const [left = 0, right = 0] = numbers(svg, 'textLength');
        expect(width).toBe(left + right + 24);
        expect(width).toBeLessThan(800);
        expect(elements(svg).filter((name) => name === 'text')).toHaveLength(4);
      }),
    );
  });
});

function numbers(svg: string, name: string): readonly number[] {
  return [...svg.matchAll(new RegExp(`${name}="(\\d+)"`, 'g'))].map(([, value]) => Number(value));
}

const said = {
  number: 1,
  at: '2026-11-25T06:12:00Z',
  by: 'ops',
  state: 'identified',
  text: 'A disk is full.\n\nWait.',
} as const;
const withWords = incidentSnapshot({ closed: null, updated: said.at, statements: [said] });

describe('an incident in the feeds', () => {
  const entryOf = (given: Partial<Snapshot>) =>
    (parsed(atomFeed(snapshotWith(given))) as { feed: { updated: string; entry: Record<string, unknown> } }).feed;

  test.each([
    ['down', 'mx1 is down'],
    ['degraded', 'mx1 is degraded'],
    ['up', 'mx1 is up again'],
  ] as const)('that is open says how its target is now: %s', (verdict, title) => {
    const given = { targets: [targetSnapshot({ verdict })], incidents: [withWords] };
    expect(entryOf(given).entry.title).toBe(title);
    const { items } = jsonFeed(snapshotWith(given)) as { items: Record<string, string>[] };
    expect(items[0]?.title).toBe(title);
    const { incidents } = statuspageDocuments(snapshotWith(given)).incidents as { incidents: { name: string }[] };
    expect(incidents[0]?.name).toBe(title.replace(' is', ':'));
  });

  test('has the words of people, newest first, each line a paragraph', () => {
    const { entry, updated } = entryOf({ incidents: [withWords] });
    expect(entry.content).toMatchObject({
      '@_type': 'html',
      '#text':
        '<p><small>2026-11-25T06:16:28Z</small> recovered</p>' +
        '<p><small>2026-11-25T06:12:00Z</small> <strong>Identified</strong> A disk is full.</p><p>Wait.</p>' +
        '<p><small>2026-11-25T06:09:55Z</small> down: 2 of 3 entitled vantages voted down, quorum 2</p>',
    });
    expect([entry.updated, updated]).toEqual([said.at, said.at]);
    const [item] = (jsonFeed(snapshotWith({ incidents: [withWords] })) as { items: Record<string, string>[] }).items;
    expect(item?.content_text).toContain('2026-11-25T06:12:00Z Identified: A disk is full.\n\nWait.\n');
    expect(item?.date_modified).toBe(said.at);
  });

  test('keeps its id when more is said, and only its time of change is another', () => {
    const [one, other] = [
      withWords,
      { ...withWords, updated: '2026-11-25T07:00:00Z', statements: [said, { ...said, number: 2 }] },
    ].map((incident) => entryOf({ incidents: [incident] }).entry);
    expect(other?.id).toBe(one?.id);
    expect(other?.published).toBe(one?.published);
    expect([one?.updated, other?.updated]).toEqual([said.at, '2026-11-25T07:00:00Z']);
  });

  test('two incidents have two ids, whatever their targets are called', () => {
    const ids = ['a', 'a b', 'a%20b', 'ä', '\ud800', '\\u{d800} '].map((target) => {
      return entryOf({ incidents: [incidentOf('x', { id: `${target}@2026-11-25T06:09:48Z` })] }).entry.id;
    });
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^urn:smtp-quorum:[\w%.!~*'()-]+$/);
  });
});

test.each([
  ['mx1', 'up', '#2a7d50'],
  ['all', 'down', '#c53030'],
] as const)('shields.io shows %s as %s', (name, verdict, color) => {
  expect(shieldsBadge(name, verdict)).toEqual({ schemaVersion: 1, label: name, message: verdict, color });
});

test.each(['up', 'degraded', 'down', 'unknown'] as const)('the word %s is read on its colour', (verdict) => {
  const { color } = shieldsBadge('mx1', verdict) as { color: string };
  expect(contrast(color, '#ffffff')).toBeGreaterThan(4.5);
});

test('addresses are whole ones where it is known where the page is', () => {
  const known = { ...snapshotWith({ incidents: [incidentSnapshot({})] }), url: 'https://status.example.com/' };
  const places = [...atomFeed(known).matchAll(/href="([^"]+)"/g)].map(([, place]) => place ?? '');
  const { home_page_url, feed_url, items } = jsonFeed(known) as { [key: string]: unknown } & {
    readonly items: readonly { readonly url: string }[];
  };
  const all = [...places, home_page_url, feed_url, ...items.map(({ url }) => url)];
  expect(items.length).toBeGreaterThan(0);
  for (const place of all) expect(place).toMatch(/^https:\/\/status\.example\.com\/[a-z]/);
});
