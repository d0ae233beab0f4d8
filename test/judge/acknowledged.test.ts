/** Whoever acknowledges, and of whichever kind the incident is: all who were told learn it in the next pass of the judge. */
import { expect, test } from 'vitest';
import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import { acknowledge } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import type { Config } from '../../lambda/config/config.ts';
import { alertTopics } from '../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import { openPostureHistory } from '../../lambda/history/posture/posture-history.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { handOverAlerts } from '../../lambda/judge/hand-over-alerts.ts';
import { openPassFailures } from '../../lambda/judge/pass/pass-failures.ts';
import { routingPass } from '../../lambda/judge/routing-pass.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { alertOfEachKind } from '../alert/alert-of-each-kind.ts';
import { INCIDENTS, NOW, storeIncidents } from '../answer/answered.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const MINUTE = 60_000;
const KINDS = { target: 'down', posture: 'posture', listed: 'listed', trip: 'trip', bounces: 'bounces' } as const;
const SUBJECTS: Readonly<Record<string, string>> = { target: 'mx1', trip: 'out' };
const hook = (name: string, after?: number) => {
  return { kind: 'webhook', url: `https://${name}.example.com/`, when: alertTopics, ...(after && { after }) };
};
const config = {
  name: 'smtp-quorum',
  home: 'us-east-1',
  policy: { every: MINUTE },
  targets: [{ id: 'mx1', host: 'mx1.example.com', domain: null, port: 25 }],
  notify: [hook('ops'), hook('dba'), hook('boss', 10 * MINUTE)],
} as unknown as Config;

test.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', async (name) => {
  const table = openInMemoryTable(() => NOW);
  await storeIncidents(table);
  let now = NOW;
  const options = { now: () => now };
  const channels = localChannels(config).filter(({ kind }) => kind === 'webhook');
  const ports = {
    config,
    channels,
    ...{ history: openHistory(table, options), deliveries: openDeliveries(table, options) },
    ...{ postures: openPostureHistory(table), trips: openTripStore(table), bounces: openBounceHistory(table, options) },
    notifications: openNotifications(table, options),
    publishEvents: async () => {},
    log: () => {},
    now: () => now,
  } as unknown as JudgePorts;
  const failed = openPassFailures(() => {});
  const id = INCIDENTS[name];
  const subject = SUBJECTS[name] ?? 'example.com';
  const alert = alertOfEachKind[KINDS[name]];
  const at = new Date(NOW - MINUTE).toISOString().replace('.000', '');
  const incident = { ...alert.incident, id, target: subject, closed: null } as Alert['incident'];
  const owed: Alert = { ...alert, id: `${id}#1-${alert.kind}`, subject, at, incident };
  await handOverAlerts(ports, [{ name, owed: [owed], prepare: async () => {}, remove: async () => {} }], failed);
  const told = async () => {
    const all = await Promise.all(channels.map((channel) => ports.deliveries.pending(channel.id, ' ')));
    return all.map((deliveries) => deliveries.map((delivery) => delivery.alert.again?.why ?? 'told'));
  };
  const pass = async () => {
    const judgement = await ports.history.judgement('mx1');
    await routingPass(ports, new Map(judgement === null ? [] : [['mx1', judgement]]), () => false, failed);
  };
  await pass();
  expect(await told()).toEqual([['told'], ['told'], []]);
  await acknowledge(openIncidentStores(table), id, 'ops@example.com', now);
  now += MINUTE;
  await pass();
  expect(await told()).toEqual([['told', 'acknowledged'], ['told', 'acknowledged'], []]);
  // Nobody is told again, and no further step is taken.
  for (const minutes of [1, 9, 20]) {
    now = NOW + minutes * MINUTE;
    await pass();
  }
  expect(await told()).toEqual([['told', 'acknowledged'], ['told', 'acknowledged'], []]);
  expect(failed.names()).toEqual([]);
});
