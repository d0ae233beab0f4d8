/** The weekly drill: who gets it, who acknowledges it, what is reported, and that it is held once. */
import { describe, expect, test } from 'vitest';
import { receiverId } from '../../lambda/alert/channels/channel-ids.ts';
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { drillText } from '../../lambda/alert/drill/drill-alerts.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { acknowledge, findOpenIncident } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { alertTopics } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import { isDrill } from '../../lambda/consensus/drill/drill.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDrillStore } from '../../lambda/history/drills/drill-store.ts';
import { isAlert } from '../../lambda/history/packing/judgement-item.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { runDrill } from '../../lambda/judge/drill/run-drill.ts';
import { openPassFailures } from '../../lambda/judge/pass/pass-failures.ts';
import { routingPass } from '../../lambda/judge/routing-pass.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { context } from '../alert/alerts.ts';
import { Killed, openWorld } from '../deliver/world.ts';

const MINUTE = 60_000;
const WEEK = 7 * 86_400_000;
const DUE = Date.parse('2026-11-23T09:00:00Z');

const hook = (name: string, rules: Partial<Channel> = {}): Channel => {
  return { kind: 'webhook', url: `https://${name}.example.com/`, when: alertTopics, ...rules } as Channel;
};

function open(notify: readonly Channel[] = [hook('ops'), hook('boss', { after: 10 * MINUTE })]) {
  const world = openWorld([]);
  const time = { zone: 'Europe/Berlin', weekday: 1, minute: 600, weeks: 1 };
  const config = { ...world.config, notify, drill: { time, within: 15 * MINUTE } } as Config;
  const channels = awsChannels(config);
  const windows = openWindowStore(world.table);
  const ports = (): JudgePorts => ({ ...world.judgePorts(), config, channels, windows });
  const failed = openPassFailures(() => {});
  const stores = openIncidentStores(world.table);
  const drills = openDrillStore(world.table);
  return {
    ...{ world, ports, channels, drills, windows, stores },
    /** What a judge does each minute, and then each channel delivers. */
    pass: async (at: number) => {
      world.now = at;
      await runDrill(ports());
      await routingPass(ports(), new Map(), () => false, failed);
      const shift = { latestWait: 0, latestSend: Number.POSITIVE_INFINITY, signal: new AbortController().signal };
      const deliver = { ...world.deliverPorts(), config, channels };
      for (const { id } of channels) await deliverChannel(deliver, id, shift);
      return failed.names();
    },
    pending: async () => {
      const all = await Promise.all(
        channels.map(async ({ id }) =>
          (await world.deliveries.pending(id, ' ')).map(({ alert }) => `${id} ${alert.id}`),
        ),
      );
      return all.flat();
    },
    acknowledge: async (at: number, by = 'ops@example.com') => {
      const record = await drills.record();
      return acknowledge(stores, record?.open?.id ?? 'drill/drill@2026-01-01T00:00:00Z', by, at);
    },
  };
}

/** `ops DRILL…` of everything that was sent, except to subscribers of the topic. */
function sent({ world }: ReturnType<typeof open>): readonly string[] {
  const named = world.sent.filter(({ channel }) => channel !== 'topic');
  return named.map(({ channel, alert }) => {
    const name = /\/\/([^.]*)/.exec(channel)?.[1] ?? channel;
    return `${name} ${alertTexts(alert, context).default}`;
  });
}

const ASKED = 'DRILL: this is a drill, nothing is wrong. Acknowledge it within 15 min, as you would an outage';

test('it goes at once to every entry that is told of outages, and its end with the report to them and to those who want `blind`', async () => {
  const drill = open([
    hook('ops'),
    hook('boss', { after: 10 * MINUTE, targets: ['mx9'] }),
    hook('watch', { when: ['blind'] }),
    hook('few', { when: ['posture'] }),
    hook('low', { severity: ['warning', 'info'], when: ['down', 'degraded'] }),
  ]);
  await drill.pass(DUE - 8 * MINUTE);
  await drill.pass(DUE - 1);
  expect(sent(drill)).toEqual([]);
  await drill.pass(DUE + 5_000);
  expect(sent(drill)).toEqual([`ops ${ASKED}`, `boss ${ASKED}`]);
  expect((await drill.acknowledge(DUE + 47_000)).outcome).toBe('acknowledged');
  expect((await drill.acknowledge(DUE + 50_000)).outcome).toBe('already');
  await drill.pass(DUE + MINUTE);
  const over = 'DRILL OVER: acknowledged by ops@example.com after 42 s; 2 of 2 receivers reached';
  expect(sent(drill).slice(2)).toEqual([`ops ${over}`, `boss ${over}`, `watch ${over}`]);
  for (let at = 2; at < 90; at += 1) expect(await drill.pass(DUE + at * MINUTE)).toEqual([]);
  expect(sent(drill)).toHaveLength(5);
  expect((await drill.drills.record())?.last?.receivers).toEqual([
    { entry: drill.channels[1]?.id, reached: '2026-11-23T09:00:05Z', why: null },
    { entry: drill.channels[2]?.id, reached: '2026-11-23T09:00:05Z', why: null },
  ]);
  await drill.pass(DUE + WEEK);
  expect(sent(drill)).toHaveLength(7);
});

