/** Routing, windows, mutes, acknowledgements and deliveries over virtual months, with crashes between all calls of the table. */
import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { awsChannels, type DeliveryChannel } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../../../lambda/alert/delivery/delivery-store.ts';
import type { acknowledge } from '../../../lambda/answer/incidents/acknowledge.ts';
import type { Shift } from '../../../lambda/deliver/deliver-channel.ts';
import type { DeliveryTableOptions } from '../../../lambda/deliver/delivery-table.ts';
import type { History, HistoryOptions } from '../../../lambda/history/history.ts';
import type {
  NotificationStore,
  NotificationTableOptions,
} from '../../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { WindowStore } from '../../../lambda/history/windows/window-store.ts';
import type { handOverAlerts } from '../../../lambda/judge/hand-over-alerts.ts';
import type { judgementOutbox, takeOverLease } from '../../../lambda/judge/judgement-outbox.ts';
import type { routingPass } from '../../../lambda/judge/routing-pass.ts';
import type { wakeChannels } from '../../../lambda/judge/wake-channels.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../../lambda/ports.ts';
import { type Faults, MANY_FAULTS, NO_FAULTS } from '../faults.ts';
import { type Invocation, startInvocation } from '../invocation.ts';
import { invokedTable } from '../invoked-table.ts';
import { memoryTable } from '../memory-table.ts';
import { seededRandom } from '../random.ts';
import { simulateReceiver } from '../receiver.ts';
import { virtualClock } from '../virtual-clock.ts';
import { checkRouting } from './checks.ts';
import { routedConfig } from './config.ts';
import { judgePass } from './judge-pass.ts';
import { simulateOutages } from './outages.ts';
import { simulatePeople } from './people.ts';
import { simulatePlannedTime } from './planned-time.ts';

/** The tested code, or a copy with a planted bug. */
export interface RoutingProduct {
  readonly handOverAlerts: typeof handOverAlerts;
  readonly routingPass: typeof routingPass;
  readonly wakeChannels: typeof wakeChannels;
  readonly judgementOutbox: typeof judgementOutbox;
  readonly takeOverLease: typeof takeOverLease;
  readonly acknowledge: typeof acknowledge;
  deliverChannel(ports: DeliverPorts, channel: string, shift: Shift): Promise<number | null>;
  openHistory(table: Table, options: HistoryOptions): History;
  openDeliveries(table: Table, options: DeliveryTableOptions): DeliveryStore;
  openNotifications(table: Table, options: NotificationTableOptions): NotificationStore;
  openWindowStore(table: Table): WindowStore;
}

export interface RoutingSetting {
  readonly seed: number;
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly days: number;
  readonly faults: Faults;
  readonly stopAtFirst?: boolean;
}

export interface RoutingResult {
  readonly violations: readonly string[];
  readonly incidents: number;
  /** Messages that receivers got, by channel. */
  readonly messages: Readonly<Record<string, number>>;
}

/** A clock that is wrong by minutes is wrong about the ends of windows. `test/simulation` has them. */
export const ROUTING_FAULTS: Faults = { ...MANY_FAULTS, clockStep: 0 };

const MINUTE = 60_000;
const SHIFT = 45_000;
/** Time without faults at the end, in which all is to be told. */
const RECOVERY = 6 * 60 * MINUTE;

