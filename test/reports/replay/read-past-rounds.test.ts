import { expect, test } from 'vitest';
import { type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample, Round } from '../../../lambda/history/packing/recorded-round.ts';
import { comparePages, pagesOf } from '../../../lambda/reports/replay/pages.ts';
import { findReplaySpan, type ReplaySpan, readPastRounds } from '../../../lambda/reports/replay/read-past-rounds.ts';
import { openReplay } from '../../../lambda/reports/replay/replay.ts';
import { eachRound } from '../../../lambda/reports/source/rounds.ts';
import { healthy, refused } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const minute = 60_000;
const hour = 60 * minute;
const every = 2 * minute;
const start = Date.parse('2026-11-01T00:00:00Z');
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const targets = ['mx1', 'mx2'];
const policy: Policy = { ...policyDefaults(3), vantages, every, stagger: false };
const others: readonly Policy[] = [policy, { ...policy, quorum: 3 }, { ...policy, confirm: 4 }];

const warned: RecordedSample = {
  ...healthy,
  outcome: 'warn',
  phase: 'certificate',
  code: 'certificate-expiring',
  threshold: '14 days',
};

/** mx1 fails for a while in every third hour, from two or all vantages. mx2 warns in some hours, and is unable in others. */
function sampleOf(target: string, place: number, at: number): RecordedSample {
  const [hours, minutes] = [Math.floor((at - start) / hour), ((at - start) % hour) / minute];
  if (target === 'mx1') return hours % 3 === 1 && minutes < 20 && place < 2 + (hours % 2) ? refused : healthy;
  if (hours % 4 === 2 && minutes > 30) return warned;
  return hours % 5 === 4 && place === 1 ? { ...refused, outcome: 'unable' } : healthy;
}

/** Rounds of some hours, with a second opinion every hour, rolled up except for the last hour and a half. */
async function recordHistory(hours: number) {
  const clock = { now: start };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  const record = (vantage: string, at: number, of: readonly string[]) => {
    const samples = new Map(of.map((target) => [target, sampleOf(target, vantages.indexOf(vantage), at)]));
    return history.recordRound({
      vantage,
      round: isoSeconds(at),
      samples,
      ...(at % (7 * minute) === 0 ? { lag: 90 } : {}),
    });
  };
  for (; clock.now < start + hours * hour; clock.now += every) {
    for (const vantage of vantages) await record(vantage, clock.now, targets);
    if ((clock.now - start) % hour === 0) await record('eu-west-1', clock.now + 17_000, ['mx1']);
    if (clock.now === start + (hours - 0.5) * hour) await history.rollUp({ vantages, by: 'test', deadline: Infinity });
  }
  return { clock, store: { table, history, vantages, targets } };
}

async function replayed(rounds: AsyncIterable<Round>) {
  const replays = others.map((one) => openReplay(targets, one));
  const names: string[] = [];
  for await (const round of rounds) {
    names.push(`${round.round} ${round.vantage}`);
    for (const replay of replays) replay.addRound(round);
  }
  const pages = replays.map((replay) => pagesOf(replay.finish()));
  return { names, pages, compared: pages.map((some) => comparePages(pages[0] ?? [], some)) };
}

test('a replay from hour items gives the same pages as a replay from rounds', async () => {
  const { store } = await recordHistory(12);
  const span = { from: start, to: start + 12 * hour - every };
  const fromHours: ReplaySpan = { range: span, span, roundsFrom: start + 11 * hour };
  const [one, other] = [await replayed(eachRound(store, span)), await replayed(readPastRounds(store, fromHours))];
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  expect(one.pages.map((pages) => pages.length)).toEqual([4, 2, 4]);
});

test('hour items replace expired rounds', async () => {
  const { clock, store } = await recordHistory(12);
  const asked = [isoSeconds(start - 20 * 24 * hour), isoSeconds(start + 12 * hour)] as const;
  const before = await findReplaySpan(store, ...asked);
  expect(before?.span).toEqual({ from: start, to: start + 12 * hour - every });
  const all = await replayed(readPastRounds(store, before as ReplaySpan));
  // Seven days later the rounds of the first six and a half hours have expired.
  clock.now = start + 7 * 24 * hour + 6.5 * hour;
  const after = (await findReplaySpan(store, ...asked)) as ReplaySpan;
  expect(after).toEqual({ ...before, roundsFrom: start + 7 * hour });
  expect((await store.history.rounds('eu-west-1', isoSeconds(start)))[0]?.round).toBe(
    isoSeconds(start + 6.5 * hour + every),
  );
  expect(JSON.stringify(await replayed(readPastRounds(store, after)))).toBe(JSON.stringify(all));
});

test('a span that starts within an hour has no earlier rounds', async () => {
  const { store } = await recordHistory(4);
  const past = (await findReplaySpan(
    store,
    isoSeconds(start + 0.5 * hour),
    isoSeconds(start + 3 * hour),
  )) as ReplaySpan;
  const { names } = await replayed(readPastRounds(store, past));
  expect([names[0], names.at(-1)]).toEqual(['2026-11-01T00:30:00Z us-east-1', '2026-11-01T03:00:00Z ap-southeast-1']);
  expect(await findReplaySpan(store, '2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z')).toBeNull();
});
