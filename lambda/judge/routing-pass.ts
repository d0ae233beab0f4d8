/** What time brings to open incidents: steps, reminders, the ends of holds, and acknowledgements. */
import { isOfDomain } from '../alert/delivery/line.ts';
import { type IncidentFacts, NO_FACTS, type RoutingContext } from '../alert/routing/context.ts';
import { passOfTime } from '../alert/routing/pass-of-time.ts';
import { isDrill } from '../consensus/drill/drill.ts';
import type { StoredNotification } from '../consensus/notification/notification.ts';
import type { StoredJudgement } from '../history/history.ts';
import type { JudgePorts } from '../ports.ts';
import { type HandOver, handOverRouted, type Outbox } from './hand-over-alerts.ts';
import type { PassFailures } from './pass/pass-failures.ts';
import { attempt, runEach } from './pass/run-each-despite-errors.ts';
import { factsOfDomain } from './routing/facts-of-domain.ts';
import { keepPlanned } from './routing/planned-time.ts';
import { routedOf } from './routing/route-alerts.ts';
import { type IsDown, plannedNow, routingContext } from './routing/routing-context.ts';

const NOTHING: HandOver = { alerts: 0, channels: [] };

type Judgements = ReadonlyMap<string, Pick<StoredJudgement, 'incident' | 'owed'>>;

/**
 * Reads all open notifications, changes those for which something is due, and hands over their messages, also those of a process
 * that ended early.
 * @param judgements by target, as this pass knows them
 */
export async function routingPass(
  ports: JudgePorts,
  judgements: Judgements,
  isDown: IsDown,
  failed: PassFailures,
): Promise<HandOver> {
  const { notifications: store, now } = ports;
  if (store === undefined) return NOTHING;
  const planned = await plannedNow(ports);
  if (ports.windows !== undefined)
    await attempt('windows', keepPlanned(ports.config, ports.windows, planned, now()), failed);
  const open = (await attempt('notifications', store.open(), failed)) ?? [];
  const context = routingContext({ ...ports, isDown, planned });
  const behind = targetsBehind(open, context, now());
  const changed = await runEach(
    open,
    ({ incident }) => incident,
    (notification) => passOne(ports, notification, context, { judgements, behind }),
    failed,
  );
  if (changed.length === 0) return NOTHING;
  const outboxes = changed.map((notification) => {
    return { outbox: emptyOutbox(notification.incident), routed: routedOf([notification]) };
  });
  return await handOverRouted(ports, outboxes, failed);
}

interface Known {
  readonly judgements: Judgements;
  readonly behind: ReadonlyMap<string, readonly string[]>;
}

/** Null if nothing is due. */
async function passOne(
  ports: JudgePorts,
  notification: StoredNotification,
  context: RoutingContext,
  known: Known,
): Promise<StoredNotification | null> {
  const facts = await factsOf(ports, notification, known);
  const pass = (stored: StoredNotification) => passOfTime(stored, context, ports.now(), facts);
  const isChanged = pass(notification) !== notification;
  if (!isChanged && notification.owed.length === 0) return null;
  const stored = isChanged
    ? await ports.notifications?.change(notification.incident, (one) => one && pass(one), notification)
    : notification;
  return stored != null && stored.owed.length > 0 ? stored : null;
}

async function factsOf(
  ports: JudgePorts,
  notification: StoredNotification,
  { judgements, behind }: Known,
): Promise<IncidentFacts> {
  const { incident } = notification.alert;
  if (incident === null || notification.closed !== null) return NO_FACTS;
  if (isDrill(notification.alert)) return { ...NO_FACTS, isOver: await isDrillOver(ports, notification.incident) };
  if (isOfDomain(notification.alert)) return { ...NO_FACTS, ...(await factsOfDomain(ports, notification)) };
  const isBehind = { behind: behind.get(notification.alert.subject) ?? [] };
  const judgement = judgements.get(incident.target);
  if (judgement === undefined) return { ...NO_FACTS, ...isBehind };
  const present = judgement.incident;
  const isOwn = present?.id === incident.id;
  return {
    isOver: judgement.owed.length === 0 && (!isOwn || present.closed !== null),
    acknowledged: (isOwn ? present.acknowledged : undefined) ?? null,
    ...isBehind,
  };
}

/** Its end is an alert of its own, which says who acknowledged it. Where drills were removed from the config there is none. */
async function isDrillOver({ config, drills }: JudgePorts, id: string): Promise<boolean> {
  if (config.drill === undefined) return true;
  const record = await drills?.record();
  return record != null && record.open?.id !== id && record.owed.length === 0;
}

/** The targets that are not told of because another one is down, by that one. */
function targetsBehind(
  open: readonly StoredNotification[],
  context: RoutingContext,
  now: number,
): ReadonlyMap<string, readonly string[]> {
  const behind = new Map<string, string[]>();
  for (const { alert, closed } of open) {
    const hold = closed === null && alert.incident !== null ? context.holdOf(alert, now) : null;
    if (hold?.why === 'behind') behind.set(hold.what, [...(behind.get(hold.what) ?? []), alert.subject]);
  }
  return behind;
}

/** The alerts of a notification are no longer in any verdict. */
function emptyOutbox(name: string): Outbox {
  return { name, owed: [], prepare: async () => {}, remove: async () => {} };
}
