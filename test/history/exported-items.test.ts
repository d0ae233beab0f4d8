/** What is stored of posture, bounces and round trips goes with the history: a monitor that moves keeps it. */
import { expect, test } from 'vitest';
import { problemOf } from '../../lambda/history/exported-item-check.ts';
import {
  bounceRangesOf,
  domainsNamedBy,
  itemsInRange,
  type KeyRange,
  postureRangesOf,
  roundTripsNamedBy,
  tripRangesOf,
} from '../../lambda/history/table/export-key-ranges.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';
import { MINUTE, openTripWorld, START } from '../trip-run/world.ts';
import { recordBounces } from './bounces/example-bounces.ts';
import { recordPosture } from './posture/example-posture.ts';
import { openInMemoryTable } from './table/in-memory-table.ts';

const SINCE = '1970-01-01T00:00:00Z';
const UNTIL = '2999-01-01T00:00:00Z';

type Ranges = (named: readonly Item[]) => readonly KeyRange[];

interface Case {
  readonly what: string;
  /** What is expected of the partitions at least. */
  readonly partitions: readonly string[];
  /** Records, and returns all that was written. */
  record(): Promise<readonly Item[]>;
  readonly ranges: Ranges;
}

async function writesOf(record: (tableOf: (now: () => number) => Table) => Promise<unknown>): Promise<readonly Item[]> {
  const writes: Item[] = [];
  await record((now) => {
    const table = openInMemoryTable(now);
    const put: Table['put'] = async (item, condition) => {
      const isWritten = await table.put(item, condition);
      if (isWritten) writes.push(item);
      return isWritten;
    };
    return { ...table, put };
  });
  return writes;
}

/** A message in the junk folder from each of two vantages, which is told, and one that is under way. */
async function tripWrites(): Promise<readonly Item[]> {
  const vantages = ['us-east-1', 'eu-west-1'];
  const world = await openTripWorld({ vantages });
  try {
    world.route.behaviour = { folders: ['Junk'] };
    for (const minute of [0, 1, 2]) for (const vantage of vantages) await world.run(vantage, START + minute * MINUTE);
    world.route.behaviour = { folders: [] };
    for (const minute of [12, 13]) for (const vantage of vantages) await world.run(vantage, START + minute * MINUTE);
    expect((await world.mailbox()).open).not.toEqual([]);
    return world.writes;
  } finally {
    await world.close();
  }
}

const CASES: readonly Case[] = [
  {
    what: 'posture',
    partitions: ['posture#example.com', 'posture-verdicts', 'posture-watch'],
    record: () => writesOf(recordPosture),
    ranges: (items) => postureRangesOf(domainsNamedBy(items), SINCE, UNTIL),
  },
  {
    what: 'bounces',
    partitions: ['bounce-mailboxes', 'bounce-verdicts', 'bounces'],
    record: () => writesOf(recordBounces),
    ranges: () => bounceRangesOf(SINCE, UNTIL),
  },
  {
    what: 'round trips',
    partitions: ['trip#out', 'trip-mailboxes', 'trip-verdicts'],
    record: tripWrites,
    ranges: (items) => tripRangesOf(roundTripsNamedBy(items), SINCE, UNTIL),
  },
];

test.each(CASES)('an export has all that is stored of $what, and an import takes each item', async (each) => {
  const written = (await each.record()).filter(({ pk }) => !/^(?:delivery#|channels$)/.test(pk));
  const table = openInMemoryTable(() => 0);
  for (const item of written) await table.put(item);
  expect([...new Set(written.map(({ pk }) => pk))].sort()).toEqual(each.partitions);
  const exported: Item[] = [];
  // Trips are named by mailboxes alone as long as none failed.
  const named = written.filter(({ pk }) => pk.startsWith('posture-') || pk === 'trip-mailboxes');
  for (const range of each.ranges(named)) for await (const item of itemsInRange(table, range)) exported.push(item);
  const keyOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
  expect(exported.map(keyOf).sort()).toEqual([...new Set(written.map(keyOf))].sort());
  expect(exported.flatMap((item) => problemOf(item) ?? [])).toEqual([]);
  const spoiled = { findings: 7, recent: 7, judged: 7, rows: 7, rates: 7, rolledUp: 'x', arrivals: 7, open: 7 };
  const broken = exported.map((item) => ({ ...item, ...spoiled, failed: 7, version: 'x' }));
  expect(broken.filter((item) => problemOf(item) === null)).toEqual([]);
});
