import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addRun } from '../../../lambda/consensus/posture/add-run.ts';
import type { PostureRun } from '../../../lambda/consensus/posture/posture-run.ts';
import { postureItem, postureOf } from '../../../lambda/history/posture/posture-item.ts';
import type { PostureWatchRun } from '../../../lambda/history/posture/posture-watch.ts';
import { openPostureRecorder } from '../../../lambda/history/posture/record-posture.ts';
import { itemLimit, itemSize, writeUnits } from '../../../lambda/history/table/item-size.ts';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
import { POSTURE_AREAS } from '../../../lambda/posture/codes/code.ts';
import { at, found, listed, MINUTE, START } from '../../consensus/posture/runs.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';

interface World {
  readonly recorder: ReturnType<typeof openPostureRecorder>;
  readonly puts: Item[];
  readonly told: string[];
  readonly table: Table;
}

let now = START;

function world(): World {
  const [puts, told]: [Item[], string[]] = [[], []];
  const memory = openInMemoryTable(() => now);
  const table: Table = {
    ...memory,
    put: async (item, condition) => {
      puts.push(item);
      return memory.put(item, condition);
    },
  };
  const recorder = openPostureRecorder(table, { now: () => now, reportUnreadable: ({ pk }) => told.push(pk) });
  return { recorder, puts, told, table };
}

const base = { domain: 'example.com', vantage: 'us-east-1' } as const;

/** A run that many minutes after the start. */
function run(minutes: number, rest: Partial<PostureRun>): PostureRun {
  now = START + minutes * MINUTE;
  return { ...base, began: at(minutes), ended: at(minutes), areas: ['spf', 'dnsbl'], findings: [], ...rest };
}

const listing = listed('192.0.2.25');
const spf = found('spf-missing', 'example.com');

describe('an item is written', () => {
  const cases: readonly [string, readonly (readonly [number, Partial<PostureRun>])[], readonly string[]][] = [
    [
      'by the first run alone, if nothing changes',
      [
        [0, {}],
        [15, {}],
        [30, {}],
        [600, {}],
      ],
      ['written', 'unchanged', 'unchanged', 'unchanged'],
    ],
    [
      'once a day',
      [
        [0, {}],
        [60, {}],
        [24 * 60, {}],
        [24 * 60 + 60, {}],
      ],
      ['written', 'unchanged', 'written', 'unchanged'],
    ],
    [
      'when something changed, and when a second run confirms it, then no more',
      [
        [0, {}],
        [15, { findings: [listing] }],
        [30, { findings: [listing] }],
        [45, { findings: [listing] }],
      ],
      ['written', 'written', 'written', 'unchanged'],
    ],
    [
      'when it is gone, and when a second run confirms that',
      [
        [0, { findings: [spf] }],
        [15, { findings: [spf] }],
        [30, {}],
        [45, {}],
        [60, {}],
      ],
      ['written', 'written', 'written', 'written', 'unchanged'],
    ],
    [
      'when an area is checked for the first time, also if nothing is found',
      [
        [0, { areas: ['dnsbl'] }],
        [60, {}],
        [120, {}],
      ],
      ['written', 'written', 'unchanged'],
    ],
    [
      'once for an event that comes twice',
      [
        [0, { findings: [spf] }],
        [0, { findings: [spf] }],
      ],
      ['written', 'stale'],
    ],
    [
      'not because addresses that passed are others behind one name',
      [
        [0, { findings: [found('fcrdns-confirmed', '192.0.2.1')], areas: ['fcrdns'] }],
        [60, { findings: [found('fcrdns-confirmed', '192.0.2.2')], areas: ['fcrdns'] }],
      ],
      ['written', 'unchanged'],
    ],
    [
      'not because the answers come in another order',
      [
        [0, { findings: [listed('192.0.2.25', '127.0.0.2, 127.0.0.9')] }],
        [15, { findings: [listed('192.0.2.25', '127.0.0.9, 127.0.0.2')] }],
        [30, { findings: [listed('192.0.2.25', '127.0.0.2, 127.0.0.9')] }],
      ],
      ['written', 'written', 'unchanged'],
    ],
  ];

  test.each(cases)('%s', async (_, runs, outcomes) => {
    const { recorder } = world();
    const seen: string[] = [];
    for (const [minutes, rest] of runs) seen.push((await recorder.recordPostureRun(run(minutes, rest))).outcome);
    expect(seen).toEqual(outcomes);
  });
});

