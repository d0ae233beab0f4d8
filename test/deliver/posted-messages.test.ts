/** What a channel posted is kept with the delivery: a process that ends at any point repeats at most one message. */
import { describe, expect, test } from 'vitest';
import type { PostedMessage, Sender } from '../../lambda/alert/channels/sender.ts';
import { PLAIN } from '../../lambda/alert/words/late-delivery-note.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { deliverChannel } from '../../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { postedUnder } from '../../lambda/deliver/posted-messages.ts';
import { makeDeliveries } from '../../lambda/deliver/queue-alert-for-channels.ts';
import { sendMessage } from '../../lambda/deliver/send-message.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { DeliverPorts } from '../../lambda/ports.ts';
import { alertOfEachKind } from '../alert/alert-of-each-kind.ts';
import { alert, incident } from '../alert/alerts.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

class Killed extends Error {}

const start = Date.parse('2026-11-22T05:09:20Z');
const when = ['down', 'recovered'] as const;
const channel = {
  kind: 'service',
  id: 'slack:C0123ABCD45',
  when,
  receiver: { kind: 'slack', channel: 'C0123ABCD45', token: { env: 'TOKEN' } },
} as const;

/** A table, a room, and a process that may be killed before or after any call of either. */
function openWorld() {
  let now = start;
  const table = openInMemoryTable(() => now);
  const world = {
    posts: [] as string[],
    edits: [] as string[],
    killAfter: Number.POSITIVE_INFINITY,
    /** Of the present process. */
    calls: 0,
    table,
    tell,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };

  async function step<Result>(call: () => Promise<Result>): Promise<Result> {
    if (world.killAfter <= 0) throw new Killed();
    world.calls += 1;
    world.killAfter -= 1;
    const result = await call();
    if (world.killAfter === 0) throw new Killed();
    return result;
  }

  const mortal: Table = {
    put: (item, condition) => step(() => table.put(item, condition)),
    get: (pk, sk) => step(() => table.get(pk, sk)),
    query: (pk, range) => step(() => table.query(pk, range)),
  };

  const send: Sender = async ({ alert: sent, posted, remember }) => {
    if (posted !== undefined) {
      await step(async () => world.edits.push(`${posted.message} ${sent.kind}`));
      return { taken: true, posted: { message: posted.message, alert: sent.id } };
    }
    await step(async () => world.posts.push(sent.kind));
    const message = `m${world.posts.length}`;
    await remember?.({ message, alert: null });
    await step(async () => undefined);
    return { taken: true, posted: { message, alert: sent.id } };
  };

  async function tell(one: Alert): Promise<void> {
    const ports = {
      config: { policy: { every: 60_000 }, notify: [] },
      channels: [channel],
      deliveries: openDeliveries(mortal, { now: () => now }),
      history: openHistory(mortal, { now: () => now }),
      publishEvents: async () => {},
      senderOf: () => send,
      now: () => now,
      random: () => 0.5,
      sleep: async () => {},
      isAlone: true,
    } as unknown as DeliverPorts;
    const shift = { latestWait: 0, latestSend: Number.POSITIVE_INFINITY, signal: new AbortController().signal };
    try {
      await makeDeliveries(ports, one, [channel]);
      await deliverChannel(ports, channel.id, shift);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  return world;
}

const down = alert('down');
const recovered = { ...alertOfEachKind.recovered, id: 'mx1@a#2-recovered' };

test('the next alert of the incident edits the message', async () => {
  const world = openWorld();
  await world.tell(down);
  await world.tell(recovered);
  expect(world.posts).toEqual(['down']);
  expect(world.edits).toEqual(['m1 recovered']);
  const items = await world.table.query(`posted#${channel.id}`);
  expect(items).toEqual([
    {
      pk: `posted#${channel.id}`,
      sk: incident.id,
      message: 'm1',
      alert: recovered.id,
      ttl: Math.floor(start / 1000) + 8 * 86_400,
    },
  ]);
});

test('an alert of another incident, or of none, is a new message', async () => {
  const world = openWorld();
  await world.tell(down);
  await world.tell(alert('down', { id: 'other', incident: { ...incident, id: 'mx1@2026-11-22T06:00:00Z' } }));
  await world.tell(alertOfEachKind.changed);
  await world.tell({ ...alertOfEachKind.changed, id: 'changed 2' });
  expect(world.posts).toEqual(['down', 'down', 'changed', 'changed']);
  expect(world.edits).toEqual([]);
});

test('a process that ends at any point: nothing is lost, and at most one message is repeated', async () => {
  const whole = openWorld();
  await whole.tell(down);
  await whole.tell(recovered);
  const points = whole.calls;
  expect(points).toBeGreaterThan(15);
  for (let point = 1; point <= points; point += 1) {
    const world = openWorld();
    world.killAfter = point;
    await world.tell(down);
    world.killAfter = Number.POSITIVE_INFINITY;
    world.pass(1_000);
    await world.tell(down);
    await world.tell(recovered);
    expect(world.posts.length, `killed after call ${point}`).toBeLessThanOrEqual(2);
    expect(world.edits.at(-1), `killed after call ${point}`).toBe(`m${world.posts.length} recovered`);
  }
});

describe('what is stored', () => {
  test.each<[string, object, PostedMessage | undefined]>([
    ['as written', { message: 'm1', alert: 'a' }, { message: 'm1', alert: 'a' }],
    ['of a message whose thread is not sent', { message: 'm1', alert: null }, { message: 'm1', alert: null }],
    ['with attributes of a later release', { message: 'm1', alert: 'a', room: 'x' }, { message: 'm1', alert: 'a' }],
    ['damaged', { message: 7, alert: 'a' }, undefined],
    ['without an alert', { message: 'm1' }, undefined],
  ])('%s', async (_, fields, expected) => {
    const table = openInMemoryTable(() => start);
    await table.put({ pk: 'posted#slack:C1', sk: 'mx1@a', ...fields });
    expect(await openDeliveries(table).posted('slack:C1', 'mx1@a')).toEqual(expected);
  });

  test.each<[string, Alert, string | null]>([
    ['an incident', down, incident.id],
    ['no incident', alertOfEachKind.changed, null],
    ['an id too long for a key', alert('down', { incident: { ...incident, id: 'x'.repeat(1_025) } }), null],
  ])('the matter of an alert of %s', (_, one, matter) => expect(postedUnder(one)).toBe(matter));
});

test('a message of a group stands under the incident that began the group, and what joins edits it', async () => {
  const world = openWorld();
  const store = openDeliveries(world.table);
  const sent: unknown[] = [];
  const senderOf = (): Sender => async (message) => {
    sent.push(message.posted);
    return { taken: true, posted: { message: message.posted?.message ?? 'm1', alert: message.alert.id } };
  };
  const group = { id: incident.id, kind: 'down', causes: [], began: 0, until: 0, told: 0, members: [incident.id] };
  const digest = alertOfEachKind.digest;
  const message = { ...PLAIN, alert: digest, covers: [] };
  const { signal } = new AbortController();
  const ports = { senderOf, deliveries: store };
  await sendMessage(ports, channel, { ...message, group: group as never }, signal);
  await sendMessage(ports, channel, { ...message, alert: { ...digest, id: 'digest 2' }, edits: incident.id }, signal);
  await sendMessage(ports, channel, message, signal);
  expect(sent).toEqual([undefined, { message: 'm1', alert: digest.id }, undefined]);
  expect(await store.posted(channel.id, incident.id)).toEqual({ message: 'm1', alert: 'digest 2' });
});
