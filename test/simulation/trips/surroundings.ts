/** What AWS does around the functions of a simulation: the table, the bus, the schedule and deliveries, with their faults. */
import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../../../lambda/alert/delivery/delivery-store.ts';
import type { Config } from '../../../lambda/config/config.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Shift } from '../../../lambda/deliver/deliver-channel.ts';
import type { DeliveryTableOptions } from '../../../lambda/deliver/delivery-table.ts';
import type { History, HistoryOptions } from '../../../lambda/history/history.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../../lambda/ports.ts';
import type { Faults } from '../faults.ts';
import { type Invocation, startInvocation } from '../invocation.ts';
import { invokedTable } from '../invoked-table.ts';
import { memoryTable, type OnWrite } from '../memory-table.ts';
import type { Random } from '../random.ts';
import type { Clock } from '../virtual-clock.ts';

/** What every simulated monitor has: the tested code, or a copy with a planted bug. */
export interface DeliveringProduct {
  judge(ports: JudgePorts, fresh?: boolean): Promise<unknown>;
  deliverChannel(ports: DeliverPorts, channel: string, shift: Shift): Promise<number | null>;
  openHistory(table: Table, options: HistoryOptions): History;
  openDeliveries(table: Table, options: DeliveryTableOptions): DeliveryStore;
}

export interface SurroundingsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  readonly product: DeliveringProduct;
  readonly config: Config;
  /** People get an alert. */
  readonly onAlert: (alert: Alert) => void;
  /** A judge runs, by the schedule or by an event. */
  readonly onJudge: (invocation: Invocation, isEvent: boolean) => Promise<unknown>;
  readonly onWrite?: OnWrite;
}

export interface Surroundings {
  /** The table itself, without faults. */
  readonly table: Table;
  readonly newId: () => string;
  start(): Invocation;
  strikes(probability: number): boolean;
  tableFor(invocation: Invocation): Table;
  judgePortsFor(invocation: Invocation): JudgePorts;
  publishFor(invocation: Invocation): (events: readonly BusEvent[]) => Promise<void>;
  /** Runs it now, late, twice or not at all. */
  onSchedule(action: () => void, late: number): void;
  /** One of the schedule also wakes channels, as the judge of targets does. */
  judge(isEvent: boolean): void;
}

const MINUTE = 60_000;
const SHIFT = 45_000;

export function openSurroundings(options: SurroundingsOptions): Surroundings {
  const { clock, random, faults, product, config, onAlert, onJudge, onWrite = () => {} } = options;
  const channels = awsChannels(config);
  const table = memoryTable(clock.now, onWrite, () => random.between(0, faults().staleRead));
  const strikes = (probability: number) => random.chance(probability);
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id${String(ids).padStart(8, '0')}`;
  };
  const start = () => startInvocation(clock, random, faults, strikes);
  const tableFor = invokedTable(table, { clock, random, faults, strikes });

  const publishFor = (invocation: Invocation) => (events: readonly BusEvent[]) =>
    invocation.call(async () => publish(events), random.between(10, 100));

  const judgePortsFor = (invocation: Invocation): JudgePorts => {
    const [own, now] = [tableFor(invocation), invocation.now];
    return {
      ...{ config, channels, now, vantage: config.home, publishEvents: publishFor(invocation) },
      history: product.openHistory(own, { now, newId }),
      deliveries: product.openDeliveries(own, { now, newId }),
      secret: async () => '',
      log: () => {},
    };
  };

  const judge = (isEvent: boolean) => {
    const invocation = start();
    const woken = isEvent ? Promise.resolve() : product.judge(judgePortsFor(invocation), false);
    woken.then(() => onJudge(invocation, isEvent)).catch(() => {});
  };

  const deliver = (channel: string) => {
    const invocation = start();
    const take = (alert: Alert) => async () => {
      if (strikes(faults().snsRefuses)) throw new Error('refused');
      onAlert(alert);
      if (strikes(faults().snsTakesThenFails)) throw new Error('it took the alert, and responded with an error');
    };
    const ports: DeliverPorts = {
      ...judgePortsFor(invocation),
      senderOf:
        () =>
        ({ alert }) =>
          invocation.call(take(alert), random.between(10, 200)).then(
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
    if (strikes(faults().busRefuses)) throw new Error('the bus rejected the events');
    for (const event of events) {
      if (event.type === 'Delivery Due') onBus(() => deliver(event.detail.channel));
      else onBus(() => judge(true));
    }
    if (strikes(faults().busTakesThenFails))
      throw new Error('the bus accepted the events, and responded with an error');
  };
  const onBus = (action: () => void) => {
    if (strikes(faults().busDrops)) return;
    const delivery = strikes(faults().busLate) ? random.between(MINUTE, 4 * MINUTE) : random.between(100, 2_500);
    clock.after(delivery, action);
    if (strikes(faults().busDoubles)) clock.after(delivery + random.between(0, 1_000), action);
  };

  const onSchedule = (action: () => void, late: number) => {
    if (strikes(faults().scheduleMissed)) return;
    const delay = strikes(faults().scheduleLate) ? random.between(0, late) : random.between(0, 1_500);
    clock.after(delay, action);
    if (strikes(faults().scheduleDoubled)) clock.after(delay + random.between(0, 3_000), action);
    if (strikes(faults().runsTwice)) clock.after(delay, action);
  };

  return { table, newId, start, strikes, tableFor, judgePortsFor, publishFor, onSchedule, judge };
}