test('without an acknowledgement it ends when its time is up, and says which channel did not take it', async () => {
  const drill = open([hook('ops'), hook('dead', { id: 'boss' })]);
  const dead = drill.channels[2]?.id ?? '';
  drill.world.replies.set(dead, () => ({ taken: false, words: 'HTTP 503', retryAfter: null }));
  await drill.pass(DUE - MINUTE);
  for (let at = 0; at <= 14; at += 1) await drill.pass(DUE + at * MINUTE);
  expect(sent(drill)[0]).toBe(`ops ${ASKED}`);
  expect(sent(drill)).toHaveLength(2);
  await drill.pass(DUE + 15 * MINUTE);
  expect(sent(drill).at(-1)).toBe(
    'ops DRILL OVER: nobody acknowledged it within 15 min; 1 of 2 receivers reached; not reached: boss (HTTP 503)',
  );
});

test('an acknowledgement does not end it while a channel may still take it', async () => {
  const drill = open();
  const boss = drill.channels[2]?.id ?? '';
  drill.world.replies.set(boss, () => ({ taken: false, words: 'HTTP 503', retryAfter: null }));
  await drill.pass(DUE - MINUTE);
  await drill.pass(DUE);
  await drill.acknowledge(DUE + 30_000);
  await drill.pass(DUE + MINUTE);
  expect((await drill.drills.record())?.last).toBeNull();
  drill.world.replies.delete(boss);
  for (let at = 2; at < 10; at += 1) await drill.pass(DUE + at * MINUTE);
  expect(sent(drill).at(-1)).toMatch(
    /^boss DRILL OVER: acknowledged by ops@example.com after 30 s; 2 of 2 receivers reached$/,
  );
});

test('a subscription of the topic that gets nothing is not reached, though the topic took the message', async () => {
  const drill = open([{ kind: 'email', address: 'ops@example.com', when: alertTopics, id: 'ops' } as Channel]);
  await drill.pass(DUE - MINUTE);
  const at = '2026-11-20T00:00:00Z';
  const id = receiverId({ kind: 'email', address: 'ops@example.com' });
  await drill.world.deliveries.change(id, (stored) => ({ ...stored, failingSince: at, lastError: 'not confirmed' }));
  for (let minute = 0; minute <= 15; minute += 1) await drill.pass(DUE + minute * MINUTE);
  const last = (await drill.drills.record())?.last;
  expect(last && drillText(last)).toBe(
    'nobody acknowledged it within 15 min; 0 of 1 receivers reached; not reached: ops (not confirmed)',
  );
});

test('a receiver outside its hours does not keep an acknowledged drill open, and is not told of its end', async () => {
  const hours = { zone: 'UTC', spans: [{ days: [1], from: 0, to: 60 }] };
  const drill = open([hook('ops'), hook('night', { hours, id: 'night' })]);
  await drill.pass(DUE - MINUTE);
  await drill.pass(DUE);
  await drill.acknowledge(DUE + 30_000);
  await drill.pass(DUE + MINUTE);
  await drill.pass(DUE + 2 * MINUTE);
  expect(sent(drill)).toEqual([
    `ops ${ASKED}`,
    expect.stringMatching(/^ops DRILL OVER: acknowledged .* 1 of 2 receivers reached; not reached: night/),
  ]);
});

