/** The time until outages are reported that several targets have at once, each at other vantages: the judge itself, in virtual time. */

import { awsChannels } from '../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../lambda/alert/delivery/delivery-store.ts';
import type { Config } from '../lambda/config/config.ts';
import { type Policy, policyDefaults } from '../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { staggerDelay } from '../lambda/consensus/judgement/stagger.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { openHistory } from '../lambda/history/history.ts';
import type { RecordedSample } from '../lambda/history/packing/recorded-round.ts';
import type { Table } from '../lambda/history/table/table.ts';
import { judge } from '../lambda/judge/judge.ts';
import type { BusEvent, JudgePorts } from '../lambda/ports.ts';
import { recordOrRename } from '../lambda/probe/record-or-rename.ts';
import { memoryTable } from '../test/simulation/memory-table.ts';
import { type Random, seededRandom } from '../test/simulation/random.ts';
import { virtualClock } from '../test/simulation/virtual-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.parse('2026-01-01T00:00:00Z');
const TARGETS = Array.from({ length: 50 }, (_, place) => `mx${place + 1}`);
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
/** Each begins at another second of the minute; the same for every number of targets. */
const WORLDS = 120;

/** Seconds until the alert, by how many targets have an outage at once. */
export async function measureSharedOutages(): Promise<void> {
  const rows: Record<string, object> = {};
  for (const count of [1, 2, 10, 50]) {
    const delays: number[] = [];
    for (let seed = 1; seed <= WORLDS; seed += 1) delays.push(...(await outageOf(count, seededRandom(seed))));
    delays.sort((a, b) => a - b);
    const quantile = (share: number) => `${((delays[Math.floor(delays.length * share)] ?? 0) / SECOND).toFixed(1)} s`;
    rows[`${count} at once`] = { outages: delays.length, median: quantile(0.5), p99: quantile(0.99) };
  }
  console.log(
    `Outages of several of ${TARGETS.length} targets at once, each at two or three of three vantages, beside as many that fail at one:`,
  );
  console.table(rows);
}

/** The vantages at which each target fails: two or three, or one for a target that is not to be reported. */
function patternsOf(count: number, random: Random): ReadonlyMap<string, ReadonlySet<string>> {
  const some = (size: number) => new Set([...VANTAGES].sort(() => random.next() - 0.5).slice(0, size));
  const down = TARGETS.slice(0, count).map((target) => [target, some(random.pick([2, 3]))] as const);
  // Fewer than half of the targets may fail at one vantage alone, or it would be blind.
  const beside = Math.min(count - 1, Math.floor((TARGETS.length - count) / 2), 10);
  const few = TARGETS.slice(count, count + beside).map((target) => [target, some(1)] as const);
  return new Map([...down, ...few]);
}

/** Milliseconds until each of the outages is reported. */
async function outageOf(count: number, random: Random): Promise<readonly number[]> {
  const clock = virtualClock(START);
  const began = START + 5 * MINUTE + random.between(0, MINUTE);
  const patterns = patternsOf(count, random);
  const policy: Policy = { vantages: VANTAGES, every: MINUTE, ...policyDefaults(VANTAGES.length) };
  const config = { policy, targets: TARGETS.map((id) => ({ id })) } as unknown as Config;
  const stored = memoryTable(clock.now);
  const slow = <T>(effect: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => clock.after(random.between(2, 60), () => effect().then(resolve, reject)));
  const table: Table = {
    put: (item, condition) => slow(() => stored.put(item, condition)),
    get: (pk, sk) => slow(() => stored.get(pk, sk)),
    query: (pk, range) => slow(() => stored.query(pk, range)),
  };
  const delays = new Map<string, number>();
  const history = openHistory(table, { now: clock.now });
  const deliveries = openDeliveries(table, { now: clock.now });
  const make: DeliveryStore['make'] = async (channel, alert) => {
    await deliveries.make(channel, alert);
    const { kind, subject } = alert;
    if (kind === 'down' && !delays.has(subject)) delays.set(subject, clock.now() - began);
  };
  const portsOf = (vantage: string): JudgePorts => ({
    config,
    vantage,
    history,
    publishEvents: async (events) => void events.forEach(deliver),
    channels: awsChannels({ notify: [] }),
    deliveries: { ...deliveries, make },
    secret: async () => '',
    log: () => {},
    now: clock.now,
  });
  const deliver = (event: BusEvent) => {
    const delivery = () => random.between(0.1, 2.5) * SECOND;
    if (event.type === 'Round Recorded') clock.after(delivery(), () => void judge(portsOf('us-east-1')));
    if (event.type !== 'Second Opinion Wanted') return;
    for (const vantage of event.detail.vantages)
      clock.after(delivery(), () => probe(vantage, event.detail.round, event.detail.targets));
  };
  const probe = (vantage: string, round: string, targets: readonly string[]) => {
    const at = clock.now();
    const fails = (target: string) => at >= began && patterns.get(target)?.has(vantage) === true;
    const samples = new Map(targets.map((target, place) => [target, sampleOf(fails(target), place)]));
    clock.after(300, async () => {
      await recordOrRename(history, { vantage, round, began: isoSeconds(at), samples }, at, MINUTE);
      if (targets.some(fails)) deliver({ type: 'Round Recorded', detail: { vantage, round } });
    });
  };
  for (let minute = 0; minute < 10; minute += 1) {
    for (const [place, vantage] of VANTAGES.entries()) {
      const late = staggerDelay(place, VANTAGES.length, MINUTE) + random.between(0, 1.5) * SECOND;
      clock.after(minute * MINUTE + late, () => probe(vantage, isoSeconds(START + minute * MINUTE), TARGETS));
    }
    clock.after((minute + random.next()) * MINUTE, () => void judge(portsOf('us-east-1'), false));
  }
  await clock.run(START + 10 * MINUTE, () => delays.size >= count);
  return TARGETS.slice(0, count).map((target) => delays.get(target) ?? Number.POSITIVE_INFINITY);
}

function sampleOf(fails: boolean, place: number): RecordedSample {
  const blank = { reply: null, detail: null, timings: {}, total: 1, address: `192.0.${place}.25`, transcript: [] };
  if (!fails) return { ...blank, outcome: 'pass', phase: null, code: null };
  return { ...blank, outcome: 'fail', phase: 'connect', code: 'connect-refused' };
}
