import { localChannels } from '../lambda/alert/delivery/configured-channels.ts';
import type { DeliveryStore } from '../lambda/alert/delivery/delivery-store.ts';
import type { Config, Target } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { policyDefaults } from '../lambda/consensus/judgement/policy.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { openHistory } from '../lambda/history/history.ts';
import { openNotifications } from '../lambda/history/notifications/notification-store.ts';
import type { BusEvent, JudgePorts, LogEntry } from '../lambda/ports.ts';
import { openInMemoryTable } from './history/table/in-memory-table.ts';

/** A target on loopback, without TLS. */
export function target(id: string, port: number, extra: Partial<Target> = {}): Target {
  return {
    id,
    host: '127.0.0.1',
    domain: null,
    port,
    security: 'none',
    family: 4,
    helo: 'auto',
    insecure: false,
    timeout: 20_000,
    ...extra,
  };
}

/** The ports of a handler in eu-west-1, with an empty table. Published events, alerts with deliveries, and the log are recorded. */
export function testPorts(targets: readonly Target[], extra: Partial<Config> = {}) {
  const events: BusEvent[] = [];
  const alerts: Alert[] = [];
  const logged: LogEntry[] = [];
  const config: Config = {
    version: 1,
    name: 'test',
    home: 'us-east-1',
    ehloName: 'probe-{vantage}.example.com',
    control: null,
    policy: { ...policyDefaults(3), vantages: ['us-east-1', 'eu-west-1', 'sa-east-1'], every: 60_000 },
    notify: [],
    targets,
    ...extra,
  };
  const table = openInMemoryTable();
  const history = openHistory(table, { now: Date.now });
  const deliveries: DeliveryStore = openDeliveries(table);
  const ports: JudgePorts = {
    config,
    vantage: 'eu-west-1',
    history,
    publishEvents: async (published) => void events.push(...published),
    channels: localChannels(config),
    notifications: openNotifications(table),
    deliveries: {
      ...deliveries,
      make: async (channel, alert) => {
        if (!alerts.some(({ id }) => id === alert.id)) alerts.push(alert);
        await deliveries.make(channel, alert);
      },
    },
    secret: async () => {
      throw new Error('AccessDeniedException');
    },
    log: (entry) => void logged.push(entry),
    now: Date.now,
  };
  return { ports, events, alerts, logged, history };
}
