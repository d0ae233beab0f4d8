import { expect, test } from 'vitest';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { target, testPorts } from '../ports.ts';
import { hungServer } from '../smtp/hung-server.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

const every = 1000;
const policy = { ...policyDefaults(1), vantages: ['eu-west-1'], every };

test('a target whose probe is under way has no second session, also if the round could not be written', async () => {
  const [hung, healthy] = [await hungServer(), await serve(mailServer())];
  const targets = [target('slow', hung.port, { timeout: 8_000 }), target('quick', healthy.port)];
  const { ports, history } = testPorts(targets, { policy });
  const throttled = { ...history, recordRound: async () => Promise.reject(new Error('throttled')) };
  const round = (nth: number) => ({ scheduled: isoSeconds(Date.parse('2026-11-22T05:00:00Z') + nth * every) });
  try {
    await expect(probeRound({ ...ports, history: throttled }, round(0))).rejects.toThrow('throttled');
    const { samples } = await probeRound(ports, round(1));
    expect([...samples.keys()]).toEqual(['quick']);
    expect(hung.mostAtOnce()).toBe(1);
    // Its probe has ended: it is probed again.
    await expect.poll(async () => (await probeRound(ports, round(10))).samples.has('slow')).toBe(true);
    expect(hung.mostAtOnce()).toBe(1);
  } finally {
    await healthy.close();
    hung.close();
  }
});
