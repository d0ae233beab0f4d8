/** Who is told by the judge: steps, reminders, holds, parents, and what a process leaves undone when it ends. */
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
import { alertAt, domainAlertAt, minute, start } from '../alert/delivery/deliveries.ts';
import { openWorld } from '../deliver/world.ts';
import { target } from '../ports.ts';

const webhook = (name: string, rules: Partial<Channel> = {}): Channel => {
  return { kind: 'webhook', url: `https://${name}.example.com/`, when: alertTopics, ...rules } as Channel;
};

function open(notify: readonly Channel[], targets: Config['targets'] = [target('mx1', 25)]) {
  const world = openWorld([]);
  const config = { ...world.config, notify, targets } as Config;
  const channels = awsChannels(config).filter(({ kind }) => kind !== 'topic');
  const down = new Set<string>();
  const windows = openWindowStore(world.table);
  const ports = (): JudgePorts => ({ ...world.judgePorts(), config, channels, windows });
  const failed = openPassFailures(() => {});
  const isDown = (id: string) => down.has(id);
  return {
    world,
    down,
    windows,
    store: openNotifications(world.table, { now: () => world.now }),
    take: (...owed: readonly Alert[]) => {
      const outbox = { name: 'test', owed, prepare: async () => {}, remove: async () => {} };
      return handOverAlerts(ports(), [outbox], failed, isDown);
    },
    pass: async (minutes: number) => {
      world.now = start + minutes * minute;
      await routingPass(ports(), new Map(), isDown, failed);
    },
    failed,
    /** `<receiver> <kind>[ <why>]` of all deliveries. */
    told: async () => {
      const found = await Promise.all(
        channels.map(async ({ id }) => (await world.deliveries.pending(id, ' ')).map(({ alert }) => ({ id, alert }))),
      );
      return found
        .flat()
        .sort((a, b) => a.alert.at.localeCompare(b.alert.at))
        .map(({ id, alert }) => {
          const name = /\/\/([^.]*)/.exec(id)?.[1];
          return [name, alert.kind, ...(alert.again === undefined ? [] : [alert.again.why])].join(' ');
        });
    },
  };
}

const DOWN = alertAt(0, 'down', 'mx1', 0);

test('the second step is told ten minutes later, and the end to both', async () => {
  const { take, pass, told } = open([webhook('ops'), webhook('boss', { after: 10 * minute })]);
  await take(DOWN);
  await pass(9);
  expect(await told()).toEqual(['ops down']);
  await pass(10);
  await pass(11);
  expect(await told()).toEqual(['ops down', 'boss down step']);
  await take(alertAt(12, 'recovered', 'mx1', 0));
  expect(await told()).toEqual(['ops down', 'boss down step', 'ops recovered', 'boss recovered']);
});

test('an acknowledgement is told to who was told, and ends the steps', async () => {
  const { take, pass, told, store } = open([webhook('ops'), webhook('boss', { after: 10 * minute })]);
  await take(DOWN);
  await store.change(DOWN.incident?.id ?? '', (one) => one && acknowledgeNotification(one, 'ops', start + minute));
  for (const at of [2, 10, 20]) await pass(at);
  expect(await told()).toEqual(['ops down', 'ops update acknowledged']);
});

test('an acknowledgement that a verdict has counts, too: of a process that ended, or the command of the release before', async () => {
  const { world, take, told, failed } = open([webhook('ops', { repeat: [minute] })]);
  await take(DOWN);
  const incident = DOWN.incident && { ...DOWN.incident, acknowledged: { at: DOWN.at, by: 'ops' } };
  world.now += 5 * minute;
  const ports = { ...world.judgePorts(), config: { ...world.config, notify: [webhook('ops')] } as Config };
  await routingPass(
    { ...ports, channels: awsChannels(ports.config) },
    new Map([['mx1', { incident, owed: [] }]]),
    () => false,
    failed,
  );
  expect(await told()).toEqual(['ops down', 'ops update acknowledged']);
});

