/**
 * A process of its own, for `bench/consensus.ts`: the whole judge over a table in memory, history unpacked and verdicts
 * written. Prints CPU and the most memory the process ever held, as one line of JSON.
 */

import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import { judge } from '../../lambda/judge/judge.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../../test/history/table/in-memory-table.ts';

const minute = 60_000;
const start = Date.parse('2026-11-22T05:00:00Z');
const outcome = process.argv[2] === 'down' ? 'fail' : 'pass';
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'sa-east-1', 'af-south-1'];
const targets = Array.from({ length: 1000 }, (_, index) => ({ id: `mx${index}` }));

const clock = { now: start };
const policy = { vantages, every: minute, ...policyDefaults(5), stagger: false };
const config = { name: 'bench', home: 'us-east-1', policy, targets } as unknown as Config;
const table = openInMemoryTable(() => clock.now);
const now = () => clock.now;
const history = openHistory(table, { now });
const ports: JudgePorts = {
  config,
  vantage: 'us-east-1',
  history,
  publishEvents: async () => {},
  channels: localChannels({ notify: [] }),
  deliveries: openDeliveries(table, { now }),
  secret: async () => '',
  log: () => {},
  now,
};

const passed: RecordedSample = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  timings: { dns: 2, connect: 11, greeting: 20, ehlo: 8, starttls: 9, tls: 30, ehlo2: 4 },
  total: 84,
  address: '192.0.2.25',
  transcript: [],
};
const reply = '554 5.3.1 Mail system full: /var/spool is at 100%';
const failed: RecordedSample = {
  ...passed,
  outcome: 'fail',
  phase: 'greeting',
  code: 'greeting-refused',
  reply,
  detail: 'refused',
  transcript: ['* 192.0.2.25, port 25', `S: ${reply}`, 'C: QUIT'],
};

async function record(sample: RecordedSample): Promise<void> {
  clock.now += minute;
  const samples = new Map(targets.map(({ id }) => [id, sample]));
  const round = isoSeconds(clock.now);
  await Promise.all(vantages.map((vantage) => history.recordRound({ vantage, round, samples })));
}

/** CPU of one pass, milliseconds. */
async function pass(): Promise<number> {
  clock.now += 5_000;
  const before = process.cpuUsage();
  await judge(ports);
  const { user, system } = process.cpuUsage(before);
  clock.now -= 5_000;
  return Math.round((user + system) / 1000);
}

const passes: number[] = [];
for (let round = 0; round < 8; round++) {
  await record(round > 2 && outcome === 'fail' ? failed : passed);
  passes.push(await pass());
}
const heldMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ passes, heldMegabytes })}\n`);
