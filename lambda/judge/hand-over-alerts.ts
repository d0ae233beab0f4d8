/**
 * Hands pending alerts, which judgements and verdicts store as `owed`, over to the channels: each becomes one delivery
 * per channel, and only then it is removed. `lambda/deliver/` sends them.
 */
import { channelWants } from '../alert/delivery/configured-channels.ts';
import { deliveryKey } from '../alert/delivery/delivery.ts';
import { foldAlerts } from '../consensus/incident/fold-alerts-into-digest.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { BusEvent, JudgePorts } from '../ports.ts';
import type { PassFailures } from './pass/pass-failures.ts';
import { runEach } from './pass/run-each-despite-errors.ts';
import { clearMessages, type Routed, routeAlerts } from './routing/route-alerts.ts';
import { type IsDown, plannedNow, routingContext } from './routing/routing-context.ts';

const eventTypes = {
  down: 'Target Down',
  degraded: 'Target Degraded',
  recovered: 'Target Recovered',
  unknown: 'Target Unknown',
} as const;

/** Channels of one outbox at once. */
const CONCURRENT_DELIVERIES = 10;

/** What has pending alerts: the judgement of a target, or the verdict of a domain, a sender or a round trip, as it was written. */
export interface Outbox {
  /** The target, the domain or the round trip, for messages. */
  readonly name: string;
  /** Oldest first. */
  readonly owed: readonly Alert[];
  /** Done before deliveries are made. */
  prepare(): Promise<void>;
  /** Removes the alerts that were handed over from what is stored, also if that has changed since. */
  remove(isHandedOver: (alert: Alert) => boolean): Promise<unknown>;
}

/** An outbox, what was decided of its alerts, and the messages that each channel wants of it, in their order. */
interface Wanted extends RoutedOutbox {
  readonly byChannel: ReadonlyMap<string, readonly Alert[]>;
}

export interface RoutedOutbox {
  readonly outbox: Outbox;
  readonly routed: Routed;
}

export interface HandOver {
  /** The number of alerts. */
  readonly alerts: number;
  /** Channels that were woken. */
  readonly channels: readonly string[];
}

/**
 * Hands over the pending alerts of these outboxes. Those of judgements must be just written with this run's lease. Each step is
 * idempotent under the ids of the alerts: it is decided who is told, and stored; channels are marked, deliveries are made, the channels are marked again and woken,
 * and then the alerts are removed, from the notifications and from the outbox. The first mark is for a channel that delivers meanwhile: it must not send a later alert
 * before an earlier one that it does not see. The second is for one that has ended meanwhile. A channel that cannot be marked
 * gets nothing yet, and the others do. Whatever fails stays pending for a later judge. An event that the bus refuses is only
 * logged: the next scheduled judge wakes the channels again.
 */
export async function handOverAlerts(
  ports: JudgePorts,
  outboxes: readonly Outbox[],
  failed: PassFailures,
  isDown: IsDown = () => false,
): Promise<HandOver> {
  if (outboxes.length === 0) return { alerts: 0, channels: [] };
  const context =
    ports.notifications === undefined ? null : routingContext({ ...ports, isDown, planned: await plannedNow(ports) });
  const route = async (outbox: Outbox) => ({ outbox, routed: await routeAlerts(ports, outbox.owed, context) });
  return await handOverRouted(ports, await runEach(outboxes, ({ name }) => name, route, failed), failed);
}

/** Hands over messages of which it is stored who is told. */
export async function handOverRouted(
  ports: JudgePorts,
  outboxes: readonly RoutedOutbox[],
  failed: PassFailures,
): Promise<HandOver> {
  const wanted = outboxes.map((outbox) => wantedOf(ports, outbox));
  const ready = await markChannels(ports, wanted, failed);
  const made = await runEach(wanted, outboxName, (one) => makeDeliveries(ports, one, ready), failed);
  const marked = await markChannels(ports, made, failed);
  const complete = made.filter(isIn(ready)).filter(isIn(marked));
  const alerts = complete.flatMap(({ outbox }) => outbox.owed);
  await publishEvents(ports, [...marked].map(deliveryDue).concat(alerts.flatMap(eventsOf)));
  await runEach(complete, outboxName, (one) => removeHandedOver(ports, one), failed);
  return { alerts: alerts.length, channels: [...marked] };
}