test('of an incident whose end the previous release told, nothing more is told', async () => {
  const { world, take, told, failed, store } = open([webhook('ops', { repeat: [minute] })]);
  await take(DOWN);
  world.now += 20 * minute;
  const ports = { ...world.judgePorts(), config: { ...world.config, notify: [webhook('ops')] } as Config };
  await routingPass(
    { ...ports, channels: awsChannels(ports.config) },
    new Map([['mx1', { incident: null, owed: [] }]]),
    () => false,
    failed,
  );
  expect([await told(), await store.open()]).toEqual([['ops down'], []]);
});

test('an end without a notification, as after an upgrade, goes to all who want it', async () => {
  const { take, told } = open([
    webhook('ops'),
    webhook('boss', { after: 10 * minute }),
    webhook('no', { when: ['blind'] }),
  ]);
  await take(alertAt(3, 'recovered', 'mx1', 0));
  expect(await told()).toEqual(['ops recovered', 'boss recovered']);
});

test('a mute holds an incident, and what is still down at its end is told at once, with since when', async () => {
  const { take, pass, told, windows } = open([webhook('ops')]);
  const mute = { id: 'm1', from: start - minute, until: start + 30 * minute, why: 'new cable', by: 'ops', version: 1 };
  await windows.writeMute({ ...mute, targets: ['mx*'] });
  await take(DOWN);
  await pass(29);
  expect(await told()).toEqual([]);
  await pass(30);
  expect(await told()).toEqual(['ops down held']);
});

test('who heard of an incident before a mute hears of its end within it', async () => {
  const { take, told, windows } = open([webhook('ops'), webhook('late', { after: 5 * minute })]);
  await take(DOWN);
  await windows.writeMute({ id: 'm1', from: start, until: start + 60 * minute, why: 'x', by: 'ops', version: 1 });
  await take(alertAt(6, 'recovered', 'mx1', 0));
  expect(await told()).toEqual(['ops down', 'ops recovered']);
});

test.each(['told', 'since', 'held', 'owed', 'taken', 'reissued', 'closed'])(
  'an incident whose notification is damaged while it is held is told at the end of the mute: %s',
  async (attribute) => {
    const { take, pass, told, windows, world } = open([webhook('ops')]);
    const mute = { id: 'm1', from: start, until: start + 30 * minute, why: 'x', by: 'ops', version: 1 };
    await windows.writeMute(mute);
    await windows.writeMute({ ...mute, id: 'm2', until: Date.parse('9999-12-31T00:00:00Z') });
    await take(DOWN);
    const item = [...world.table.stored.values()].find(({ pk }) => pk === 'notifications');
    if (item === undefined) throw new Error('there is no notification');
    await world.table.put({ ...item, [attribute]: { a: [1] } });
    for (const at of [29, 30, 31]) await pass(at);
    expect(await told()).toEqual([expect.stringMatching(/^ops down (held|step)$/)]);
    await take(alertAt(33, 'recovered', 'mx1', 0));
    expect((await told()).at(-1)).toBe('ops recovered');
  },
);

test('what is behind a target that is down is told as part of it, and at once when that is up again', async () => {
  const targets = [target('gate', 25), ...['a', 'b'].map((id) => target(id, 25, { behind: ['gate'] }))];
  const { take, pass, told, down, store } = open([webhook('ops')], targets);
  down.add('gate');
  await take(alertAt(0, 'down', 'gate', 0));
  await take(alertAt(0, 'down', 'a', 0));
  await take(alertAt(1, 'down', 'b', 0));
  await pass(1);
  expect(await told()).toEqual(['ops down']);
  await pass(2);
  await pass(3);
  expect(await told()).toEqual(['ops down', 'ops update behind']);
  const gate = await store.notification(alertAt(0, 'down', 'gate', 0).incident?.id ?? '');
  expect(gate?.listed).toEqual(['a', 'b']);
  down.clear();
  await take(alertAt(4, 'recovered', 'gate', 0), alertAt(4, 'recovered', 'a', 0));
  await pass(4);
  // Within a second, deliveries are in the order of their incidents.
  expect(await told()).toEqual(['ops down', 'ops update behind', 'ops down held', 'ops recovered']);
});

