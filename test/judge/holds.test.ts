/** Windows, mutes and hours from the rounds of probes to the deliveries of a channel. */
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import type { MaintenanceWindow } from '../../lambda/calendar/planned-time.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import { alertTopics } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { plannedByConfig } from '../../lambda/judge/routing/planned-time.ts';
import { routingContext } from '../../lambda/judge/routing/routing-context.ts';
import { recordOrRename } from '../../lambda/probe/record-or-rename.ts';
import { healthy, refused } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';

const START = Date.parse('2026-11-22T05:00:00Z');
const MINUTE = 60_000;
const at = (minute: number) => START + minute * MINUTE;
const hook = (more: object = {}): Channel => ({
  kind: 'webhook',
  url: 'https://hooks.example.com/a',
  when: alertTopics,
  ...more,
});

interface Story {
  /** Minutes in which the target is down. */
  readonly down: readonly [number, number];
  readonly windows?: readonly MaintenanceWindow[];
  readonly notify?: readonly Channel[];
  readonly until: number;
  /** Minute in which somebody acknowledges. */
  readonly acknowledgedIn?: number;
  /** Done before the pass of a minute. */
  readonly at?: Readonly<Record<number, (store: ReturnType<typeof openWindowStore>) => Promise<unknown>>>;
}

/** What the webhook was told, as `minute kind`, with why it was told again. */
async function play({ down, windows = [], notify = [hook()], until, at: acts = {}, acknowledgedIn }: Story) {
  let now = START;
  const { ports } = testPorts([target('mx1', 25, { tags: ['edge'] })], { notify, maintenance: windows });
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const store = openWindowStore(table);
  const told: string[] = [];
  const alerts: Alert[] = [];
  const deliveries = {
    ...ports.deliveries,
    make: async (channel: string, alert: Alert) => {
      // The terminal has no hours.
      if (!channel.startsWith('webhook') || alerts.some(({ id }) => id === alert.id)) return;
      alerts.push(alert);
      told.push(
        [(now - START) / MINUTE, alert.kind, alert.again?.why, alert.again?.hold?.what]
          .filter((one) => one !== undefined)
          .join(' '),
      );
    },
  };
  const all = {
    ...ports,
    history,
    deliveries: { ...deliveries },
    notifications: openNotifications(table, { now: () => now }),
    windows: store,
    now: () => now,
  };
  for (let minute = 0; minute <= until; minute++) {
    now = at(minute);
    const sample = minute >= down[0] && minute < down[1] ? refused : healthy;
    for (const vantage of all.config.policy.vantages) {
      const round = { vantage, round: isoSeconds(now), began: isoSeconds(now), samples: new Map([['mx1', sample]]) };
      await recordOrRename(history, round, now, MINUTE);
    }
    await acts[minute]?.(store);
    const [open] = minute === acknowledgedIn ? await history.incidents('mx1') : [];
    if (open !== undefined) await acknowledge(openIncidentStores(table), open.id, 'ops@example.com', now);
    await judge(all);
  }
  const incidents = await history.incidents('mx1');
  return { told, alerts, incidents, planned: await store.plannedTimes(at(0), at(until + 1)) };
}

const window = (from: number, until: number, more: object = {}): MaintenanceWindow => {
  return {
    id: 'patches',
    why: 'patches',
    grace: 0,
    times: { kind: 'once', from: at(from), until: at(until) },
    ...more,
  };
};

describe('a maintenance window', () => {
  test('an outage that begins and ends in it is told to nobody, and is kept', async () => {
    const { told, incidents, planned } = await play({ down: [10, 20], windows: [window(5, 40)], until: 50 });
    expect(told).toEqual([]);
    expect(incidents).toMatchObject([{ opened: isoSeconds(at(10)), closed: isoSeconds(at(21)) }]);
    expect(planned).toMatchObject([{ kind: 'window', id: 'patches', from: at(5), until: at(40), subjects: null }]);
  });

  test('what is still down at its end is told at once, with since when', async () => {
    const { told, alerts } = await play({ down: [10, 60], windows: [window(5, 30)], until: 75 });
    expect(told[0]).toBe('30 down held patches');
    expect(alerts[0]?.again).toMatchObject({
      since: isoSeconds(at(10)),
      hold: { why: 'window', until: isoSeconds(at(30)) },
    });
    expect(told.filter((one) => one.includes('down'))).toHaveLength(1);
    expect(told.at(-1)).toMatch(/^6\d recovered$/);
  });

  test('with a grace it is told later, and not if it is up by then', async () => {
    const late = await play({ down: [10, 60], windows: [window(5, 30, { grace: 10 * MINUTE })], until: 50 });
    expect(late.told[0]).toBe('40 down held patches');
    const up = await play({ down: [10, 33], windows: [window(5, 30, { grace: 10 * MINUTE })], until: 50 });
    expect(up.told).toEqual([]);
  });

  test('what begins in the grace is told at once', async () => {
    const { told } = await play({ down: [32, 60], windows: [window(5, 30, { grace: 20 * MINUTE })], until: 45 });
    expect(told[0]).toMatch(/^3[2-4] down$/);
  });

  test('who was told before it is told of the recovery in it', async () => {
    const { told } = await play({ down: [3, 20], windows: [window(10, 60)], until: 40 });
    expect(told[0]).toMatch(/^[3-5] down$/);
    expect(told.at(-1)).toMatch(/^2\d recovered$/);
  });

  test('another target is told', async () => {
    const { told } = await play({ down: [10, 20], windows: [window(5, 40, { targets: ['mx2'] })], until: 30 });
    expect(told[0]).toMatch(/^1[0-2] down$/);
  });
});