describe('a run of lists', () => {
  test('does not make the findings of other areas vanish', async () => {
    const { recorder } = world();
    const hourly = { areas: POSTURE_AREAS, findings: [spf, listing] };
    await recorder.recordPostureRun(run(0, hourly));
    await recorder.recordPostureRun(run(60, hourly));
    for (const minutes of [75, 90, 105]) await recorder.recordPostureRun(run(minutes, { areas: ['dnsbl'] }));
    const state = await recorder.latestPosture('example.com', 'us-east-1');
    expect(state?.findings.map(({ code, confirmed, gone }) => ({ code, confirmed, gone }))).toEqual([
      { code: 'spf-missing', confirmed: true, gone: null },
    ]);
    expect(state?.areas).toMatchObject({ spf: at(60), dnsbl: at(90) });
  });

  test('leaves what is known of a list that was not asked', async () => {
    const { recorder } = world();
    const other = listed('192.0.2.25', '127.0.0.2', 'bl.spamcop.net');
    const lists = { areas: ['dnsbl'] } as const;
    for (const minutes of [0, 15])
      await recorder.recordPostureRun(run(minutes, { ...lists, findings: [listing, other] }));
    for (const minutes of [30, 45, 60]) {
      await recorder.recordPostureRun(run(minutes, { ...lists, notAsked: ['bl.spamcop.net'] }));
    }
    const state = await recorder.latestPosture('example.com', 'us-east-1');
    expect(state?.findings.map(({ subject }) => subject)).toEqual(['192.0.2.25 on bl.spamcop.net']);
  });

  test('of a domain that no longer exists nothing but that is learnt', async () => {
    const { recorder } = world();
    for (const minutes of [0, 60])
      await recorder.recordPostureRun(run(minutes, { areas: POSTURE_AREAS, findings: [spf] }));
    const vanished = found('mx-no-domain', 'example.com');
    for (const minutes of [120, 180, 240]) {
      await recorder.recordPostureRun(run(minutes, { areas: POSTURE_AREAS, findings: [vanished] }));
    }
    const state = await recorder.latestPosture('example.com', 'us-east-1');
    expect(state?.findings.map(({ code, gone }) => [code, gone])).toEqual([
      ['spf-missing', null],
      ['mx-no-domain', null],
    ]);
  });

  test('that is late changes no newer area, and a clock that was ahead does not stop the others', async () => {
    const { recorder } = world();
    await recorder.recordPostureRun(run(60, { findings: [spf] }));
    expect(await recorder.recordPostureRun({ ...run(61, {}), began: at(30) })).toMatchObject({ outcome: 'stale' });
    const ahead = { ...run(62, { findings: [] }), began: at(60 + 24 * 60) };
    await recorder.recordPostureRun(ahead);
    expect((await recorder.recordPostureRun(run(75, { findings: [spf, listing] }))).outcome).toBe('written');
  });
});

