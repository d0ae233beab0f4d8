/**
 * Hands pending alerts, which judgements store as `owed`, over to the channels: each becomes one delivery per channel, and
 * only then it is removed from the judgement. `lambda/deliver/` sends them.
 */
import { channelWants } from '../alert/delivery/channels.ts';
import { deliveryKey } from '../alert/delivery/delivery.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import type { StoredJudgement } from '../history/history.ts';
import { fitJudgement } from '../history/packing/fit-item.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { BusEvent, JudgePorts } from '../ports.ts';
import { runEach } from './attempt.ts';
import type { PassFailures } from './pass-failures.ts';

/**
 * Milliseconds for which one judge alone may hand over pending alerts. After a crash the lease expires and the next judge
 * hands them over.
 */
export const leaseLength = 45_000;

const eventTypes = {
  down: 'Target Down',
  degraded: 'Target Degraded',
  recovered: 'Target Recovered',
  unknown: 'Target Unknown',
} as const;

/** Writes of one judgement's deliveries at once. */
const CONCURRENT_DELIVERIES = 10;

/** A judgement whose alerts all have their deliveries, and the key of the oldest one on each channel. */
interface HandedOver {
  readonly judgement: StoredJudgement;
  readonly oldest: ReadonlyMap<string, string>;
}

export interface HandOver {
  /** The number of alerts. */
  readonly alerts: number;
  /** Channels that were woken. */
  readonly channels: readonly string[];
}

/**
 * Hands over the pending alerts of these judgements, which must be those just written with this run's lease. Each step is
 * idempotent under the ids of the alerts: deliveries are made, their channels are marked and woken, and then the alerts are
 * removed. Whatever fails stays pending for a later judge. An event that the bus refuses is only logged: the next
 * scheduled judge wakes the channels again.
 */
export async function handOverAlerts(
  ports: JudgePorts,
  judgements: readonly StoredJudgement[],
  failed: PassFailures,
): Promise<HandOver> {
  const made = await runEach(judgements, targetOf, (judgement) => makeDeliveries(ports, judgement), failed);
  const oldest = made.flatMap((one) => [...one.oldest]).reduce(addOldest, new Map<string, string>());
  const marked = new Set(
    await runEach([...oldest], nameOf, async ([channel, key]) => markChannel(ports, channel, key), failed),
  );
  const complete = made.filter((one) => [...one.oldest.keys()].every((channel) => marked.has(channel)));
  const alerts = complete.flatMap(({ judgement }) => judgement.owed);
  await publishEvents(ports, [...marked].map(deliveryDue).concat(alerts.flatMap(eventsOf)));
  await runEach(
    complete,
    (one) => targetOf(one.judgement),
    ({ judgement }) => removeAlerts(ports, judgement),
    failed,
  );
  return { alerts: alerts.length, channels: [...marked] };
}

/** Takes over pending alerts of a judge that ended early. Null if another judge wrote first, or holds the lease. */
export async function takeOverLease(
  ports: JudgePorts,
  judgement: StoredJudgement,
  by: string,
): Promise<StoredJudgement | null> {
  const now = ports.now();
  if (judgement.owed.length === 0 || isHeldByOther(ports, judgement.lease, by)) return null;
  return write(ports, judgement, judgement.owed, { by, until: now + leaseLength });
}

/** Whether another judge hands over the pending alerts now. */
export function isHeldByOther(
  { now, isAlone }: Pick<JudgePorts, 'now' | 'isAlone'>,
  lease: StoredJudgement['lease'] | undefined,
  by: string,
): boolean {
  return lease != null && lease.by !== by && lease.until > now() && isAlone !== true;
}

const targetOf = ({ target }: StoredJudgement) => target;
const nameOf = ([channel]: readonly [string, string]) => channel;

async function makeDeliveries(ports: JudgePorts, judgement: StoredJudgement): Promise<HandedOver> {
  if (judgement.incident) await ports.history.writeIncident(judgement.incident);
  const wanted = judgement.owed.flatMap((alert) =>
    ports.channels.filter((channel) => channelWants(channel, alert)).map(({ id }) => ({ id, alert })),
  );
  await inParallel(wanted, CONCURRENT_DELIVERIES, ({ id, alert }) => ports.deliveries.make(id, alert));
  const keys = wanted.map(({ id, alert }) => [id, deliveryKey(alert)] as const);
  return { judgement, oldest: keys.reduce(addOldest, new Map<string, string>()) };
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

/**
 * Removes the alerts that were handed over. If the judgement has changed since, it is read again and the alerts removed
 * from that.
 */
async function removeAlerts(ports: JudgePorts, judgement: StoredJudgement): Promise<StoredJudgement | null> {
  const ids = new Set(judgement.owed.map(({ id }) => id));
  let current: StoredJudgement | null = judgement;
  while (current?.owed.some(({ id }) => ids.has(id))) {
    const owed: readonly Alert[] = current.owed.filter(({ id }) => !ids.has(id));
    const written = await write(ports, current, owed, owed.length > 0 ? current.lease : null);
    if (written) return written;
    current = await ports.history.judgement(judgement.target);
  }
  return null;
}

async function write(
  ports: JudgePorts,
  judgement: StoredJudgement,
  owed: readonly Alert[],
  lease: StoredJudgement['lease'],
): Promise<StoredJudgement | null> {
  const { version, lease: _, ...rest } = judgement;
  const next = fitJudgement({ ...rest, owed });
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { ...next, version: version + 1, lease } : null;
}
