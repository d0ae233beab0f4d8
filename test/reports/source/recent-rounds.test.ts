import { expect, test } from 'vitest';
import { openHistory } from '../../../lambda/history/history.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { healthy, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const at = (time: string) => Date.parse(`2026-11-26T${time}Z`);

test('after a clock that was ahead by a year, rounds that follow are read, and the one ahead is not', async () => {
  const history = openHistory(
    openInMemoryTable(() => at('09:00:00')),
    { now: () => at('09:00:00') },
  );
  const rounds = openRecentRounds();
  const read = async (now: string) => {
    const all = await rounds.read(history, 'eu-west-1', '2026-11-26T08:00:00Z', '2026-11-26T08:00:00Z', at(now));
    return all.map(({ round }) => round);
  };
  const record = (round: string) => history.recordRound(roundOf('eu-west-1', round, { mx1: healthy }));
  await record('2026-11-26T09:00:00Z');
  await record('2027-11-26T09:01:00Z');
  expect(await read('09:01:30')).toEqual(['2026-11-26T09:00:00Z']);
  await record('2026-11-26T09:02:00Z');
  // A clock of a vantage that is some seconds ahead counts.
  await record('2026-11-26T09:03:00Z');
  expect(await read('09:02:30')).toEqual(['2026-11-26T09:00:00Z', '2026-11-26T09:02:00Z', '2026-11-26T09:03:00Z']);
});
