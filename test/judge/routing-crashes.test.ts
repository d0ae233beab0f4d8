/** The judge ends at any write, before or after it is made: nothing is lost, and nothing is told twice. */
import { expect, test } from 'vitest';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { acknowledgeNotification } from '../../lambda/alert/routing/acknowledge-notification.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { alertTopics } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { handOverAlerts } from '../../lambda/judge/hand-over-alerts.ts';
import { openPassFailures } from '../../lambda/judge/pass/pass-failures.ts';
import { routingPass } from '../../lambda/judge/routing-pass.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { alertAt, minute, start } from '../alert/delivery/deliveries.ts';
import { openWorld } from '../deliver/world.ts';
import { target } from '../ports.ts';

const DOWN = alertAt(0, 'down', 'mx1', 0);
const webhook = (name: string, rules: Partial<Channel> = {}): Channel => {
  return { kind: 'webhook', url: `https://${name}.example.com/`, when: alertTopics, ...rules } as Channel;
};

type Crash = { readonly write: number; readonly isMade: boolean };

/** What each receiver was told, with the number of writes. After a crash the step is repeated from its begin. */
async function play(crash: Crash | null) {
  const world = openWorld([]);
  const notify = [webhook('ops', { repeat: [15 * minute] }), webhook('boss', { after: 10 * minute })];
  const config = { ...world.config, notify, targets: [target('mx1', 25)] } as Config;
  const channels = awsChannels(config).filter(({ kind }) => kind !== 'topic');
  let writes = 0;
  let isDead = false;
  const guarded = <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (isDead) return Promise.reject(new Error('it has ended'));
    const ends = writes === crash?.write;
    writes += 1;
    if (!ends) return write();
    isDead = true;
    return (crash.isMade ? write() : Promise.resolve()).then(() => Promise.reject(new Error('it ends')));
  };
  const table: typeof world.table = {
    ...world.table,
    put: (...put) => guarded(() => world.table.put(...put)),
  };
  const { deliveries } = world;
  const ports = (): JudgePorts => ({
    ...{ ...world.judgePorts(), config, channels, windows: openWindowStore(table) },
    notifications: openNotifications(table, { now: () => world.now }),
    deliveries: {
      ...deliveries,
      make: (...made) => guarded(() => deliveries.make(...made)),
      mark: (...made) => guarded(() => deliveries.mark(...made)),
    },
  });
  const failed = openPassFailures(() => {});
  const take = (alert: Alert) => async () => {
    const outbox = { name: 'mx1', owed: [alert], prepare: async () => {}, remove: async () => {} };
    await handOverAlerts(ports(), [outbox], failed, () => false);
    if (isDead) throw new Error('it has ended');
  };
  const pass = async () => {
    await routingPass(ports(), new Map(), () => false, failed);
  };
  const acknowledge = async () => {
    await ports().notifications?.change(
      DOWN.incident?.id ?? '',
      (one) => one && acknowledgeNotification(one, 'ops', world.now),
    );
  };
  const script: Readonly<Record<number, () => Promise<void>>> = {
    0: take(DOWN),
    12: take(alertAt(12, 'degraded', 'mx1', 0)),
    40: acknowledge,
    50: take(alertAt(50, 'recovered', 'mx1', 0)),
  };
  for (let at = 0; at <= 52; at++) {
    world.now = start + at * minute;
    for (const step of [script[at], pass]) {
      await step?.().catch(() => {});
      if (!isDead) continue;
      isDead = false;
      await step?.();
    }
  }
  const told = await Promise.all(
    channels.map(async ({ id }) =>
      (await deliveries.pending(id, ' ')).map(
        ({ alert, made }) =>
          `${(made - start) / minute} ${id} ${alert.kind} ${alert.again?.why ?? ''} ${alert.again?.number ?? ''}`,
      ),
    ),
  );
  const open = await ports().notifications?.open();
  return { told: told.flat(), open, writes };
}

test('a judge that ends at any write', async () => {
  const whole = await play(null);
  expect(whole.told.length).toBeGreaterThan(7);
  expect(whole.open).toEqual([]);
  expect(whole.writes).toBeGreaterThan(30);
  for (let write = 0; write < whole.writes; write++)
    for (const isMade of [false, true]) {
      const { told, open } = await play({ write, isMade });
      expect([write, isMade, told, open]).toEqual([write, isMade, whole.told, []]);
    }
});
