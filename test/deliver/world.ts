/** Deliveries over a table in memory, with a clock that is moved by hand and a process that may end at any write. */
import type { Sender } from '../../lambda/alert/channels/sender.ts';
import { awsChannels, type DeliveryChannel, localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Subscription } from '../../lambda/alert/subscriptions/subscription.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { checkSubscriptions } from '../../lambda/deliver/check-subscriptions.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openDrillStore } from '../../lambda/history/drills/drill-store.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { handOverAlerts } from '../../lambda/judge/hand-over-alerts.ts';
import { judgementOutbox, takeOverLease } from '../../lambda/judge/judgement-outbox.ts';
import { openPassFailures } from '../../lambda/judge/pass/pass-failures.ts';
import type { DeliverPorts, JudgePorts } from '../../lambda/ports.ts';
import { start } from '../alert/delivery/deliveries.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

/** The process ends here: nothing of it runs any further. */
export class Killed extends Error {}

export interface Sent {
  readonly at: number;
  readonly channel: string;
  readonly id: string;
  readonly alert: Alert;
}

export const hooks = ['a', 'b'].map((path) => `https://hooks.example.com/${path}`);
const when = ['down', 'recovered', 'blind', 'unknown', 'degraded', 'changed'] as const;

/** @param subscribers if there are any, the channels are those of AWS */
export function openWorld(urls: readonly string[] = hooks, subscribers: Config['notify'] = []) {
  const config = {
    name: 'test',
    home: 'local',
    policy: { ...policyDefaults(1), every: 60_000, vantages: ['local'] },
    notify: [...urls.map((url) => ({ kind: 'webhook', url, when })), ...subscribers],
    targets: [],
  } as unknown as Config;
  const channels = subscribers.length > 0 ? awsChannels(config) : localChannels(config);
  const clock = { now: start };
  const now = () => clock.now;
  const table = openInMemoryTable(now);
  const world = {
    get now() {
      return clock.now;
    },
    set now(at: number) {
      clock.now = at;
    },
    sent: [] as Sent[],
    events: [] as string[],
    /** Calls of the table until the process is killed, before or after the write. */
    killAfter: Number.POSITIVE_INFINITY,
    killsBefore: true,
    channels,
    config,
    table,
    replies: new Map<string, () => Awaited<ReturnType<Sender>>>(),
    judgePorts,
    deliverPorts,
    deliver,
    check: (found: readonly Subscription[]) => checkSubscriptions(judgePorts(), found),
    handOver,
    put,
    deliveries: openDeliveries(table, { now }),
    history: openHistory(table, { now }),
  };

  /** The table, as a process sees it that may be killed. */
  function mortal(): Table {
    const step = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      world.killAfter -= 1;
      if (world.killAfter < 0 || (world.killAfter === 0 && world.killsBefore)) throw new Killed();
      const result = await call();
      if (world.killAfter === 0) throw new Killed();
      return result;
    };
    return {
      put: (item, condition) => step(() => table.put(item, condition)),
      get: (pk, sk) => step(() => table.get(pk, sk)),
      query: (pk, range) => step(() => table.query(pk, range)),
    };
  }

  function judgePorts(): JudgePorts {
    const own = mortal();
    return {
      config,
      vantage: 'local',
      history: openHistory(own, { now }),
      deliveries: openDeliveries(own, { now }),
      notifications: openNotifications(own, { now }),
      drills: openDrillStore(own),
      channels,
      publishEvents: async (events) => {
        world.events.push(...events.map(({ type }) => type));
      },
      secret: async () => '',
      log: () => {},
      now,
    };
  }

  function senderOf(channel: DeliveryChannel): Sender {
    return async ({ alert }) => {
      world.killAfter -= 1;
      if (world.killAfter < 0 || (world.killAfter === 0 && world.killsBefore)) throw new Killed();
      const result = world.replies.get(channel.id)?.() ?? { taken: true };
      if (result.taken) world.sent.push({ at: world.now, channel: channel.id, id: alert.id, alert });
      if (world.killAfter === 0) throw new Killed();
      return result;
    };
  }

  function deliverPorts(): DeliverPorts {
    return {
      ...judgePorts(),
      senderOf,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        world.now += milliseconds;
      },
    };
  }

  async function deliver(channel: string, latestWait = 0): Promise<number | null> {
    const ports = deliverPorts();
    const { signal } = new AbortController();
    return deliverChannel(ports, channel, { latestWait, latestSend: Number.POSITIVE_INFINITY, signal });
  }

  /** Stores a judgement with pending alerts, as a judge does. */
  async function put(target: string, ...owed: readonly Alert[]): Promise<void> {
    const stored = await world.history.judgement(target);
    const judgement: Judgement = { target, verdict: 'down', since: owed[0]?.at ?? '', incident: null, owed };
    await world.history.writeJudgement(judgement, stored?.version ?? 0, null);
  }

  /** What every judge does with pending alerts. */
  async function handOver(by: string): Promise<number> {
    const ports = judgePorts();
    const stored = await ports.history.judgements();
    const taken = await Promise.all(stored.map((judgement) => takeOverLease(ports, judgement, by)));
    const own = taken.filter((judgement) => judgement !== null);
    return (
      await handOverAlerts(
        ports,
        own.map((judgement) => judgementOutbox(ports, judgement)),
        openPassFailures(ports.log),
      )
    ).alerts;
  }

  return world;
}
