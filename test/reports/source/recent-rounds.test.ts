import { describe, expect, test } from 'vitest';
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

test('of a vantage that records no more, rounds that are dropped are not read again', async () => {
  const clock = { now: at('09:00:00') };
  const history = openHistory(
    openInMemoryTable(() => clock.now),
    { now: () => clock.now },
  );
  const read: string[] = [];
  const counted = {
    ...history,
    rounds: async (...range: Parameters<typeof history.rounds>) => {
      const found = await history.rounds(...range);
      read.push(...found.map(({ round }) => round));
      return found;
    },
  };
  const rounds = openRecentRounds();
  const readAt = async (time: string, since: string) => {
    clock.now = at(time);
    read.length = 0;
    const [from, until] = [`2026-11-26T${since}Z`, at(time)];
    return (await rounds.read(counted, 'eu-west-1', from, from, until)).length;
  };
  for (const minute of ['00', '01', '02', '03'])
    await history.recordRound(roundOf('eu-west-1', `2026-11-26T09:${minute}:00Z`, { mx1: healthy }));
  expect(await readAt('09:03:30', '08:03:30')).toBe(4);
  expect(await readAt('10:02:30', '09:02:30')).toBe(1);
  expect(await readAt('10:04:30', '09:04:30')).toBe(0);
  expect(await readAt('10:05:30', '09:05:30')).toBe(0);
  expect(read).toEqual([]);
});

describe('a round that changes after it was read', () => {
  const open = () => {
    const clock = { now: at('09:00:00') };
    const history = openHistory(
      openInMemoryTable(() => clock.now),
      { now: () => clock.now },
    );
    const rounds = openRecentRounds();
    const asked: string[] = [];
    const counted = {
      ...history,
      rounds: (vantage: string, since: string, until?: string) => {
        asked.push(since);
        return history.rounds(vantage, since, until);
      },
    };
    const read = async (now: string) => {
      clock.now = at(now);
      const since = '2026-11-26T08:00:00Z';
      return (await rounds.read(counted, 'eu-west-1', since, since, clock.now)).map(
        ({ round, samples }) => `${round.slice(11)} ${[...samples.keys()].join(' ')}`,
      );
    };
    return { history, read, asked };
  };
  const recordIn =
    (history: ReturnType<typeof openHistory>) =>
    (round: string, targets: readonly string[], slow = '') =>
      history.recordRound({
        ...roundOf('eu-west-1', `2026-11-26T${round}`, Object.fromEntries(targets.map((id) => [id, healthy]))),
        ...(slow === '' ? {} : { underWay: { [slow]: 20 } }),
      });

  test('has samples of probes that ended after it was recorded', async () => {
    const { history, read } = open();
    const record = recordIn(history);
    await record('09:00:00Z', ['mx1'], 'slow');
    expect(await read('09:00:31')).toEqual(['09:00:00Z mx1']);
    await record('09:01:00Z', ['mx1']);
    expect(await read('09:01:02')).toEqual(['09:00:00Z mx1', '09:01:00Z mx1']);
    await history.addToRound('eu-west-1', '2026-11-26T09:00:00Z', new Map([['slow', healthy]]));
    await record('09:02:00Z', ['mx1']);
    expect(await read('09:02:02')).toEqual(['09:00:00Z mx1 slow', '09:01:00Z mx1', '09:02:00Z mx1']);
  });

  test('is not waited for longer than a probe can take', async () => {
    const { history, read, asked } = open();
    const record = recordIn(history);
    await record('09:00:00Z', ['mx1'], 'never');
    for (const minute of ['01', '02', '03', '04', '05', '06']) await record(`09:${minute}:00Z`, ['mx1']);
    await read('09:06:01');
    await read('09:06:02');
    expect(asked.slice(1)).toEqual(['2026-11-26T09:05:00Z']);
  });

  test('is read if it is recorded after a second opinion that began later', async () => {
    const { history, read } = open();
    const record = recordIn(history);
    await record('09:00:00Z', ['mx1']);
    await record('09:01:07.412000001Z', ['mx1']);
    expect(await read('09:01:10')).toEqual(['09:00:00Z mx1', '09:01:07.412000001Z mx1']);
    await record('09:01:00Z', ['mx1', 'mx2']);
    expect(await read('09:01:31')).toEqual(['09:00:00Z mx1', '09:01:00Z mx1 mx2', '09:01:07.412000001Z mx1']);
  });

  test('is read if it is a second opinion that is recorded after the next round', async () => {
    const { history, read } = open();
    const record = recordIn(history);
    await record('09:00:00Z', ['mx1']);
    await record('09:01:00Z', ['mx1']);
    expect(await read('09:01:03')).toEqual(['09:00:00Z mx1', '09:01:00Z mx1']);
    await record('09:00:50.412000001Z', ['mx1']);
    expect(await read('09:01:10')).toEqual(['09:00:00Z mx1', '09:00:50.412000001Z mx1', '09:01:00Z mx1']);
  });
});