describe('items', () => {
  test('expire after 13 months, and are read as they were written', async () => {
    const { recorder, puts } = world();
    const policies = [{ id: '1', mode: 'enforce', mx: ['mx1.example.com'], maxAge: 604_800, lastSeen: at(0) }] as const;
    const whole = found('spf-several', 'example.com', { publish: ['a', 'b'], command: 'dig', evidence: ['c'] });
    await recorder.recordPostureRun(run(0, { areas: ['spf', 'mta-sts'], findings: [whole], policies }));
    const state = await recorder.latestPosture('example.com', 'us-east-1');
    expect(state).toMatchObject({
      policies,
      findings: [{ ...whole, since: at(0), confirmed: false, gone: null, unknown: null }],
    });
    expect((puts[0]?.ttl ?? 0) - START / 1000).toBe(400 * 86_400);
  });

  test('that cannot be read are skipped and told, and the one before counts', async () => {
    const { recorder, table, told } = world();
    await recorder.recordPostureRun(run(0, { findings: [spf] }));
    await table.put({
      pk: 'posture#example.com',
      sk: 'us-east-1#2026-11-22T05:01:00.000Z',
      areas: {},
      findings: [{ code: 1 }],
    });
    const state = await recorder.latestPosture('example.com', 'us-east-1');
    expect(state?.findings[0]?.code).toBe('spf-missing');
    expect(told).toEqual(['posture#example.com']);
  });

  test('fit, whatever DNS has; what is worst is kept', () => {
    const text = fc.string({ unit: 'binary', minLength: 100, maxLength: 4000, size: 'max' });
    const any = fc.record({
      code: fc.constantFrom('spf-missing', 'mx-valid', 'dmarc-policy-none'),
      subject: text,
      evidence: fc.array(text, { maxLength: 60, size: 'max' }),
      publish: fc.array(text, { maxLength: 20, size: 'max' }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 60 }), (some, times) => {
        const findings = Array.from({ length: times }, (_, nth) =>
          some.map(({ code, subject, ...rest }) => ({ ...found(code as 'spf-missing', `${nth} ${subject}`), ...rest })),
        ).flat();
        const state = addRun(null, { ...base, began: at(0), ended: at(0), areas: POSTURE_AREAS, findings }, START);
        const item = postureItem(state);
        expect(itemSize(item)).toBeLessThan(itemLimit);
        const read = postureOf(JSON.parse(JSON.stringify(item)));
        const fails = findings.filter(({ outcome }) => outcome === 'fail').length;
        if (fails > 0) expect(read.findings.some(({ outcome }) => outcome === 'fail')).toBe(true);
        expect(read.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
  });
});

describe('the watch of a vantage', () => {
  const note = (minutes: number, rest: Partial<PostureWatchRun> = {}): PostureWatchRun => {
    now = START + minutes * MINUTE;
    return { vantage: 'us-east-1', began: at(minutes), areas: ['dnsbl'], items: {}, asked: [], ...rest };
  };

  test('has when its runs count as fresh, by day, and what was asked and written lately', async () => {
    const { recorder, puts } = world();
    await recorder.recordPostureWatch(
      note(0, { areas: POSTURE_AREAS, items: { 'example.com': at(0) }, asked: ['zen.spamhaus.org'] }),
    );
    await recorder.recordPostureWatch(note(15));
    await recorder.recordPostureWatch(note(240, { items: { 'example.net': at(240) } }));
    const watch = await recorder.latestWatch('us-east-1');
    const minutes = (spans: readonly { from: number; to: number }[] = []) =>
      spans.map(({ from, to }) => [from, to].map((time) => (time - START) / MINUTE));
    expect(minutes(watch?.watched.lists)).toEqual([
      [0, 65],
      [240, 290],
    ]);
    expect(minutes(watch?.watched.rest)).toEqual([[0, 210]]);
    expect(watch).toMatchObject({
      version: 3,
      recent: { 'example.net': at(240) },
      asked: { 'zen.spamhaus.org': at(0) },
      areas: { spf: at(0), dnsbl: at(240) },
    });
    expect(puts.every((item) => writeUnits(item) === 1)).toBe(true);
  });

  test('begins a new day with what is known, and takes a late run of the day before', async () => {
    const { recorder } = world();
    await recorder.recordPostureWatch(note(0, { asked: ['zen.spamhaus.org'] }));
    await recorder.recordPostureWatch(note(20 * 60));
    await recorder.recordPostureWatch(note(18 * 60 + 50));
    const watch = await recorder.latestWatch('us-east-1');
    expect(watch).toMatchObject({ date: '2026-11-23', version: 2, asked: { 'zen.spamhaus.org': at(0) } });
    expect(watch?.watched.lists).toHaveLength(2);
  });

  test('loses no run of two that end at the same time', async () => {
    const { recorder } = world();
    await recorder.recordPostureWatch(note(0));
    await Promise.all([
      recorder.recordPostureWatch(note(30, { asked: ['a.example'] })),
      recorder.recordPostureWatch(note(30, { asked: ['b.example'] })),
    ]);
    expect(Object.keys((await recorder.latestWatch('us-east-1'))?.asked ?? {}).sort()).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  test('replaces an item that cannot be read', async () => {
    const { recorder, table, told } = world();
    await table.put({ pk: 'posture-watch', sk: 'us-east-1#2026-11-22', version: 'x' });
    await recorder.recordPostureWatch(note(0));
    expect((await recorder.latestWatch('us-east-1'))?.version).toBe(1);
    expect(told).toEqual(['posture-watch']);
  });

  test('has room for the newest items of very many domains, and says that some have none', async () => {
    const { recorder } = world();
    const items = Object.fromEntries(Array.from({ length: 1000 }, (_, nth) => [`d${nth}.example.com`, at(0)]));
    const watch = await recorder.recordPostureWatch(note(0, { items }));
    expect(Object.keys(watch.recent)).toHaveLength(400);
    expect(watch.omitted).toBe(at(0));
  });
});
