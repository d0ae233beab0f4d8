import { describe, expect, test } from 'vitest';
import { EMPTY_MANIFEST, manifestText, readManifest } from '../../lambda/publish/manifest.ts';
import type { Site } from '../../lambda/publish/publish.ts';
import { isWholeDue, type Publication, publish } from '../../lambda/publish/publish.ts';
import { newsAtOf } from '../../lambda/publish/publish-event.ts';
import { type MemorySite, memorySite } from './memory-site.ts';

const START = Date.parse('2026-11-26T09:30:00Z');
const MINUTE = 60_000;

/** A page of these files, whose content is their digest. */
function siteWith(files: Record<string, string>, isWhole: boolean): Site {
  return {
    fileOf: async (path) => ({ type: 'text/plain', body: files[path] ?? '' }),
    files: new Map(Object.entries(files).map(([path, news]) => [path, { news, whole: isWhole ? news : null }])),
  };
}

let run = 0;
function publication(
  store: MemorySite,
  files: () => Record<string, string>,
  given: Partial<Publication> = {},
): Publication {
  return {
    store,
    shows: 'rules',
    read: async ({ isWhole }) => siteWith(files(), isWhole),
    by: `run${++run}`,
    now: () => START,
    deadline: START + 2 * MINUTE,
    newsAt: Number.POSITIVE_INFINITY,
    ...given,
  };
}

const contents = ({ objects }: MemorySite) => Object.fromEntries([...objects].map(([path, { body }]) => [path, body]));
const FILES = { 'page.css': '1', 'targets/a.html': '1', 'targets/b.html': '1', 'index.html': '1' };

describe('a publication', () => {
  test('writes everything once, then the news alone', async () => {
    const store = memorySite();
    let files: Record<string, string> = FILES;
    expect(await publish(publication(store, () => files))).toEqual({
      written: 4,
      removed: 0,
      isWhole: true,
      isCovered: false,
    });
    files = { ...FILES, 'targets/b.html': '2', 'index.html': '2' };
    expect(await publish(publication(store, () => files))).toMatchObject({ written: 2, isWhole: false });
    expect(contents(store)).toEqual(files);
  });

  test('does nothing for events that were before another one read the history', async () => {
    const store = memorySite();
    let reads = 0;
    const counted = () => {
      reads += 1;
      return FILES;
    };
    await publish(publication(store, counted));
    for (let nth = 0; nth < 300; nth++) {
      const report = await publish(publication(store, counted, { newsAt: START - 3_000 - nth }));
      expect(report).toMatchObject({ written: 0, isCovered: true });
    }
    expect(reads).toBe(1);
    // An event of the same seconds may not have been seen.
    expect(await publish(publication(store, counted, { newsAt: START - 1_000 }))).toMatchObject({ isCovered: false });
  });

  test('two at once: the one that claims second reads the history again', async () => {
    const store = memorySite();
    await publish(publication(store, () => FILES));
    let version = 1;
    const next = () => ({ ...FILES, 'targets/a.html': String(++version), 'index.html': String(version) });
    await Promise.all([1, 2, 3, 4].map(() => publish(publication(store, next))));
    const { 'targets/a.html': page, 'index.html': index } = contents(store);
    expect(page).toBe(index);
    // The newest that anybody read: nobody wrote an older one over it.
    expect(page).toBe(String(version));
    expect(readManifest(store.stored() ?? '').claim).toBeNull();
  });

  test('one that ended between its writes leaves nothing that the next takes for written', async () => {
    let left = 2;
    const store = memorySite((path) => {
      if (path !== 'manifest' && left-- === 0) throw new Error('ended');
    });
    await expect(publish(publication(store, () => FILES))).rejects.toThrow('ended');
    expect(store.objects.has('index.html')).toBe(false);
    left = Number.POSITIVE_INFINITY;
    const late = { now: () => START + 3 * MINUTE, deadline: START + 5 * MINUTE };
    await publish(publication(store, () => FILES, late));
    expect(contents(store)).toEqual(FILES);
  });

  test('waits for another that is under way, and gives up before it is ended itself', async () => {
    const store = memorySite();
    const claim = { by: 'other', until: START + MINUTE, paths: [] };
    await store.writeManifest(manifestText({ ...EMPTY_MANIFEST, claim }), null);
    let now = START;
    const ticking = { now: () => (now += 10_000), deadline: START + 30_000 };
    await expect(publish(publication(store, () => FILES, ticking))).rejects.toThrow('another publication is under way');
    now = START + 50_000;
    await publish(publication(store, () => FILES, { ...ticking, deadline: START + 5 * MINUTE }));
    expect(contents(store)).toEqual(FILES);
  });

  test('goes on after a write of the manifest whose answer was lost', async () => {
    const inner = memorySite();
    const lost = { ...inner, objects: inner.objects };
    let answers = 0;
    lost.writeManifest = async (text, tag) => {
      const written = await inner.writeManifest(text, tag);
      return ++answers % 2 === 1 ? null : written;
    };
    await publish(publication(lost, () => FILES));
    expect(contents(inner)).toEqual(FILES);
    expect(readManifest(inner.stored() ?? '').claim).toBeNull();
  });

  test('one that another took over says so', async () => {
    const store = memorySite();
    const stolen = {
      ...store,
      objects: store.objects,
      put: async () => {
        const found = await store.manifest();
        await store.writeManifest(manifestText(EMPTY_MANIFEST), found?.tag ?? null);
      },
    };
    await expect(publish(publication(stolen, () => FILES))).rejects.toThrow('took over');
  });
});

