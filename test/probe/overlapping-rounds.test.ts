/** Rounds of one process overlap: a scheduled one, a second opinion, and samples that are added late. What is kept in memory between rounds is of the newest. */
import { afterEach, expect, test } from 'vitest';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import type { RoundRecorder } from '../../lambda/history/record-round.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { target, testPorts } from '../ports.ts';
import { hungServer } from '../smtp/hung-server.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(size: number | null): Promise<number> {
  const refusing = mailServer({ answers: { greeting: '554 5.3.2 No service' } });
  const ehlo = `250-mx1.example.com\r\n250 SIZE ${size}`;
  const served = await serve(size === null ? refusing : mailServer({ answers: { EHLO: ehlo } }));
  closing.push(served.close);
  return served.port;
}

/** A promise, and what resolves it. */
function gate(): [Promise<void>, () => void] {
  let open = () => {};
  return [new Promise((resolve) => (open = resolve)), () => open()];
}

/** A recorder that writes rounds at once, and whose answers to the writes of one round are held back. */
function heldBack(history: RoundRecorder, round: string) {
  const [held, release] = gate();
  const [isWritten, written] = gate();
  const recordRound: RoundRecorder['recordRound'] = async (recorded) => {
    const result = await history.recordRound(recorded);
    if (recorded.round !== round) return result;
    written();
    await held;
    return result;
  };
  return { history: { ...history, recordRound }, release, isWritten };
}

const due = (minute: number) => `2026-11-22T05:0${minute}:00Z`;

/** Probes one round with each target at the port of that server. */
function prober(ports: JudgePorts, history: RoundRecorder) {
  return (minute: number, servers: Readonly<Record<string, number>>) => {
    const targets = Object.entries(servers).map(([id, port]) => target(id, port));
    const own = { ...ports, history: { ...ports.history, ...history }, config: { ...ports.config, targets } };
    return probeRound(own, { scheduled: due(minute) });
  };
}

test.each([
  ['of the same target', 'a', [1, 2, 3, 2, null]],
  ['of another target', 'b', [2, null, 3, 2, null]],
] as const)('facts of a round that was written late do not replace newer ones: %s', async (_, late, expected) => {
  const servers = [await listen(1), await listen(2), await listen(3)] as const;
  const [a, b] = [`a-late-${late}`, `b-late-${late}`];
  const { ports, history } = testPorts([]);
  const held = heldBack(history, due(2));
  const probe = prober(ports, held.history);
  await probe(1, { [a]: servers[expected[0] - 1] ?? 0, [b]: servers[0] });
  const older = probe(2, { [late === 'a' ? a : b]: servers[1] });
  await held.isWritten;
  await probe(3, { [a]: servers[2] });
  held.release();
  await older;
  await probe(4, { [a]: servers[1] });
  await probe(5, { [a]: servers[1] });
  const rounds = await history.rounds('eu-west-1', due(1));
  const sizes = rounds.map(({ samples }) => /SIZE=(\d)/.exec(samples.get(a)?.facts?.inClear ?? '')?.[1]);
  expect(sizes.map((size) => (size === undefined ? null : Number(size)))).toEqual(expected);
});

test('an outcome of a round that was written late does not replace a newer one: the pass that follows starts the judge', async () => {
  const [good, bad] = [await listen(1), await listen(null)];
  const { ports, history, events } = testPorts([]);
  const held = heldBack(history, due(2));
  const probe = prober(ports, held.history);
  await probe(1, { outcome: good });
  const older = probe(2, { outcome: good });
  await held.isWritten;
  await probe(3, { outcome: bad });
  held.release();
  await older;
  await probe(4, { outcome: good });
  expect(events.map((event) => 'round' in event.detail && event.detail.round)).toEqual([due(3), due(2), due(4)]);
});

test('a target that two rounds probe is free when both probes have ended', async () => {
  const hung = await hungServer();
  closing.push(hung.close);
  const policy = { ...policyDefaults(1), vantages: ['eu-west-1'], every: 2_000 };
  const { ports } = testPorts([target('twice', hung.port, { timeout: 4_000 })], { policy });
  const opinion = (detail: object) => ({ 'detail-type': 'Second Opinion Wanted', detail }) as never;
  const probing = probeRound(ports, { scheduled: '2026-11-22T05:00:00Z' });
  // It begins before the scheduled round is recorded.
  await expect.poll(() => hung.mostAtOnce(), { interval: 20 }).toBe(1);
  const second = probeRound(
    { ...ports, config: { ...ports.config, targets: [target('twice', hung.port, { timeout: 45_000 })] } },
    opinion({ vantages: ['eu-west-1'], targets: ['twice'], round: '2026-11-22T05:00:01.000000001Z' }),
  );
  await probing;
  const { samples } = await probeRound(ports, { scheduled: '2026-11-22T05:01:00Z' });
  expect([...samples.keys()]).toEqual([]);
  hung.close();
  await second;
});
