import { expect, test } from 'vitest';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { recordOrRename } from '../../lambda/probe/record-or-rename.ts';
import { healthy, refused } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';

const START = Date.parse('2026-11-22T05:00:00Z');
const MINUTE = 60_000;
const VANTAGES = ['us-east-1', 'eu-west-1', 'sa-east-1'];

/** Three vantages after two good rounds. `fails` has the vantages at which each target then fails. */
async function startFleet(fails: Readonly<Record<string, readonly string[]>>) {
  const { ports, events } = testPorts(Object.keys(fails).map((id, place) => target(id, 25 + place)));
  let now = START;
  const history = openHistory(
    openInMemoryTable(() => now),
    { now: () => now },
  );
  const probe = async (vantage: string, round: string, targets: readonly string[], isDown: boolean) => {
    const sampleOf = (id: string, place: number) =>
      isDown && fails[id]?.includes(vantage) ? refused : { ...healthy, address: `192.0.${place}.25` };
    const samples = new Map(targets.map((id, place) => [id, sampleOf(id, place)] as const));
    return recordOrRename(history, { vantage, round, began: isoSeconds(now), samples }, now, MINUTE);
  };
  const probeAll = async (at: number, isDown: boolean) => {
    now = at;
    for (const vantage of VANTAGES) await probe(vantage, isoSeconds(at), Object.keys(fails), isDown);
  };
  const run = () => judge({ ...ports, history, now: () => now });
  await probeAll(START, false);
  await probeAll(START + MINUTE, false);
  await run();
  const requests = () =>
    events.splice(0).flatMap((event) => (event.type === 'Second Opinion Wanted' ? [event.detail] : []));
  const setTime = (at: number) => {
    now = at;
  };
  return { probe, probeAll, run, requests, history, setTime };
}

test('ten targets with five patterns: a pass asks each vantage once, and every answer is recorded', async () => {
  const patterns = [VANTAGES, VANTAGES.slice(0, 2), VANTAGES.slice(1), [VANTAGES[0] ?? ''], [VANTAGES[2] ?? '']];
  const fails = Object.fromEntries(Array.from({ length: 10 }, (_, place) => [`mx${place}`, patterns[place % 5] ?? []]));
  const { probe, probeAll, run, requests, setTime } = await startFleet(fails);
  await probeAll(START + 2 * MINUTE, true);
  const names = new Set<string>();
  for (let pass = 1; pass <= 4; pass += 1) {
    await run();
    const asked = requests();
    const vantages = asked.flatMap((request) => request.vantages);
    expect(vantages).toEqual([...new Set(vantages)]);
    setTime(START + 2 * MINUTE + pass * 3000);
    for (const { round, vantages, targets } of asked) {
      expect(names.has(round)).toBe(false);
      for (const vantage of vantages) expect(await probe(vantage, round, targets, true)).toBe('written');
    }
    for (const { round } of asked) names.add(round);
  }
  expect(names.size).toBeGreaterThanOrEqual(2);
});

test('two passes in one millisecond ask under different names', async () => {
  const { probe, run, requests, setTime } = await startFleet({ mx1: VANTAGES, mx2: VANTAGES, mx3: [] });
  setTime(START + 2 * MINUTE + 1);
  const names: string[] = [];
  for (const id of ['mx1', 'mx2']) {
    await probe('us-east-1', `2026-11-22T05:02:00.00000000${id.slice(2)}Z`, [id], true);
    await run();
    const asked = requests();
    expect(asked).toMatchObject([{ vantages: VANTAGES, targets: [id] }]);
    names.push(...asked.map(({ round }) => round));
  }
  expect(new Set(names).size).toBe(2);
});

test('a lost answer is asked for again after half a round, under another name', async () => {
  const { probeAll, run, requests, setTime } = await startFleet({ mx1: VANTAGES, mx2: [], mx3: [] });
  await probeAll(START + 2 * MINUTE, true);
  await run();
  const [first] = requests();
  expect(first?.vantages).toEqual(VANTAGES);
  setTime(START + 2 * MINUTE + 20_000);
  await run();
  expect(requests()).toEqual([]);
  setTime(START + 2 * MINUTE + 32_000);
  await run();
  const [again] = requests();
  expect(again).toMatchObject({ vantages: VANTAGES, targets: ['mx1'] });
  expect(again?.round).not.toBe(first?.round);
});

test('targets of different groups are asked for under different names, and every answer is recorded', async () => {
  const ids = Array.from({ length: 130 }, (_, place) => `mx${place}`);
  const failing = ids.slice(0, 60);
  const fails = Object.fromEntries(ids.map((id) => [id, failing.includes(id) ? [VANTAGES[0] ?? ''] : []]));
  const { probe, probeAll, run, requests, setTime } = await startFleet(fails);
  await probeAll(START + 2 * MINUTE, true);
  await run();
  const asked = requests();
  expect(asked.flatMap(({ targets }) => targets).sort()).toEqual(failing.toSorted());
  expect(new Set(asked.map(({ round }) => round)).size).toBe(2);
  setTime(START + 2 * MINUTE + 3_000);
  for (const { round, vantages, targets } of asked)
    for (const vantage of vantages) expect(await probe(vantage, round, targets, true)).toBe('written');
});
