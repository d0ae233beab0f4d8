import { describe, expect, test } from 'vitest';
import type { PostureRun } from '../../../lambda/consensus/posture/posture-run.ts';
import { openPostureRecorder } from '../../../lambda/history/posture/record-posture.ts';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
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
