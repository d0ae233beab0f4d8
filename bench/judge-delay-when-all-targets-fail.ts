/**
 * When people are told of an outage of many targets at once: the judge over a table in memory whose calls take time, as those
 * of DynamoDB do. Only the judge is measured, not the function that delivers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { awsChannels } from '../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../lambda/config/config.ts';
import { policyDefaults } from '../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { openHistory } from '../lambda/history/history.ts';
import type { RecordedSample } from '../lambda/history/packing/recorded-round.ts';
import type { Table } from '../lambda/history/table/table.ts';
import { judge } from '../lambda/judge/judge.ts';
import type { BusEvent, JudgePorts } from '../lambda/ports.ts';
import { openInMemoryTable } from '../test/history/table/in-memory-table.ts';

const MINUTE = 60_000;
/** Milliseconds of one call. */
const CALL = 8;
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];

export async function run(): Promise<void> {
  console.log(
    `All targets down at once, ${VANTAGES.length} vantages, ${CALL} ms for each call of the table or the bus:`,
  );
  const figures: Record<string, Awaited<ReturnType<typeof outageOf>>> = {};
  for (const targets of [10, 100, 1_000]) figures[`${targets} targets`] = await outageOf(targets);
  console.table(figures);
}

async function outageOf(targets: number) {
  const clock = { now: Date.parse('2026-11-22T05:00:00Z') };
  const now = () => clock.now;
  const stored = openInMemoryTable(now);
  let writes = 0;
  const table: Table = {
    get: (pk, sk) => sleep(CALL).then(() => stored.get(pk, sk)),
    query: (pk, range) => sleep(CALL).then(() => stored.query(pk, range)),
    put: (item, condition) => {
      writes += 1;
      return sleep(CALL).then(() => stored.put(item, condition));
    },
  };
  const ids = Array.from({ length: targets }, (_, place) => ({ id: `mx${place}` }));
  const policy = { ...policyDefaults(3), vantages: VANTAGES, every: MINUTE, stagger: false, secondOpinion: false };
  const config = { name: 'bench', home: 'us-east-1', policy, notify: [], targets: ids } as unknown as Config;
  const wakes: { readonly at: number; readonly writes: number }[] = [];
  let began = 0;
  const publishEvents = async (events: readonly BusEvent[]) => {
    if (events.some(({ type }) => type === 'Delivery Due')) wakes.push({ at: performance.now() - began, writes });
    // Ten events in a request.
    await sleep(CALL * Math.ceil(events.length / 10));
  };
  const ports: JudgePorts = {
    config,
    vantage: 'us-east-1',
    history: openHistory(table, { now }),
    deliveries: openDeliveries(table, { now }),
    channels: awsChannels(config),
    publishEvents,
    secret: async () => '',
    log: ({ message, facts }) => console.error(message, facts),
    now,
  };
  const recorder = openHistory(stored, { now });
  for (const sample of [passed, passed, failed, failed, failed]) {
    clock.now += MINUTE;
    const samples = new Map(ids.map(({ id }) => [id, sample]));
    const round = isoSeconds(clock.now);
    await Promise.all(VANTAGES.map((vantage) => recorder.recordRound({ vantage, round, samples })));
    clock.now += 5_000;
    if (wakes.length > 0) break;
    began = performance.now();
    writes = 0;
    await judge(ports);
    clock.now -= 5_000;
  }
  const total = performance.now() - began;
  const [first] = wakes;
  return {
    'first alert woken after': `${Math.round(first?.at ?? Number.NaN)} ms`,
    'writes before it': first?.writes ?? Number.NaN,
    wakes: wakes.length,
    'whole pass': `${Math.round(total)} ms`,
  };
}

const passed: RecordedSample = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  timings: { connect: 11, greeting: 20 },
  total: 84,
  address: '192.0.2.25',
  transcript: [],
};
const failed: RecordedSample = {
  ...passed,
  outcome: 'fail',
  phase: 'greeting',
  code: 'greeting-refused',
  reply: '554 5.3.1 Mail system full',
  detail: 'refused',
};