describe('a publication after one that failed', () => {
  test('need not wait, and nothing of the failed one is written later', async () => {
    let isBroken = true;
    const waits: (() => void)[] = [];
    const store = memorySite((path) => {
      if (!isBroken || path === 'manifest') return;
      if (path === 'targets/a.html') throw new Error('SlowDown');
      if (path === 'targets/b.html') return new Promise((resolve) => waits.push(resolve));
    });
    const failing = publish(publication(store, () => FILES));
    const failed = expect(failing).rejects.toThrow('SlowDown');
    await expect.poll(() => waits.length).toBe(1);
    // While a write is under way, nobody else begins.
    expect(readManifest(store.stored() ?? '').claim).not.toBeNull();
    waits[0]?.();
    await failed;
    isBroken = false;
    const next = { ...FILES, 'targets/b.html': '2' };
    // With this deadline it cannot wait.
    await publish(publication(store, () => next, { deadline: START }));
    expect(contents(store)).toEqual(next);
  });

  test('waits for its time to end if the claim could not be released', async () => {
    let writes = 0;
    const store = memorySite((path) => {
      if (path !== 'manifest' || ++writes > 1) throw new Error('503');
    });
    await expect(publish(publication(store, () => FILES))).rejects.toThrow('503');
    expect(readManifest(store.stored() ?? '').claim).toMatchObject({ until: START + 2 * MINUTE });
  });
});

const YEAR = 365 * 86_400_000;

describe('a clock that was wrong', () => {
  test('a claim until next year does not hold the page', async () => {
    const store = memorySite();
    const claim = { by: 'other', until: START + YEAR, paths: ['targets/c.html'] };
    await store.writeManifest(manifestText({ ...EMPTY_MANIFEST, claim }), null);
    await publish(publication(store, () => FILES, { deadline: START }));
    expect(contents(store)).toEqual(FILES);
  });

  test.each([
    ['ahead', YEAR],
    ['back', -YEAR],
  ])('events are published after a publication whose clock was a year %s', async (_, shift) => {
    const store = memorySite();
    await publish(publication(store, () => FILES, { now: () => START + shift, deadline: START + shift + MINUTE }));
    const next = { ...FILES, 'targets/a.html': '2' };
    await publish(publication(store, () => next, { newsAt: START - 1_000 }));
    const later = { ...next, 'targets/a.html': '3' };
    await publish(publication(store, () => later, { newsAt: START - 1_000 }));
    expect(contents(store)).toEqual(later);
  });
});

describe('what was published before stays readable nowhere', () => {
  const OLD = { ...FILES, 'incidents/a.html': '1', 'data/a/day/2026.json': 'full:1', 'now.json': '1' };

  test.each([
    ['lost', ''],
    ['of another release', '{"format":2,"files":{}}'],
    ['without sense', '{"format":1,"files":{"a":"b c"},"claim":{}}'],
  ])('with a manifest that is %s', async (_, text) => {
    const store = memorySite();
    for (const [path, body] of Object.entries(OLD)) await store.put(path, { type: 'text/plain', body });
    if (text !== '') await store.writeManifest(text, null);
    await publish(publication(store, () => FILES));
    // That one is of the judge.
    expect(contents(store)).toEqual({ ...FILES, 'now.json': '1' });
  });

  test('under other rules every page is written anew, also one whose digest does not say what is hidden', async () => {
    const store = memorySite();
    const months = { ...FILES, 'reports/2026-10.html': 'over', 'data/a/day/2026.json': 'full:1' };
    await publish(publication(store, () => months));
    const before = store.log.length;
    await publish(publication(store, () => months, { shows: 'other' }));
    // The label of a shard has its rules.
    expect(store.log.slice(before).sort()).toEqual([...Object.keys(FILES), 'reports/2026-10.html'].sort());
  });

  test('what is hidden now is removed first, whatever fails later', async () => {
    let isBroken = false;
    const store = memorySite((path) => {
      if (isBroken && path === 'page.css') throw new Error('SlowDown');
    });
    await publish(publication(store, () => OLD));
    isBroken = true;
    await expect(publish(publication(store, () => FILES, { shows: 'other' }))).rejects.toThrow('SlowDown');
    expect(store.objects.has('incidents/a.html')).toBe(false);
  });
});

test.each([
  ['09:00', '09:17', false],
  ['09:00', '09:18', true],
  ['09:18', '09:59', false],
  ['09:18', '10:17', false],
  ['09:18', '10:18', true],
  ['09:17', '09:18', true],
])('last whole at %s, now %s: %s', (last, now, due) => {
  const at = (time: string) => Date.parse(`2026-11-26T${time}:00Z`);
  expect(isWholeDue({ ...EMPTY_MANIFEST, shows: 'rules', wholeAt: at(last) }, 'rules', at(now))).toBe(due);
  expect(isWholeDue({ ...EMPTY_MANIFEST, shows: 'rules', wholeAt: at(last) }, 'other', at(now))).toBe(true);
});

test.each<[unknown, number]>([
  [{ scheduled: '2026-11-26T09:03:00Z' }, Number.POSITIVE_INFINITY],
  [undefined, Number.POSITIVE_INFINITY],
  [{ Records: [] }, Number.POSITIVE_INFINITY],
  [{ Records: [{ attributes: { SentTimestamp: '1000' } }, { attributes: { SentTimestamp: '3000' } }] }, 3_000],
  [{ Records: [{ attributes: { SentTimestamp: '1000' } }, {}] }, Number.POSITIVE_INFINITY],
])('the time of the news in %j', (event, at) => {
  expect(newsAtOf(event)).toBe(at);
});
