import { expect, test } from 'vitest';
import { startJudgeQueue } from '../../local/judge-queue.ts';

/** Passes that end when they are told to. */
function passes() {
  const ends: (() => void)[] = [];
  const queue = startJudgeQueue(() => new Promise((resolve) => void ends.push(resolve)));
  return { queue, ends };
}

const turn = () => new Promise(setImmediate);

test('requests during a pass share the next one', async () => {
  const { queue, ends } = passes();
  void queue.request();
  const both = Promise.all([queue.request(), queue.request()]);
  ends[0]?.();
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await both;
});

test('when it stops, the running pass ends first, and no other begins: the database is closed next', async () => {
  const { queue, ends } = passes();
  void queue.request();
  const waiting = queue.request();
  let hasStopped = false;
  const stopped = queue.stop().then(() => {
    hasStopped = true;
  });
  await turn();
  expect(hasStopped).toBe(false);
  ends[0]?.();
  await Promise.all([stopped, waiting, queue.request()]);
  expect(ends).toHaveLength(1);
});

test('a pass that fails does not hinder the stop', async () => {
  const queue = startJudgeQueue(() => Promise.reject(new Error('no history')));
  const failed = queue.request();
  await Promise.all([expect(failed).rejects.toThrow('no history'), queue.stop()]);
});
