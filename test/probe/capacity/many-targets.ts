/** Probes rounds of many targets on one port, in a process whose descriptors are limited. Prints the rounds as JSON. */
import { probeRound } from '../../../lambda/probe/probe-round.ts';
import { target, testPorts } from '../../ports.ts';

const [port = 0, count = 0, timeout = 0, rounds = 0] = process.argv.slice(2).map(Number);
const targets = Array.from({ length: count }, (_, n) => target(`mx${n}`, port, { timeout }));
const { ports } = testPorts(targets, { policy: { ...testPorts([]).ports.config.policy, every: 10_000 } });

const seen: { reached: string[]; outcomes: string[]; unreached: number; stored: number | undefined }[] = [];
for (let nth = 0; nth < rounds; nth++) {
  const round = new Date(Date.parse('2026-11-22T05:00:00Z') + nth * 10_000).toISOString();
  const { samples, unreached, round: name } = await probeRound(ports, { scheduled: round });
  const [stored] = await ports.history.rounds(ports.vantage, name, name);
  const outcomes = [...new Set([...samples.values()].map(({ outcome, code }) => `${outcome} ${code}`))];
  seen.push({ reached: [...samples.keys()], outcomes, unreached, stored: stored?.unreached });
}
process.stdout.write(JSON.stringify(seen));
