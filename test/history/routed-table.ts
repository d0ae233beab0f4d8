/** Fills a table with what routing, windows, groups and channels store, by the stores themselves. */
import { awsChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { acknowledgeNotification } from '../../lambda/alert/routing/acknowledge-notification.ts';
import { passOfTime } from '../../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../../lambda/alert/routing/take-alert.ts';
import type { Config } from '../../lambda/config/config.ts';
import { alertTopics } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import { causeOf } from '../../lambda/consensus/judgement/cause.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { EMPTY_MEMORY } from '../../lambda/consensus/judgement/judgement-state.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import type { PostureNews } from '../../lambda/consensus/news/posture-news.ts';
import type { Notification } from '../../lambda/consensus/notification/notification.ts';
import { newRoundTripVerdict } from '../../lambda/consensus/trips/round-trip-verdict.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { routingContext } from '../../lambda/judge/routing/routing-context.ts';
import { alertOfEachKind } from '../alert/alert-of-each-kind.ts';

const minute = 60_000;
const HOOK = 'https://hooks.example.com/on-call';

/** Who is told there: the boss ten minutes later. */
const routedNotify = [
  { kind: 'webhook', url: HOOK, when: alertTopics, id: 'on-call' },
  { kind: 'email', address: 'boss@example.com', when: alertTopics, id: 'boss', after: 10 * minute },
] as const satisfies Config['notify'];

/** An outage of a target that began so many minutes before. */
function outage(subject: string, now: number, minutes: number, more: Partial<Alert> = {}): Alert {
  const opened = isoSeconds(now - minutes * minute);
  const { incident } = alertOfEachKind.down;
  return {
    ...alertOfEachKind.down,
    id: `${subject}@${opened}#1-down`,
    subject,
    at: opened,
    incident: incident && { ...incident, id: `${subject}@${opened}`, target: subject, opened },
    causes: [causeOf('host', 'mx1.example.com'), causeOf('network', '198.51.100.0/24')],
    ...more,
  };
}

/** Lost messages, as the release before reads them too. */
function lostTrip(now: number): Alert {
  const opened = isoSeconds(now - minute);
  const news = alertOfEachKind.trip.posture as PostureNews;
  const incident = { id: `out/trip@${opened}`, target: 'out', opened, closed: null, verdict: 'down' as const };
  return {
    ...alertOfEachKind.trip,
    id: `out/trip@${opened}#1-trip`,
    at: opened,
    incident: { ...incident, witnesses: [], timeline: [] },
    posture: news,
    trip: news,
  };
}

/**
 * - The alert of `mx2` is in its verdict and in a notification: the process ended before its deliveries were made.
 * - The alert of `relay` was told, its step is told to the boss, and somebody acknowledged it: deliveries are pending.
 * - A window and a mute are in force.
 * - A round trip owes an alert.
 * @param notify who is told
 */
export async function recordRouted(table: Table, now: number, notify: Config['notify'] = routedNotify): Promise<void> {
  const config = { notify, targets: [] } as unknown as Config;
  const context = routingContext({ config, channels: awsChannels(config), isDown: () => false });
  const notifications = openNotifications(table, { now: () => now });
  const history = openHistory(table, { now: () => now });
  const ended = outage('mx2', now, 1);
  const before = await history.judgement('mx2');
  const memory = { ...EMPTY_MEMORY, told: 'down', alerts: 1, mentioned: ['starttls', 'greeting'] } as const;
  await history.writeJudgement(
    { target: 'mx2', verdict: 'down', since: ended.at, incident: ended.incident, owed: [ended], memory },
    before?.version ?? 0,
    null,
  );
  await notifications.change(ended.incident?.id ?? '', (one) => takeAlert(one, ended, context, now));
  await recordAcknowledged(table, outage('relay', now, 20), context, now);
  await recordPlanned(table, now);
  const trip = lostTrip(now);
  const episode = { id: trip.incident?.id ?? '', opened: trip.at, findings: [] };
  await openTripStore(table).writeVerdict({ ...newRoundTripVerdict('out'), episode, alerts: 1, owed: [trip] }, 0);
}

async function recordAcknowledged(
  table: Table,
  alert: Alert,
  context: Parameters<typeof takeAlert>[2],
  now: number,
): Promise<void> {
  const taken = takeAlert(null, alert, context, now - 20 * minute);
  const stepped = passOfTime(taken, context, now - 10 * minute);
  const acknowledged = acknowledgeNotification(stepped, 'ops@example.com', now);
  const told = passOfTime(acknowledged, context, now);
  const deliveries = openDeliveries(table, { now: () => now });
  for (const message of told.owed) await makeDeliveries(deliveries, message);
  const handedOver: Notification = { ...told, owed: [] };
  await openNotifications(table, { now: () => now }).change(told.incident, () => handedOver);
  await deliveries.keepPosted('slack:C0123ABCD45', told.incident, { message: '1795323552.000100', alert: alert.id });
}

async function makeDeliveries(deliveries: ReturnType<typeof openDeliveries>, message: Alert): Promise<void> {
  const channels = new Set(message.to?.map((id) => (id.startsWith('webhook:') ? id : 'topic')));
  for (const channel of channels) await deliveries.make(channel, message);
}

async function recordPlanned(table: Table, now: number): Promise<void> {
  const windows = openWindowStore(table);
  const times = { from: now - 30 * minute, until: now + 30 * minute };
  await windows.writeMute({
    id: 'm1',
    ...times,
    why: 'a new disk',
    by: 'ops@example.com',
    targets: ['sub*'],
    version: 1,
  });
  await windows.keep({ kind: 'window', id: 'patches', why: 'patches', ...times, subjects: ['submission'] });
  await windows.keep({ kind: 'mute', id: 'm1', why: 'a new disk', ...times, subjects: null });
  const { version } = (await windows.mutes()).inForce;
  const open = [{ kind: 'window', id: 'patches', begins: times.from, ...times, subjects: 'a1b2c3d4' }] as const;
  await windows.writeInForce(open, version);
}