test('a receiver outside its hours is not asked, and a mute of everything holds it', async () => {
  const hours = { zone: 'UTC', spans: [{ days: [1], from: 0, to: 60 }] };
  const drill = open([hook('ops'), hook('night', { hours, id: 'night' })]);
  await drill.pass(DUE - MINUTE);
  for (let at = 0; at <= 15; at += 1) await drill.pass(DUE + at * MINUTE);
  expect(sent(drill).at(-1)).toMatch(
    /1 of 2 receivers reached; not reached: night \(outside its hours, next from 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\)$/,
  );

  const muted = open([hook('ops', { id: 'ops' })]);
  await muted.pass(DUE - MINUTE);
  await muted.windows.writeMute({
    id: 'm',
    from: DUE - MINUTE,
    until: DUE + WEEK,
    why: 'moving',
    by: 'ops',
    version: 1,
  });
  for (let at = 0; at <= 15; at += 1) await muted.pass(DUE + at * MINUTE);
  const last = (await muted.drills.record())?.last;
  expect(last && drillText(last)).toMatch(/not reached: ops \(held by a mute: moving\)$/);
});

describe('once for each due time', () => {
  const asked = ({ world }: ReturnType<typeof open>) =>
    world.sent.filter(({ alert }) => isDrill(alert) && alert.incident?.closed === null).length;

  test('a monitor that is new, or was off, does not make up for it', async () => {
    const drill = open([hook('ops')]);
    await drill.pass(DUE + 5 * MINUTE);
    await drill.pass(DUE + 6 * MINUTE);
    expect(asked(drill)).toBe(0);
    await drill.pass(DUE + 5 * WEEK - 2 * 86_400_000);
    expect(asked(drill)).toBe(0);
    await drill.pass(DUE + 5 * WEEK + 20 * MINUTE);
    expect(asked(drill)).toBe(1);
  });

  test('a clock that is set back or far ahead', async () => {
    const drill = open([hook('ops')]);
    for (const at of [-1, 0, 1, -30, 0, 1, 2, 20]) await drill.pass(DUE + at * MINUTE);
    expect(asked(drill)).toBe(1);
    await drill.pass(DUE + 60 * WEEK + 2 * 86_400_000);
    for (const at of [30, 40, 50]) await drill.pass(DUE + at * MINUTE);
    expect(asked(drill)).toBe(1);
    await drill.pass(DUE + WEEK);
    expect(asked(drill)).toBe(2);
  });

  test('two judges at the same time', async () => {
    const drill = open([hook('ops')]);
    await drill.pass(DUE - MINUTE);
    drill.world.now = DUE;
    await Promise.all([runDrill(drill.ports()), runDrill(drill.ports())]);
    expect(await drill.pending()).toHaveLength(1);
    await drill.pass(DUE + MINUTE);
    expect(asked(drill)).toBe(1);
  });

  test('a judge that ends at any call of the table', async () => {
    for (let call = 1; call < 40; call += 1) {
      for (const killsBefore of [true, false]) {
        const drill = open([hook('ops')]);
        await drill.pass(DUE - MINUTE);
        Object.assign(drill.world, { now: DUE, killAfter: call, killsBefore });
        await runDrill(drill.ports()).catch((error) => {
          if (!(error instanceof Killed)) throw error;
        });
        drill.world.killAfter = Number.POSITIVE_INFINITY;
        for (const at of [1, 2, 16, 17]) await drill.pass(DUE + at * MINUTE);
        const own = drill.world.sent.filter(({ channel }) => channel !== 'topic');
        const ids = own.map(({ alert }) => alert.id.replace(/.*#/, ''));
        expect(ids, `killed at call ${call}`).toEqual(['1-test', '2-test']);
      }
    }
  });
});

test('buttons and links find it as an open incident; the previous release reads its alerts as tests', async () => {
  const drill = open([hook('ops')]);
  await drill.pass(DUE - MINUTE);
  await drill.pass(DUE);
  const id = (await drill.drills.record())?.open?.id ?? '';
  expect(await findOpenIncident(drill.stores, id)).toMatchObject({
    subject: 'drill',
    what: ['a drill: nothing is wrong'],
  });
  const { alert } = drill.world.sent[0] ?? {};
  expect([isAlert(alert), alert?.kind, alert?.severity]).toEqual([true, 'test', 'critical']);
  expect(alert && alertTexts(alert, context).email).toMatch(/npx smtp-quorum acknowledge drill --table/);
  await drill.pass(DUE + 15 * MINUTE);
  expect(await findOpenIncident(drill.stores, id)).toBeNull();
});

test('an item that cannot be read holds no drill, and is replaced', async () => {
  const drill = open([hook('ops')]);
  await drill.world.table.put({ pk: 'drills', sk: 'last', due: 'x', version: 3 });
  for (const at of [-1, 0]) await drill.pass(DUE + at * MINUTE);
  expect(sent(drill)).toEqual([`ops ${ASKED}`]);
});