export async function simulateRouting(product: RoutingProduct, setting: RoutingSetting): Promise<RoutingResult> {
  const start = Date.parse(setting.from);
  const end = start + setting.days * 24 * 60 * MINUTE;
  const clock = virtualClock(start);
  const random = seededRandom(setting.seed);
  const config = routedConfig();
  const channels = awsChannels(config);
  let faults = setting.faults;
  let writes = 0;
  const newId = () => String(writes++);
  const outages = simulateOutages(clock, seededRandom(setting.seed + 1), end);
  const planned = simulatePlannedTime(clock);
  const checks = checkRouting({ clock, config, channels: channels.map(({ id }) => id), planned });
  const table = memoryTable(
    clock.now,
    (before, after) => {
      planned.written(after);
      checks.written(before, after);
    },
    () => random.between(0, faults.staleRead),
  );
  /** One of these receivers fails for hours, so that the others are told that it does. */
  const receiver = simulateReceiver(clock, seededRandom(setting.seed + 3));
  const strikes = (probability: number) => random.chance(probability);
  const startOne = () => startInvocation(clock, random, () => faults, strikes);

  const reach = invokedTable(table, { clock, random, faults: () => faults, strikes });
  const tableFor = (invocation: Invocation): Table => {
    const own = reach(invocation);
    return {
      ...own,
      query: (pk, range) => {
        const answer = own.query(pk, range);
        if (pk === 'mutes') answer.catch(planned.unread);
        return answer;
      },
    };
  };

  const portsFor = (invocation: Invocation): JudgePorts => {
    const [own, now] = [tableFor(invocation), invocation.now];
    return {
      config,
      vantage: 'us-east-1',
      history: product.openHistory(own, { now, newId }),
      deliveries: product.openDeliveries(own, { now, newId }),
      notifications: product.openNotifications(own, { now, newId }),
      windows: product.openWindowStore(own),
      channels,
      publishEvents: (events) => invocation.call(async () => publish(events), random.between(10, 100)),
      secret: async () => '',
      log: () => {},
      now,
    };
  };

  const send = ({ id }: DeliveryChannel, message: SentMessage, invocation: Invocation) => {
    const isDead = id === checks.deadChannel && receiver.state() !== 'takes';
    if (isDead || strikes(faults.snsRefuses)) throw new Error('refused');
    const isHeard = !strikes(faults.snsTakesThenFails);
    checks.accepted(id, message, invocation, isHeard);
    if (!isHeard) {
      invocation.hasFailed = true;
      throw new Error('it accepted the alert, and responded with an error');
    }
  };

  const deliver = (channel: string) => {
    const invocation = startOne();
    const ports: DeliverPorts = {
      ...portsFor(invocation),
      senderOf: (to) => (message) =>
        invocation
          .call(async () => send(to, message, invocation), random.between(10, 200))
          .then(
            () => ({ taken: true }) as const,
            (error) => ({ taken: false, words: String(error), retryAfter: null }) as const,
          ),
      random: () => random.between(0, 0.999),
      sleep: (milliseconds) => new Promise((resolve) => clock.after(milliseconds, resolve)),
    };
    const last = invocation.now() + SHIFT;
    const { signal } = new AbortController();
    product.deliverChannel(ports, channel, { latestWait: last, latestSend: last, signal }).catch(() => {
      invocation.hasFailed = true;
    });
  };

  const publish = (events: readonly BusEvent[]) => {
    if (strikes(faults.busRefuses)) throw new Error('the bus rejected the events');
    for (const event of events) {
      if (event.type !== 'Delivery Due' || strikes(faults.busDrops)) continue;
      const late = strikes(faults.busLate) ? random.between(MINUTE, 4 * MINUTE) : random.between(100, 2500);
      clock.after(late, () => deliver(event.detail.channel));
      if (strikes(faults.busDoubles)) clock.after(late + random.between(0, 1000), () => deliver(event.detail.channel));
    }
  };

  simulatePeople({
    clock,
    random: seededRandom(setting.seed + 2),
    checks,
    windows: product.openWindowStore(table),
    acknowledge: (id) => {
      const invocation = startOne();
      const history = product.openHistory(tableFor(invocation), { now: invocation.now, newId });
      const stores = { history } as unknown as Parameters<typeof acknowledge>[0];
      product.acknowledge(stores, id, 'ops', invocation.now()).catch(() => {});
    },
    isOver: () => clock.now() >= end,
  });

  const judge = () => void judgePass(product, portsFor(startOne()), outages).catch(() => {});
  const tick = () => {
    // Nothing happens in a pass while nothing is open. Windows are kept by some of them.
    if (outages.isAnyOpen() || checks.isAnyOpen() || random.chance(0.05)) {
      const late = strikes(faults.scheduleLate) ? random.between(0, MINUTE) : random.between(0, 1500);
      if (!strikes(faults.scheduleMissed)) clock.after(late, judge);
      if (strikes(faults.scheduleDoubled)) clock.after(late + random.between(0, 3000), judge);
    }
    checks.tick();
    clock.after(MINUTE, tick);
  };
  tick();
  const isEnough = () => setting.stopAtFirst === true && checks.violations.length > 0;
  await clock.run(end, isEnough);
  faults = NO_FAULTS;
  outages.repair();
  receiver.repair();
  await clock.run(clock.now() + RECOVERY, isEnough);
  return checks.closed();
}