const outboxName = ({ outbox }: Wanted) => outbox.name;
const nameOf = ([channel]: readonly [string, string]) => channel;

async function removeHandedOver(ports: JudgePorts, { outbox, routed }: RoutedOutbox): Promise<unknown> {
  await clearMessages(ports, routed);
  return await outbox.remove(alertsOf(outbox.owed));
}

function wantedOf({ channels }: JudgePorts, { outbox, routed }: RoutedOutbox): Wanted {
  const byChannel = channels.map((channel) => {
    return [channel.id, routed.messages.filter((alert) => channelWants(channel, alert))] as const;
  });
  return { outbox, routed, byChannel: new Map(byChannel.filter(([, alerts]) => alerts.length > 0)) };
}

/** Whether all channels that want something of an outbox are among these. */
function isIn(channels: ReadonlySet<string>): (wanted: Wanted) => boolean {
  return ({ byChannel }) => [...byChannel.keys()].every((channel) => channels.has(channel));
}

/** On the channels that are marked, in their order on each: a channel may deliver at the same time. */
async function makeDeliveries(ports: JudgePorts, wanted: Wanted, marked: ReadonlySet<string>): Promise<Wanted> {
  const { outbox, byChannel } = wanted;
  await outbox.prepare();
  const ready = [...byChannel].filter(([channel]) => marked.has(channel));
  await inParallel(ready, CONCURRENT_DELIVERIES, async ([channel, alerts]) => {
    for (const alert of alerts) await ports.deliveries.make(channel, alert);
  });
  return wanted;
}

/** Marks each channel with the oldest of its alerts. Returns those that are marked. */
async function markChannels(
  ports: JudgePorts,
  wanted: readonly Wanted[],
  failed: PassFailures,
): Promise<ReadonlySet<string>> {
  const keys = wanted.flatMap(({ byChannel }) =>
    [...byChannel].flatMap(([channel, alerts]) => alerts.map((alert) => [channel, deliveryKey(alert)] as const)),
  );
  const oldest = keys.reduce(addOldest, new Map<string, string>());
  return new Set(await runEach([...oldest], nameOf, ([channel, key]) => markChannel(ports, channel, key), failed));
}

function addOldest(oldest: Map<string, string>, [channel, key]: readonly [string, string]): Map<string, string> {
  const before = oldest.get(channel);
  return before !== undefined && before <= key ? oldest : oldest.set(channel, key);
}

async function markChannel(ports: JudgePorts, channel: string, key: string): Promise<string> {
  await ports.deliveries.mark(channel, key);
  return channel;
}

function deliveryDue(channel: string): BusEvent {
  return { type: 'Delivery Due', detail: { channel } };
}

function eventsOf(alert: Alert): readonly BusEvent[] {
  const type = eventTypes[alert.kind as keyof typeof eventTypes];
  return type ? [{ type, detail: alert }] : [];
}

/** A refused event is only logged: a retry would repeat the others. */
export async function publishEvents(
  { publishEvents: publish, log }: Pick<JudgePorts, 'publishEvents' | 'log'>,
  events: readonly BusEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await publish(events).catch((error) => {
    const types = [...new Set(events.map(({ type }) => type))].join(', ');
    log({ level: 'error', message: 'event not taken', facts: { types, error: String(error) } });
  });
}

/** Whether an alert is one of these, or a digest of some of them alone. */
function alertsOf(handedOver: readonly Alert[]): (alert: Alert) => boolean {
  const ids = new Set(handedOver.map(({ id }) => id));
  const folded = new Set(handedOver.length === 0 ? [] : foldAlerts(handedOver).digest?.ids);
  return ({ id, digest }) => {
    if (ids.has(id)) return true;
    return digest !== undefined && digest.count === digest.ids.length && digest.ids.every((one) => folded.has(one));
  };
}