test('a parent of which nobody is told holds nothing', async () => {
  const targets = [target('gate', 25), target('a', 25, { behind: ['gate'] })];
  const { take, told, down } = open([webhook('ops', { targets: ['a'] })], targets);
  down.add('gate');
  await take(alertAt(0, 'down', 'a', 0));
  expect(await told()).toEqual(['ops down']);
});

test('who is not told of a parent is told of what is behind it, and the others when the parent is up', async () => {
  const targets = [target('gate', 25), target('a', 25, { behind: ['gate'] })];
  const day = { zone: 'UTC', spans: [{ days: [1], from: 0, to: 1 }] };
  const team = webhook('team', { targets: ['a'], repeat: [10 * minute] });
  const notify = [
    webhook('ops'),
    team,
    webhook('sleeper', { targets: ['gate'], hours: day }),
    webhook('sleeper', { targets: ['a'] }),
  ];
  const { take, pass, told, down, store } = open(notify, targets);
  down.add('gate');
  await take(alertAt(0, 'down', 'gate', 0));
  await take(alertAt(0, 'down', 'a', 0));
  for (let at = 1; at < 12; at += 1) await pass(at);
  const early = ['ops down', 'team down', 'sleeper down', 'ops update behind', 'team down reminder'];
  expect((await told()).toSorted()).toEqual(early.toSorted());
  expect((await store.notification(alertAt(0, 'down', 'a', 0).incident?.id ?? ''))?.held).toMatchObject({
    what: 'gate',
  });
  down.clear();
  await pass(12);
  expect((await told()).toSorted()).toEqual([...early, 'ops down held'].toSorted());
  await take(alertAt(13, 'recovered', 'a', 0));
  expect((await told()).filter((one) => one.endsWith('recovered'))).toHaveLength(3);
});

test('findings that open while an incident is held are all told at its end', async () => {
  const { take, pass, windows, world } = open([webhook('ops')]);
  await windows.writeMute({ id: 'm1', from: start, until: start + 5 * minute, why: 'x', by: 'ops', version: 1 });
  const listed = (at: number, code: string): Alert => {
    const one = domainAlertAt(at, 'listed', 'example.com');
    const finding = {
      code,
      subject: code,
      detail: '',
      area: 'lists',
      since: one.at,
      vantages: [],
      meaning: '',
      hint: null,
    };
    const findings = [{ ...finding, rfc: '', evidence: [], publish: [], command: null }];
    return { ...one, posture: { findings, more: 0, warnings: [] } };
  };
  await take(listed(1, 'one'));
  await take(listed(2, 'two'));
  await pass(5);
  const [channel] = await world.deliveries.channels();
  const [sent] = await world.deliveries.pending(channel?.channel ?? '', ' ');
  expect(sent?.alert.posture?.findings.map(({ code }) => code)).toEqual(['two', 'one']);
});

test('an alert without an incident waits for a step, and is then over', async () => {
  const { take, pass, told, store } = open([webhook('ops'), webhook('desk', { after: 5 * minute, repeat: [minute] })]);
  await take(alertAt(0, 'changed', 'mx1', null));
  for (const at of [4, 5, 9]) await pass(at);
  expect(await told()).toEqual(['ops changed', 'desk changed step']);
  expect(await store.open()).toEqual([]);
});

const kills = Array.from({ length: 24 }, (_, at) => [
  { calls: at + 1, when: 'before' },
  { calls: at + 1, when: 'after' },
]).flat();

test.each(kills)(
  'a judge that ends $when call $calls of the table: all are told, nobody twice',
  async ({ calls, when }) => {
    const { world, take, pass, told } = open([webhook('ops'), webhook('boss', { after: 2 * minute })]);
    const killed = async (work: () => Promise<unknown>) => {
      world.killsBefore = when === 'before';
      world.killAfter = calls;
      await work().catch(() => {});
      world.killAfter = Number.POSITIVE_INFINITY;
    };
    await killed(() => take(DOWN));
    await take(DOWN);
    await killed(() => pass(2));
    await pass(3);
    expect(await told()).toEqual(['ops down', 'boss down step']);
  },
);
