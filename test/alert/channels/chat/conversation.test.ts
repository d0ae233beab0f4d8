/** Outages as people see them in a room of each chat service, and services that misbehave. */
import { afterEach, describe, expect, test } from 'vitest';
import type { PostedMessage, Refused, SentMessage, Taken } from '../../../../lambda/alert/channels/sender.ts';
import { serviceSender } from '../../../../lambda/alert/channels/service-sender.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import type { Alert } from '../../../../lambda/consensus/judgement/incident.ts';
import { postedUnder } from '../../../../lambda/deliver/posted-messages.ts';
import { type Behaviour, failing } from '../../../fakes/fake-service.ts';
import { alertOfEachKind } from '../../alert-of-each-kind.ts';
import { alert, context, incident } from '../../alerts.ts';
import { chatServices, type Running, startChat } from './services.ts';

const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ fake }) => fake.close()));
});

async function open(service: (typeof chatServices)[number], timeout?: number) {
  const chat = await startChat(service, timeout);
  running.push(chat);
  return chat;
}

const signal = new AbortController().signal;

/** Sends alerts in order, each with what was posted before, as `deliver` does. */
async function tell({ send }: Running, alerts: readonly Alert[], posted?: PostedMessage) {
  let before = posted;
  const results: (Taken | Refused)[] = [];
  for (const one of alerts) {
    const hasMatter = postedUnder(one) !== null;
    const message: SentMessage = { ...PLAIN, alert: one, ...(before && hasMatter && { posted: before }) };
    const result = await send(message, signal);
    results.push(result);
    if (result.taken && hasMatter) before = result.posted ?? before;
  }
  return { results, posted: before };
}

const down = alert('down');
const update = alert('update', { id: 'mx1@a#2-update', was: 'down' });
const recovered = { ...alertOfEachKind.recovered, id: 'mx1@a#3-recovered' };

