/** What may go wrong, each on a day of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rateLimited } from '../../test/local/receivers.ts';
import { addExpiredRounds, countExpired } from './expired-rounds.ts';
import { type Case, EVERY, type Stage } from './run-one-case.ts';

const usual = { targets: 60, failing: 3 } as const;
const million = 1_000_000;

/** @param killing milliseconds of the day on which the monitor is killed again and again */
export function casesOf(killing: number): readonly Case[] {
  return [
    { ...usual, name: 'all webhooks work' },
    { ...usual, name: 'a webhook refuses (404)', bad: () => ({ status: 404 }) },
    { ...usual, name: 'a webhook never replies', bad: () => null },
    { ...usual, name: 'a webhook takes 1/s, burst 5', bad: rateLimited(1, 5) },
    { ...usual, name: 'the disk is full', onDisk: true, begin: fillDisk },
    { ...usual, name: 'started on a full disk, in an outage', onDisk: true, whileDown: restartOnFullDisk },
    { ...usual, name: 'clock set back 120 s, in each outage', whileDown: setClockBy(-120_000) },
    { ...usual, name: 'clock set ahead 120 s, in each outage', whileDown: setClockBy(120_000) },
    { ...usual, name: `kill -9 every 10 s for ${killing / 1000} s`, lasts: killing, begin: killEveryTenSeconds },
    { ...usual, name: 'a million expired rounds', prepare: expire, conclude: tellExpired },
    { name: '300 targets, 3 down', targets: 300, failing: 3 },
    { name: '300 targets, all down', targets: 300, failing: 300 },
    { name: '300 targets, all down, a webhook takes 1/s', targets: 300, failing: 300, bad: rateLimited(1, 5) },
  ];
}

function fillDisk({ disk }: Stage): () => Promise<void> {
  disk?.fill();
  return async () => {
    disk?.empty();
    // Until the files are written again.
    await sleep(8_000);
  };
}

async function restartOnFullDisk({ watch, disk }: Stage, outage: number): Promise<void> {
  if (outage > 1) return disk?.empty();
  await watch.stop();
  disk?.fill();
  watch.start();
  await sleep(2 * EVERY);
}

function setClockBy(milliseconds: number): (stage: Stage) => Promise<void> {
  return async ({ watch }) => {
    watch.setClock(milliseconds);
    await sleep(3 * EVERY);
  };
}

/** Not always at the same moment of a round: a second sooner or later. */
function killEveryTenSeconds({ watch }: Stage): () => Promise<void> {
  const end = new AbortController();
  const killing = (async () => {
    for (;;) {
      await sleep(9_000 + Math.random() * 2_000, undefined, { signal: end.signal }).catch(() => {});
      if (end.signal.aborted) return;
      await watch.kill();
      watch.start();
    }
  })();
  return () => {
    end.abort();
    return killing;
  };
}

const expire = ({ folder }: Stage) => addExpiredRounds(folder, million);

async function tellExpired({ folder }: Stage, seconds: number): Promise<string> {
  const left = await countExpired(folder);
  const perSecond = (million - left) / seconds;
  const minutes = Math.round(million / perSecond / 60);
  return `${million - left} of ${million} deleted in ${seconds.toFixed(0)} s: ${perSecond.toFixed(0)} a second, all of them in ${minutes} min`;
}
