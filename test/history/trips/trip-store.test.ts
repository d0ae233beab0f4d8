import { describe, expect, test } from 'vitest';
import { newRoundTripVerdict } from '../../../lambda/consensus/trips/round-trip-verdict.ts';
import { NEW_MAILBOX } from '../../../lambda/history/trips/mailbox-state.ts';
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';

function open() {
  const table = openInMemoryTable();
  const told: string[] = [];
  return { table, told, trips: openTripStore(table, ({ sk }) => void told.push(sk)) };
}

describe('an item that cannot be read', () => {
  test.each([7, 'x', null, [1]])('is told, and replaced, whatever its version is: %j', async (version) => {
    const { table, told, trips } = open();
    await table.put({ pk: 'trip-verdicts', sk: 'out', failed: 'none', version });
    await table.put({ pk: 'trip-mailboxes', sk: 'seed', open: 1, version });
    expect([await trips.verdict('out'), await trips.mailbox('seed')]).toEqual([null, NEW_MAILBOX]);
    expect(told).toEqual(['out', 'seed']);
    expect(await trips.writeVerdict(newRoundTripVerdict('out'), 0)).toBe(true);
    expect(await trips.writeMailbox('seed', NEW_MAILBOX)).toMatchObject({ version: 1 });
    expect(await trips.verdict('out')).toEqual({ ...newRoundTripVerdict('out'), version: 1 });
    expect(await trips.mailbox('seed')).toEqual({ ...NEW_MAILBOX, version: 1 });
  });
});

test('of two that read the same, one writes', async () => {
  const { trips } = open();
  const verdict = newRoundTripVerdict('out');
  for (const version of [0, 1]) {
    expect(await trips.writeVerdict(verdict, version)).toBe(true);
    expect(await trips.writeVerdict(verdict, version)).toBe(false);
    expect(await trips.writeMailbox('seed', { ...NEW_MAILBOX, version })).not.toBeNull();
    expect(await trips.writeMailbox('seed', { ...NEW_MAILBOX, version })).toBeNull();
  }
});