describe.each(chatServices.map((service) => [service.kind, service] as const))('%s', (_, service) => {
  const editable = service.canEdit;

  test('an outage is told, updated and over', async () => {
    const chat = await open(service);
    const { results, posted } = await tell(chat, [down, update, recovered]);
    expect(results.map(({ taken }) => taken)).toEqual([true, true, true]);
    const { messages } = chat.fake.room;
    const shown = messages.map((message) => service.shown(message).join('\n'));
    if (editable) {
      expect(posted?.message).toBe(messages[0]?.id);
      expect(messages[0]?.edits).toBe(2);
      expect(shown[0]).toContain('UP again');
      expect(shown[0]).not.toContain('is DOWN since');
      // What people must see is a message, too: nobody is notified of an edit.
      expect(shown.at(-1)).toContain('UP again');
      expect(messages.filter(({ isBroadcast }) => isBroadcast).length).toBeLessThanOrEqual(1);
    } else {
      expect(messages).toHaveLength(3);
      expect(posted).toBeUndefined();
      for (const [at, state] of ['DOWN', 'still DOWN', 'UP again'].entries())
        expect(shown[at]).toContain(`${state} mx1`);
    }
  });

  test.runIf(editable)('a message that a person deleted is posted anew', async () => {
    const chat = await open(service);
    const { posted } = await tell(chat, [down]);
    chat.fake.room.remove(posted?.message ?? '');
    const after = await tell(chat, [recovered], posted);
    expect(after.results).toMatchObject([{ taken: true, answer: 'posted' }]);
    expect(after.posted?.message).not.toBe(posted?.message);
    expect(service.shown(chat.fake.room.messages.at(-1) as never).join('\n')).toBeTruthy();
  });

  test.runIf(editable)('the same alert, sent again after a crash, is an edit and no message', async () => {
    const chat = await open(service);
    const { posted } = await tell(chat, [down]);
    const count = chat.fake.room.messages.length;
    const again = await tell(chat, [down], posted);
    expect(again.results).toMatchObject([{ taken: true, answer: 'edited' }]);
    expect(chat.fake.room.messages).toHaveLength(count);
  });

  test('an alert without an incident is a message of its own', async () => {
    const chat = await open(service);
    await tell(chat, [alertOfEachKind.changed, alertOfEachKind.test]);
    expect(chat.fake.room.messages.filter(({ thread }) => thread === null)).toHaveLength(2);
  });

  const bodies = JSON.stringify({ error: 'internal', secret: 'x' });
  test.each<[string, Behaviour, RegExp, number | null]>([
    ['500', () => ({ status: 500, body: bodies }), /HTTP 500/, null],
    ['503 with Retry-After', () => ({ status: 503, headers: { 'retry-after': '7' } }), /HTTP 503/, 7_000],
    [
      'a redirect',
      () => ({ status: 302, headers: { location: 'https://evil.example/' } }),
      /HTTP 302, a redirect/,
      null,
    ],
    ['a hang', () => 'hang', /no reply in time/, null],
    ['200 with an error', () => service.lie, /\w/, null],
    ['200 with a page', () => ({ status: 200, body: '<html>login</html>' }), /\w/, null],
    ['200 with 1 MB', () => ({ status: 200, body: `no ${'\x1b[31m'.repeat(200_000)}` }), /\w/, null],
  ])('%s is a refusal with words', async (name, behaviour, words, retryAfter) => {
    // A workflow of Teams may answer with anything: only what says that it failed is a failure.
    if (service.kind === 'teams' && /page|MB/.test(name)) return;
    const chat = await open(service, name === 'a hang' ? 300 : undefined);
    chat.fake.behave(behaviour);
    const [result] = (await tell(chat, [down])).results;
    expect(result).toMatchObject({ taken: false, retryAfter });
    const told = JSON.stringify(result);
    expect(result?.taken === false && result.words).toMatch(words);
    expect(told.length).toBeLessThan(600);
    for (const secret of chat.secrets) expect(told).not.toContain(secret);
    expect(chat.fake.room.messages).toHaveLength(0);
  });

  test('it is told when to come again', async () => {
    const chat = await open(service);
    for (let count = 0; count < 70; count += 1) {
      const [result] = (await tell(chat, [alertOfEachKind.test])).results;
      if (result === undefined || result.taken) continue;
      expect(result.words).toMatch(/HTTP 429/);
      if (service.kind !== 'ntfy') expect(result.retryAfter).toBeGreaterThan(0);
      return;
    }
    throw new Error('it was never throttled');
  });

  test('after two failures it is taken once', async () => {
    const chat = await open(service);
    chat.fake.behave(failing(2, { status: 502 }));
    const { results } = await tell(chat, [down, down, down]);
    expect(results.map(({ taken }) => taken)).toEqual([false, false, true]);
    expect(chat.fake.room.messages.filter(({ thread }) => thread === null)).toHaveLength(1);
  });

  test('a service that repeats the secret in its error gives it to nobody', async () => {
    const chat = await open(service);
    const error = chat.secrets.join(' ');
    chat.fake.behave(() => ({
      status: 400,
      body: { ok: false, error, message: error, description: error },
    }));
    const told = JSON.stringify((await tell(chat, [down])).results);
    for (const secret of chat.secrets) expect(told).not.toContain(secret);
  });

  test('a secret that was rotated is read again', async () => {
    const chat = await open(service);
    const secrets = service.secrets(chat.fake.origin);
    const reads: (string | undefined)[] = [];
    const send = serviceSender(service.receiver(chat.fake.origin), {
      config: context,
      origins: { slack: chat.fake.origin, telegram: chat.fake.origin },
      secret: async (place, refused) => {
        reads.push(refused);
        const value = 'env' in place ? (secrets[place.env] ?? '') : '';
        return refused === undefined ? `${value.slice(0, -3)}old` : value;
      },
    });
    expect(await send({ ...PLAIN, alert: down }, signal)).toMatchObject({ taken: true });
    expect(reads).toHaveLength(2);
    expect(chat.fake.room.messages.length).toBeGreaterThan(0);
  });

  test('a secret that cannot be read is a refusal', async () => {
    const chat = await open(service);
    const secret = async () => Promise.reject(new Error('environment variable A is not set'));
    const send = serviceSender(service.receiver(chat.fake.origin), { config: context, secret });
    expect(await send({ ...PLAIN, alert: down }, signal)).toMatchObject({
      taken: false,
      words: 'environment variable A is not set',
    });
  });

  test('a URL without TLS is refused before anything is sent', async () => {
    if (!['slack-webhook', 'teams', 'discord'].includes(service.kind)) return;
    const secret = async () => 'http://hooks.example.com/services/secret';
    const send = serviceSender(service.receiver(''), { config: context, secret });
    const result = await send({ ...PLAIN, alert: down }, signal);
    expect(result).toEqual({ taken: false, words: 'the secret is not an https URL', retryAfter: null });
  });
});