describe('a mute', () => {
  const mute = { id: 'mute-1', from: at(5), until: at(60), why: 'new rack', by: 'ops@example.com', tags: ['edge'] };

  test('holds until somebody ends it', async () => {
    const { told, planned } = await play({
      down: [10, 60],
      until: 40,
      at: {
        5: (store) => store.writeMute({ ...mute, version: 1 }),
        25: (store) => store.writeMute({ ...mute, until: at(25), endedBy: 'ops@example.com', version: 2 }),
      },
    });
    expect(told[0]).toBe('25 down held new rack');
    expect(planned).toMatchObject([{ kind: 'mute', from: at(5), until: at(25), subjects: ['mx1'] }]);
  });

  test('ends by itself', async () => {
    const { told } = await play({
      down: [10, 90],
      until: 70,
      at: { 5: (store) => store.writeMute({ ...mute, version: 1 }) },
    });
    expect(told[0]).toBe('60 down held new rack');
  });
});

describe('acknowledged while nobody could be told', () => {
  const hours = { zone: 'UTC', spans: [{ days: [7], from: 5 * 60 + 30, to: 24 * 60 }] };
  const mute = { id: 'mute-1', from: at(5), until: at(30), why: 'new rack', by: 'ops', version: 1 };
  const cases: readonly (readonly [string, Partial<Story>, string])[] = [
    ['a window', { windows: [window(5, 30)] }, '30 down acknowledged patches'],
    ['a mute', { at: { 5: (store) => store.writeMute(mute) } }, '30 down acknowledged new rack'],
    ['hours', { notify: [hook({ hours })] }, '30 down acknowledged'],
  ];

  test.each(cases)('the end of %s tells that it is', async (_, story, told) => {
    const acknowledged = await play({ down: [10, 60], until: 35, ...story, acknowledgedIn: 20 });
    expect(acknowledged.told).toEqual([told]);
    expect(acknowledged.alerts[0]?.again).toMatchObject({ by: 'ops@example.com', isFirst: true });
  });
});

test('alerts about the monitor itself are never held', () => {
  const planned = plannedByConfig({ maintenance: [window(0, 30)] }, at(10));
  const { ports } = testPorts([target('mx1', 25)]);
  const { holdOf } = routingContext({ ...ports, isDown: () => false, planned });
  const about = (kind: Alert['kind'], subject: string) =>
    holdOf({ kind, subject, incident: null, at: isoSeconds(at(10)) } as unknown as Alert, at(10))?.what ?? null;
  expect(about('down', 'mx1')).toBe('patches');
  expect(about('changed', 'mx1')).toBe('patches');
  expect(about('blind', 'eu-west-1')).toBeNull();
  expect(about('undelivered', 'topic')).toBeNull();
});

test('hours of a channel hold that channel, and it is told when they begin', async () => {
  // 22 November 2026 is a Sunday.
  const hours = { zone: 'UTC', spans: [{ days: [7], from: 5 * 60 + 30, to: 24 * 60 }] };
  const { told } = await play({ down: [10, 60], notify: [hook({ hours })], until: 75 });
  expect(told[0]).toBe('30 down held');
  expect(told.at(-1)).toMatch(/^6\d recovered$/);
});

describe('while the mutes cannot be read', () => {
  test('it is told', async () => {
    const { told, logged } = await withoutMutes([]);
    expect(told).toContain('down');
    expect(logged).toContain('mutes not read');
  });

  test('a window of the config holds', async () => {
    expect((await withoutMutes([window(0, 30)])).told).toEqual([]);
  });
});

async function withoutMutes(maintenance: readonly MaintenanceWindow[]) {
  const { ports } = testPorts([target('mx1', 25)], { notify: [hook()], maintenance });
  let now = START;
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const logged: string[] = [];
  const told: string[] = [];
  const windows = {
    ...openWindowStore(table),
    mutes: async () => {
      throw new Error('the table does not answer');
    },
  };
  const log = ({ message }: { message: string }) => void logged.push(message);
  const make = async (_: string, { kind }: Alert) => void told.push(kind);
  for (let minute = 0; minute <= 6; minute++) {
    now = at(minute);
    for (const vantage of ports.config.policy.vantages) {
      const samples = new Map([['mx1', minute < 2 ? healthy : refused]]);
      await recordOrRename(history, { vantage, round: isoSeconds(now), began: isoSeconds(now), samples }, now, MINUTE);
    }
    await judge({ ...ports, history, windows, log, deliveries: { ...ports.deliveries, make }, now: () => now });
  }
  return { told, logged };
}
