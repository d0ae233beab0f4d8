/** The posture function, the judge and deliveries in a simulated environment of two vantages or one. */

import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../../../lambda/alert/delivery/delivery-store.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Shift } from '../../../lambda/deliver/deliver-channel.ts';
import type { DeliveryTableOptions } from '../../../lambda/deliver/delivery-table.ts';
import type { History, HistoryOptions } from '../../../lambda/history/history.ts';
import type {
  NotificationStore,
  NotificationTableOptions,
} from '../../../lambda/history/notifications/notification-store.ts';
import type { PostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import type { PostureRecorderOptions } from '../../../lambda/history/posture/record-posture.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../../lambda/ports.ts';
import { POSTURE_AREAS, type PostureArea } from '../../../lambda/posture/codes/code.ts';
import { type Faults, NO_FAULTS } from '../faults.ts';
import { type Invocation, startInvocation } from '../invocation.ts';
import { invokedTable } from '../invoked-table.ts';
import { memoryTable } from '../memory-table.ts';
import { seededRandom } from '../random.ts';
import { virtualClock } from '../virtual-clock.ts';
import { checkPosturePromises } from './checks.ts';
import { simulatePosture } from './world.ts';

/** The tested code, or a copy with a planted bug. */
export interface PostureProduct {
  judge(ports: JudgePorts, fresh?: boolean): Promise<unknown>;
  judgePostures(ports: JudgePorts, fresh?: boolean): Promise<unknown>;
  deliverChannel(ports: DeliverPorts, channel: string, shift: Shift): Promise<number | null>;
  openHistory(table: Table, options: HistoryOptions): History;
  openPostureHistory(table: Table, options: PostureRecorderOptions): PostureHistory;
  openDeliveries(table: Table, options: DeliveryTableOptions): DeliveryStore;
  openNotifications(table: Table, options: NotificationTableOptions): NotificationStore;
}

export interface PostureSetting {
  readonly seed: number;
  readonly days: number;
  readonly vantages: 1 | 2;
  readonly faults: Faults;
  readonly stopAtFirst?: boolean;
}

export interface PostureResult {
  readonly violations: readonly string[];
  /** Distinct alerts that people got. */
  readonly alerts: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-01-01T00:00:00Z');
const QUARTER = 15 * MINUTE;
/** The judge runs more often in the product; what it does in between is nothing. */
const JUDGE_EVERY = 5 * MINUTE;
const SHIFT = 45_000;
const DOMAINS = ['example.com', 'example.net'];
const RECOVERY = 20 * HOUR;

export async function simulatePostureWatch(product: PostureProduct, setting: PostureSetting): Promise<PostureResult> {
  const clock = virtualClock(START);
  const random = seededRandom(setting.seed);
  const vantages = ['us-east-1', 'eu-west-1'].slice(0, setting.vantages);
  const config = {
    home: 'us-east-1',
    policy: { vantages, every: MINUTE, ...policyDefaults(vantages.length) },
    notify: [],
    targets: [],
    posture: DOMAINS.map((domain) => ({ domain, selectors: [], senders: [], lists: [], hosts: [], ignore: [] })),
  } as unknown as Config;
  const channels = awsChannels(config);
  const world = simulatePosture(clock, seededRandom(setting.seed + 1), vantages, DOMAINS);
  const checks = checkPosturePromises(clock, world, vantages);
  let faults = setting.faults;
  let writes = 0;
  const table = memoryTable(
    clock.now,
    () => {},
    () => random.between(0, faults.staleRead),
  );
  const strikes = (probability: number) => random.chance(probability);
  const start = () => startInvocation(clock, random, () => faults, strikes);
  const newId = () => String(writes++);
  const tableFor = invokedTable(table, { clock, random, faults: () => faults, strikes });

  const judgePortsFor = (invocation: Invocation): JudgePorts => {
    const [own, now] = [tableFor(invocation), invocation.now];
    return {
      config,
      vantage: 'us-east-1',
      history: product.openHistory(own, { now, newId }),
      postures: product.openPostureHistory(own, { now, newId }),
      deliveries: product.openDeliveries(own, { now, newId }),
      notifications: product.openNotifications(own, { now, newId }),
      channels,
      publishEvents: (events) => invocation.call(async () => publish(events), random.between(10, 100)),
      secret: async () => '',
      log: () => {},
      now,
    };
  };

  const judge = (isScheduled: boolean) => {
    const ports = judgePortsFor(start());
    const passes = isScheduled
      ? product.judge(ports, false).then(() => product.judgePostures(ports, false))
      : product.judgePostures(ports);
    passes.catch(() => {});
  };

  const deliver = (channel: string) => {
    const invocation = start();
    const ports: DeliverPorts = {
      ...judgePortsFor(invocation),
      senderOf:
        () =>
        ({ alert }) =>
          invocation
            .call(
              async () => {
                if (strikes(faults.snsRefuses)) throw new Error('refused');
                checks.accepted(alert);
                if (strikes(faults.snsTakesThenFails))
                  throw new Error('it accepted the alert, and responded with an error');
              },
              random.between(10, 200),
            )
            .then(
              () => ({ taken: true }) as const,
              (error) => ({ taken: false, words: String(error), retryAfter: null }) as const,
            ),
      random: () => random.between(0, 0.999),
      sleep: (milliseconds) => new Promise((resolve) => clock.after(milliseconds, resolve)),
    };
    const end = invocation.now() + SHIFT;
    const { signal } = new AbortController();
    product.deliverChannel(ports, channel, { latestWait: end, latestSend: end, signal }).catch(() => {});
  };

  const publish = (events: readonly BusEvent[]) => {
    if (strikes(faults.busRefuses)) throw new Error('the bus rejected the events');
    for (const event of events) {
      if (event.type === 'Posture Recorded') onBus(() => judge(false));
      if (event.type === 'Delivery Due') onBus(() => deliver(event.detail.channel));
    }
    if (strikes(faults.busTakesThenFails)) throw new Error('the bus accepted the events, and responded with an error');
  };
  const onBus = (action: () => void) => {
    if (strikes(faults.busDrops)) return;
    const delivery = strikes(faults.busLate) ? random.between(MINUTE, 4 * MINUTE) : random.between(100, 2500);
    clock.after(delivery, action);
    if (strikes(faults.busDoubles)) clock.after(delivery + random.between(0, 1000), action);
  };

  /** What the posture function does: each domain, then the note about the run, then the event. */
  const runPosture = async (vantage: string, areas: readonly PostureArea[]) => {
    const invocation = start();
    const history = product.openPostureHistory(tableFor(invocation), { now: invocation.now, newId });
    const began = isoSeconds(invocation.now());
    const items: Record<string, string> = {};
    const written: string[] = [];
    const stored: (() => void)[] = [];
    for (const domain of DOMAINS) {
      const findings = world.see(vantage, domain, areas);
      const store = checks.viewed(vantage, domain, areas, findings);
      try {
        const run = { domain, vantage, began, ended: began, areas, findings };
        const { outcome, at } = await history.recordPostureRun(run, await history.latestPosture(domain, vantage));
        if (outcome !== 'stale') stored.push(store);
        if (outcome === 'written') written.push(domain);
        items[domain] = at;
      } catch {}
    }
    await history.recordPostureWatch({ vantage, began, areas, items, asked: ['zen.spamhaus.org'] });
    // What did not change is known from the note alone.
    for (const store of stored) store();
    const detail = { vantage, domains: written };
    if (written.length > 0) await invocation.call(async () => publish([{ type: 'Posture Recorded', detail }]), 50);
  };

  const onSchedule = (action: () => void, late: number) => {
    if (strikes(faults.scheduleMissed)) return;
    const delay = strikes(faults.scheduleLate) ? random.between(0, late) : random.between(0, 1500);
    clock.after(delay, action);
    if (strikes(faults.scheduleDoubled)) clock.after(delay + random.between(0, 3000), action);
  };

  const tick = () => {
    const isFull = (clock.now() - START) % HOUR === 0;
    for (const vantage of vantages) {
      if (world.isSilent(vantage)) continue;
      const areas: readonly PostureArea[] = isFull ? POSTURE_AREAS : ['dnsbl'];
      onSchedule(() => void runPosture(vantage, areas).catch(() => {}), 10 * MINUTE);
    }
    checks.tick();
    clock.after(QUARTER, tick);
  };
  const judgeTick = () => {
    onSchedule(() => judge(true), MINUTE);
    clock.after(JUDGE_EVERY, judgeTick);
  };

  tick();
  judgeTick();
  const isEnough = () => setting.stopAtFirst === true && checks.violations.length > 0;
  await clock.run(START + setting.days * 24 * HOUR, isEnough);
  faults = NO_FAULTS;
  world.repair();
  await clock.run(clock.now() + RECOVERY, isEnough);
  return { violations: checks.violations, alerts: checks.news() };
}