describe('slack', () => {
  const [slack] = chatServices;
  if (slack === undefined) throw new Error('no service');

  test('evidence and updates are in the thread; only the end is shown to the whole channel', async () => {
    const chat = await open(slack);
    const { posted } = await tell(chat, [down, update, recovered]);
    const rows = chat.fake.room.messages.map(({ thread, isBroadcast }) => [thread, isBroadcast]);
    const thread = posted?.message ?? '';
    expect(rows).toEqual([
      [null, false],
      [thread, false],
      [thread, false],
      [thread, true],
    ]);
    expect(slack.shown(chat.fake.room.messages[1] as never).join()).toContain('C: EHLO probe.example.com');
  });

  test('the first message is remembered before its thread, and only the thread is sent after a crash', async () => {
    const chat = await open(slack);
    const kept: PostedMessage[] = [];
    const remember = async (posted: PostedMessage) => {
      kept.push(posted);
      throw new Error('the process ends here');
    };
    await chat.send({ ...PLAIN, alert: down, remember }, signal).catch(() => {});
    expect(chat.fake.room.messages).toHaveLength(1);
    await tell(chat, [down], kept[0]);
    expect(chat.fake.room.messages.map(({ thread }) => thread)).toEqual([null, kept[0]?.message]);
  });

  test('a thread that is throttled is sent later, and the message is not sent again', async () => {
    const chat = await open(slack);
    let count = 0;
    const throttled = { status: 429, headers: { 'retry-after': '3' }, body: { ok: false, error: 'ratelimited' } };
    chat.fake.behave(() => (++count === 2 ? throttled : null));
    const kept: PostedMessage[] = [];
    const remember = async (posted: PostedMessage) => void kept.push(posted);
    const first = await chat.send({ ...PLAIN, alert: down, remember }, signal);
    expect(first).toMatchObject({ taken: false, retryAfter: 3_000 });
    const second = await chat.send({ ...PLAIN, alert: down, remember, ...(kept[0] && { posted: kept[0] }) }, signal);
    expect(second).toMatchObject({ taken: true, posted: { alert: down.id } });
    expect(chat.fake.room.messages.map(({ thread }) => thread)).toEqual([null, kept[0]?.message]);
  });

  const buttonsIn = (content: unknown) => JSON.stringify(content).match(/smtp-quorum-(acknowledge|mute-1h)/g) ?? [];
  test.each<[string, Alert, number]>([
    ['open', down, 2],
    ['acknowledged', alertOfEachKind.update, 0],
    ['over', recovered, 0],
    ['no incident', alertOfEachKind.changed, 0],
    ['an id too long for a button', alert('down', { incident: { ...incident, id: 'x'.repeat(2_001) } }), 0],
  ])('buttons of an incident that is %s', async (_, one, count) => {
    const chat = await open(slack);
    await tell(chat, [one]);
    expect(buttonsIn(chat.fake.room.messages[0]?.content)).toHaveLength(count);
  });

  test('without a signing secret there are no buttons', async () => {
    const chat = await open({
      ...slack,
      receiver: (at) => ({ ...slack.receiver(at), signingSecret: undefined }) as never,
    });
    await tell(chat, [down]);
    expect(buttonsIn(chat.fake.room.messages[0]?.content)).toHaveLength(0);
  });
});
