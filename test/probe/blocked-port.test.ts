import { expect, test } from 'vitest';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { target, testPorts } from '../ports.ts';
import { serverWithFullBacklog } from '../smtp/full-backlog-server.ts';

const minute = 60_000;
const began = Date.parse('2026-11-22T05:00:00Z');

/** The alerts of four rounds of a fleet without a control target, whose SYNs are not answered. */
async function firstRounds(port: number, blockedPort: object): Promise<readonly string[]> {
  const { ports, alerts } = testPorts([target('mx1', port, { timeout: 1_000 })]);
  const rounds = [0, 1, 2, 3].map((round) => began + round * minute);
  await Promise.all(
    ports.config.policy.vantages.flatMap((vantage) =>
      rounds.map((at) => probeRound({ ...ports, ...blockedPort, vantage }, { scheduled: isoSeconds(at) })),
    ),
  );
  for (const at of rounds) await judge({ ...ports, now: () => at + 50_000 });
  return alerts.map(({ kind, subject }) => `${kind} ${subject}`);
}

test('a port that the network drops makes the vantages blind, and reports the mail server as unknown and not as down, without a control target', async ({
  skip,
}) => {
  const server = await serverWithFullBacklog();
  if (server === null) return skip('this kernel answers SYNs beyond the backlog');
  try {
    const { port } = server;
    expect(await firstRounds(port, { blockedPort: port })).toEqual([
      'unknown mx1',
      'blind us-east-1',
      'blind eu-west-1',
      'blind sa-east-1',
    ]);
    expect(await firstRounds(port, {})).toEqual(['down mx1']);
    // Waiting is billed: the connect timeout is short.
    const { ports } = testPorts([target('mx1', port)]);
    const { samples } = await probeRound({ ...ports, blockedPort: port }, { scheduled: isoSeconds(began) });
    expect(samples.get('mx1')?.detail).toMatch(/within 1(?:\.0)? s/);
  } finally {
    await server.close();
  }
});
