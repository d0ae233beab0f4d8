import { expect, test } from 'vitest';
import { subscriberId } from '../../lambda/alert/channels/channel-ids.ts';
import type { Subscription } from '../../lambda/alert/subscriptions/subscription.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { AlertTopic } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import { context } from '../alert/alerts.ts';
import { minute } from '../alert/delivery/deliveries.ts';
import { hooks, Killed, openWorld } from './world.ts';

const twelveHours = 12 * 60 * minute;
const email = (name: string, ...when: AlertTopic[]): Extract<Channel, { kind: 'email' }> => ({
  kind: 'email',
  address: `${name}@example.com`,
  when,
});
const ops = email('ops', 'down', 'blind');
const dev = email('dev', 'down');
const [opsId, devId] = [subscriberId(ops), subscriberId(dev)];
const listed = ({ address }: { readonly address: string }, status: Subscription['status']): Subscription => ({
  protocol: 'email',
  endpoint: address,
  status,
});
const both = [listed(ops, 'confirmed'), listed(dev, 'confirmed')];

/** What each channel was told, after a check with this result. */
async function checked(world: ReturnType<typeof openWorld>, found: readonly Subscription[]) {
  world.sent.length = 0;
  const report = await world.check(found);
  for (const { id } of world.channels) await world.deliver(id);
  world.now += twelveHours;
  return { report, told: world.sent.map(({ channel, alert }) => [channel, alert.subject, alert.is, alert.reason]) };
}

const gone = expect.stringMatching(/^it is not subscribed: /);
const unconfirmed = expect.stringMatching(/^its subscription is not confirmed: /);
const again = 'it takes alerts again';

test('a subscription that is removed is told once over what is left, and once when it is back', async () => {
  const world = openWorld([], [ops, dev]);
  expect((await checked(world, both)).told).toEqual([]);
  const left = await checked(world, [listed(dev, 'confirmed')]);
  expect(left.report).toMatchObject({ confirmed: [devId], missing: [opsId], hasReceiver: true });
  expect(left.told).toEqual([['topic', opsId, 'unknown', gone]]);
  // `dev` does not want news of the monitor, but nobody else is left.
  expect(world.sent[0]?.alert.toAll).toBe(true);
  for (let day = 0; day < 6; day += 1) expect((await checked(world, [listed(dev, 'confirmed')])).told).toEqual([]);
  expect((await checked(world, both)).told).toEqual([['topic', opsId, 'up', again]]);
  expect((await checked(world, both)).told).toEqual([]);
});

test('a subscription that SNS suspends and then deletes is told twice, under two ids', async () => {
  const world = openWorld([], [ops, dev]);
  await checked(world, both);
  const suspended = await checked(world, [listed(ops, 'pending'), listed(dev, 'confirmed')]);
  expect(suspended.told).toEqual([['topic', opsId, 'unknown', unconfirmed]]);
  const [first] = world.sent;
  const deleted = await checked(world, [listed(ops, 'deleted'), listed(dev, 'confirmed')]);
  expect(deleted.told).toEqual([['topic', opsId, 'unknown', gone]]);
  expect(world.sent[0]?.id).not.toBe(first?.id);
  expect(world.sent[0]?.alert.incident?.id).toBe(first?.alert.incident?.id);
});

test('a subscription that was never confirmed has until the next check', async () => {
  const world = openWorld([], [ops, dev]);
  const pending = [listed(ops, 'pending'), listed(dev, 'confirmed')];
  expect((await checked(world, pending)).told).toEqual([]);
  expect((await checked(world, pending)).told).toEqual([['topic', opsId, 'unknown', unconfirmed]]);
  const confirmedInTime = openWorld([], [ops]);
  await checked(confirmedInTime, [listed(ops, 'pending')]);
  expect((await checked(confirmedInTime, both)).told).toEqual([]);
});

test('webhooks are told of it, too', async () => {
  const world = openWorld(hooks.slice(0, 1), [ops]);
  await checked(world, both);
  const { told, report } = await checked(world, []);
  expect(told.map(([channel]) => channel)).toEqual(world.channels.map(({ id }) => id));
  expect(report.hasReceiver).toBe(true);
});

test('if nobody is left, the check says so; not in the time of the first confirmation', async () => {
  const world = openWorld([], [ops]);
  expect((await checked(world, [listed(ops, 'pending')])).report.hasReceiver).toBe(true);
  expect((await checked(world, [listed(ops, 'pending')])).report.hasReceiver).toBe(false);
  const stranger: Subscription = { protocol: 'lambda', endpoint: 'arn:aws:lambda:x', status: 'confirmed' };
  expect((await checked(world, [stranger])).report.hasReceiver).toBe(true);
});

test('two checks at once tell once', async () => {
  const world = openWorld([], [ops, dev]);
  await checked(world, both);
  world.sent.length = 0;
  await Promise.all([world.check([]), world.check([]), world.check([])]);
  for (const { id } of world.channels) await world.deliver(id);
  const ids = world.sent.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
});

test.each([true, false])(
  'a check may end at any call (before it: %s): it is told once after the next',
  async (before) => {
    for (let calls = 1; calls < 40; calls += 1) {
      const world = openWorld([], [ops, dev]);
      await checked(world, both);
      world.sent.length = 0;
      world.killAfter = calls;
      world.killsBefore = before;
      const found = [listed(dev, 'confirmed')];
      const error = await world.check(found).catch((thrown) => thrown);
      const wasKilled = error instanceof Killed;
      world.killAfter = Number.POSITIVE_INFINITY;
      await world.check(found);
      await world.deliver('topic');
      expect(world.sent.map(({ alert }) => [alert.subject, alert.is])).toEqual([[opsId, 'unknown']]);
      expect((await world.deliveries.channels()).flatMap(({ reports }) => reports)).toEqual([]);
      if (!wasKilled) return;
    }
    throw new Error('the check never ended by itself');
  },
);

test('the words name no address', async () => {
  const world = openWorld([], [ops, dev]);
  await checked(world, both);
  await checked(world, [listed(dev, 'confirmed')]);
  const [sent] = world.sent;
  if (sent === undefined) throw new Error('nothing was sent');
  const { subject, email: text, sms } = alertTexts(sent.alert, context);
  expect(subject).toMatch(/^\[smtp-quorum\] NOT DELIVERING email:[0-9a-f]{8}$/);
  expect(text).toMatch(/^email:[0-9a-f]{8} is NOT DELIVERING since 17:00 UTC: it is not subscribed: /);
  expect(text).toContain('npx smtp-quorum doctor');
  expect(`${subject}${text}${sms}`).not.toContain('example.com');
});
