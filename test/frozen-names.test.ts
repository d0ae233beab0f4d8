/**
 * Names that are stored in tables, sent to others, or known to CloudFormation. `frozen-names.json` lists them; a name that
 * is not in it, or is there and no longer in the product, fails. To add one, write it there. To rename or to remove one
 * breaks a table, a receiver or a stack that exists: do not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { publishAlert } from '../lambda/alert/channels/sns.ts';
import { postWebhook } from '../lambda/alert/channels/webhook.ts';
import { awsChannels } from '../lambda/alert/delivery/configured-channels.ts';
import { drillAlert, drillOverAlert } from '../lambda/alert/drill/drill-alerts.ts';
import { acknowledgeNotification } from '../lambda/alert/routing/acknowledge-notification.ts';
import { NO_FACTS } from '../lambda/alert/routing/context.ts';
import { passOfTime } from '../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../lambda/alert/routing/take-alert.ts';
import { alertTexts } from '../lambda/alert/words/alert-texts.ts';
import { putEvents } from '../lambda/aws/event-bus.ts';
import { metricNames } from '../lambda/aws/metric-names.ts';
import type { Config } from '../lambda/config/config.ts';
import { loadConfig } from '../lambda/config/load.ts';
import { acknowledgeDrill, beginDrill, endDrill, withDue } from '../lambda/consensus/drill/drill.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import type { Notification } from '../lambda/consensus/notification/notification.ts';
import { checkSubscriptions } from '../lambda/deliver/check-subscriptions.ts';
import { deliverChannel } from '../lambda/deliver/deliver-channel.ts';
import { openDeliveries } from '../lambda/deliver/delivery-table.ts';
import { openDrillStore } from '../lambda/history/drills/drill-store.ts';
import { openHistory } from '../lambda/history/history.ts';
import { openNotifications } from '../lambda/history/notifications/notification-store.ts';
import { statementStates, withdrawStatement } from '../lambda/history/statements/statement.ts';
import { openStatementStore } from '../lambda/history/statements/statement-store.ts';
import type { Item } from '../lambda/history/table/table.ts';
import { openWindowStore } from '../lambda/history/windows/window-store.ts';
import { keepPlanned, readPlanned } from '../lambda/judge/routing/planned-time.ts';
import type { BusEvent } from '../lambda/ports.ts';
import { diagnose } from '../lambda/probe/diagnose-for-doctor.ts';
import { probeRound } from '../lambda/probe/probe-round.ts';
import { alert } from './alert/alerts.ts';
import { alertAt, start as NOTIFIED } from './alert/delivery/deliveries.ts';
import { contextOf, entry, ODD } from './alert/routing/routing-world.ts';
import frozen from './frozen-names.json' with { type: 'json' };
import { recordBounces } from './history/bounces/example-bounces.ts';
import {
  fleetEnd,
  fleetTargets,
  fleetVantages,
  recordFleet,
  recordWideRound,
  removedVantage,
} from './history/example-fleet.ts';
import { recordPosture } from './history/posture/example-posture.ts';
import { openInMemoryTable } from './history/table/in-memory-table.ts';
import {
  inSources,
  keysOfSchema,
  pathsBy,
  pathsIn,
  physicalNames,
  propertiesOf,
  root,
  synthesised,
  type Template,
  unique,
} from './names.ts';
import { target, testPorts } from './ports.ts';
import { openWorld, postureDomain, start } from './posture-watch/world.ts';
import { openTripWorld, START } from './trip-run/world.ts';

/** Every item that was written, also those that others replaced. */
const items: Item[] = [];
const events: BusEvent[] = [];
let alerts: readonly Alert[] = [];
let templates: Readonly<Record<string, Template>> = {};
const example: Config = exampleConfig();

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const fleet = await recordFleet((now) => watched(now));
  await recordWideRound(watched(() => fleetEnd));
  const own = testPorts([target('closed', 1)]);
  await probeRound(own.ports, { scheduled: '2026-11-22T05:08:00Z' });
  const posture = await recordPosture((now) => watched(now));
  events.push(...fleet.events, ...own.events, ...posture.events);
  alerts = [...fleet.alerts, ...posture.alerts, ...(await recordBounces((now) => watched(now)))];
  events.push({ type: 'Bounces Recorded', detail: { source: 'ses' } });
  await checkOneSubscription();
  await tellAboveLimit();
  await checkPostures();
  await checkTrips();
  await keepPlannedTimes();
  await checkRouting();
  await holdDrill();
  await sayOfIncident();
  templates = synthesised();
});
afterAll(() => vi.restoreAllMocks());

/** A subscription that was confirmed, and is gone. */
async function checkOneSubscription(): Promise<void> {
  const notify: Config['notify'] = [{ kind: 'email', address: 'ops@example.com', when: ['down'] }];
  const config = { ...example, notify };
  const now = () => fleetEnd;
  const deliveries = openDeliveries(watched(now), { now });
  const ports = { config, channels: awsChannels(config), deliveries, now, publishEvents: async () => {} };
  await checkSubscriptions(ports, [{ protocol: 'email', endpoint: 'ops@example.com', status: 'confirmed' }]);
  await checkSubscriptions(ports, []);
  await deliveries.keepPosted('slack:C0123ABCD45', 'mx1@2026-11-22T05:08:00Z', {
    message: '1795324153.000100',
    alert: null,
  });
}

/** A subscription that gets one message an hour: the second alert is counted. */
async function tellAboveLimit(): Promise<void> {
  const notify: Config['notify'] = [{ kind: 'email', address: 'ops@example.com', when: ['down'], limit: 1 }];
  const config = { ...example, notify };
  const now = () => fleetEnd;
  const table = watched(now);
  const deliveries = openDeliveries(table, { now });
  const routed = { ...alert('down'), to: ['email:af3c8254'], at: isoSeconds(fleetEnd) };
  for (const id of ['mx1', 'mx2']) {
    await deliveries.make('topic', { ...routed, id, subject: id, causes: [`host:${id}.example.com`] });
    await deliveries.mark('topic', isoSeconds(fleetEnd));
  }
  const ports = { config, channels: awsChannels(config), deliveries, now, publishEvents: async () => {} };
  const senderOf = () => async () => ({ taken: true }) as const;
  const others = { history: openHistory(table, { now }), senderOf, random: () => 0, sleep: async () => {} };
  const shift = { latestWait: fleetEnd, latestSend: fleetEnd, signal: new AbortController().signal };
  await deliverChannel({ ...ports, ...others }, 'topic', shift);
}

/** A listed domain, and a run that had no time for the others. */
async function checkPostures(): Promise<void> {
  const posture = ['example.com', 'example.org'].map((domain) => postureDomain(domain));
  const world = openWorld({
    config: { posture },
    dns: () => ({ '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.2'] } }),
  });
  await world.run(start);
  await world.run(start + 15 * 60_000, 20_000);
  items.push(...world.writes);
  events.push(...world.events);
}

/** A window in force, and a mute that somebody ended. */
async function keepPlannedTimes(): Promise<void> {
  const now = fleetEnd;
  const store = openWindowStore(watched(() => now));
  const mute = { id: 'mute-3f9a1c', from: now - 60_000, why: 'new rack', by: 'ops@example.com' };
  const scope = { targets: [targets[0] ?? ''], tags: ['edge'] };
  await store.writeMute({ ...mute, ...scope, until: now, endedBy: 'noc@example.com', version: 1 });
  const times = { kind: 'once', from: now - 1000, until: now + 60_000 } as const;
  const maintenance = [{ id: 'patches', why: 'patches', grace: 0, times, targets: ['mx*'] }];
  const watchedTargets = targets.map((id) => target(id, 25));
  const pass = await readPlanned({ maintenance }, store, now);
  await keepPlanned({ targets: watchedTargets }, store, pass, now);
}

/** Two trips that end in the junk folder, and one that is lost. */
async function checkTrips(): Promise<void> {
  const world = await openTripWorld({ trips: [{ expect: { folder: 'inbox', unchanged: true } }] });
  const Received = 'Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.net with ESMTPS id 4XyZ123';
  world.route.behaviour = {
    folders: ['Junk'],
    fields: [
      'Received: from mail.example.com (mail.example.com [192.0.2.9]) by mx.example.net with ESMTPS id QWERTY99',
      'DKIM-Signature: v=1; d=example.com; s=s1',
      `${Received}; Thu, 26 Nov 2026 13:00:00 +0000`,
    ],
    change: (message) => message.replace(/^Subject: /m, 'Subject: [EXTERNAL] '),
  };
  await world.run('local');
  await world.run('local', world.now() + 60_000);
  world.route.behaviour = { folders: [] };
  for (const minutes of [20, 30, 40]) await world.run('local', START + minutes * 60_000);
  items.push(...world.writes);
  events.push(...world.events);
  alerts = [...alerts, ...((await world.store.verdict('out'))?.owed ?? [])];
  await world.close();
}

/** An incident with two steps that is muted, told, reminded, acknowledged and over; and one without an incident. */
async function checkRouting(): Promise<void> {
  const clock = { now: NOTIFIED };
  const store = openNotifications(
    watched(() => clock.now),
    { now: () => clock.now },
  );
  const entries = [entry('ops', { repeat: [60_000] }), entry('desk', { hours: ODD })];
  const routing = (hold: boolean) => ({ ...contextOf(entries, () => hold), tagsOf: () => ['edge'] });
  const down = alertAt(0, 'down', 'mx1');
  const id = down.incident?.id ?? '';
  const step = async (minutes: number, change: (stored: Notification | null) => Notification | null) => {
    clock.now = NOTIFIED + minutes * 60_000;
    const stored = await store.change(id, change);
    alerts = [...alerts, ...(stored?.owed ?? [])];
  };
  const pass = (minutes: number, hold = false) =>
    step(
      minutes,
      (one) =>
        one &&
        passOfTime(one, routing(hold), clock.now, {
          ...NO_FACTS,
          behind: Array.from({ length: 51 }, (_, n) => `mx${n + 2}`),
        }),
    );
  const late = { ...down, id: down.id.replace('#0-', '#2-') };
  await step(0, () => takeAlert(null, late, routing(true), clock.now));
  for (const minutes of [1, 2, 3]) await pass(minutes);
  await step(4, (one) => one && acknowledgeNotification(one, 'ops@example.com', clock.now));
  await step(5, (one) => takeAlert(one, alertAt(5, 'recovered', 'mx1'), routing(false), clock.now));
  await step(6, (one) => one && { ...one, owed: [] });
}

/** A drill that is open and acknowledged, and then over. */
async function holdDrill(): Promise<void> {
  const store = openDrillStore(watched(() => NOTIFIED));
  const due = withDue(null, NOTIFIED, NOTIFIED);
  const { record, open } = beginDrill(due, NOTIFIED, 900_000);
  const acknowledged = acknowledgeDrill(record, open.id, 'ops@example.com', NOTIFIED + 42_000);
  const ended = endDrill(acknowledged.open ?? open, [{ entry: 'ops', reached: null, why: 'HTTP 503' }], NOTIFIED);
  await store.writeRecord({ ...acknowledged, owed: [drillAlert(open)] }, 0);
  await store.writeRecord({ ...record, open: null, last: ended, owed: [drillOverAlert(ended)] }, 1);
}

/** Two statements, of which one is withdrawn. */
async function sayOfIncident(): Promise<void> {
  const store = openStatementStore(watched(() => NOTIFIED));
  const [at, by] = [isoSeconds(NOTIFIED), 'ops@example.com'];
  const said = statementStates.flatMap((state, nth) => ({ number: nth + 1, at, by, state, text: 'a disk is full' }));
  const read = await store.statements('mx1@2026-11-22T05:08:00Z');
  await store.writeStatements(read, withdrawStatement(said, 2, { at, by }) ?? []);
}

function watched(now: () => number) {
  const table = openInMemoryTable(now);
  return {
    ...table,
    async put(item: Item, ...condition: []) {
      items.push(JSON.parse(JSON.stringify(item)));
      return table.put(item, ...condition);
    },
  };
}

function exampleConfig(): Config {
  const parsed = loadConfig(join(root, 'examples/smtp-quorum.yaml'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const vantages: readonly string[] = [...fleetVantages, removedVantage];
const targets: readonly string[] = fleetTargets;

/** Ids, and parts of a target with several, stand for any. */
function naming(key: string): string {
  if (vantages.includes(key)) return '<vantage>';
  if (key === 'out') return '<round trip>';
  if (key === 'ops' || key === 'desk') return '<entry>';
  if (/^email:[0-9a-f]{8}$/.test(key)) return '<subscriber>';
  if (targets.includes(key) || /^wide\d+$/.test(key)) return '<target>';
  // Domains, and zones of lists.
  if (/^[\w<>-]+(?:\.[\w-]+)+$/.test(key)) return '<name>';
  return key.replace(/^\S+ (?=\w+$)/, '<part> ');
}

/** `round#<vantage> / <round>`, in place of what is written there. */
function formOf({ pk, sk, state }: Item): string {
  if (pk.startsWith('posted#')) return 'posted#<channel> / <incident>';
  if (pk.startsWith('delivery#')) return `${pk} / <time>#<alert> ${state}`;
  return [pk, sk]
    .map((key) =>
      key
        .replace(/^posture#.*/, 'posture#<domain>')
        .replace(/^trip#.*/, 'trip#<round trip>')
        .replace(/^out$/, '<round trip>')
        .replace(/^mute-[0-9a-f]{6}$/, '<mute>')
        .replace(/#patches#window#\d+$/, '#<window>#window#<part>')
        .replace(/^mx1@.*/, '<incident>')
        .replace(/^(?:[0-9a-f]{16}|mailbox-[0-9a-f]{8})$/, '<mailbox>')
        .replace(/^email:[0-9a-f]{8}$/, '<subscriber>')
        .replace(new RegExp(vantages.join('|')), '<vantage>')
        .replace(new RegExp(`(?<=^|#)(${targets.join('|')}|wide\\d+)$`), '<target>')
        .replace('example.com', '<domain>')
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, '<time>')
        .replace(/\d{4}-\d\d-\d\dT\d\d(?!:)/, '<hour>')
        .replace(/\d{4}-\d\d-\d\d/, '<date>')
        .replace(/#\d+#[0-9a-f]{8}$/, '#<part>#<write>')
        .replace(/#\d{4}$/, '#<number>'),
    )
    .join(' / ');
}

test('attributes of items, by the form of their keys', () => {
  expect(pathsBy(items, formOf, naming)).toEqual(frozen.items);
});

test('words that are stored: phases, outcomes, verdicts and alerts', () => {
  const others = ['mutes', 'windows', 'statements'];
  const text = JSON.stringify(items.filter(({ pk }) => !others.includes(pk)));
  const said = JSON.stringify(items.filter(({ pk }) => pk === 'statements'));
  const after = (pattern: RegExp, of = text) => unique([...of.matchAll(pattern)].map((match) => match[1] ?? ''));
  expect({
    phases: after(/"phases":"([^"]+)"/g),
    verdicts: after(/"verdict":"([^"]+)"/g),
    alertKinds: after(/"kind":"([^"]+)"/g),
    deliveries: after(/"state":"([^"]+)"/g),
    votes: after(/"vote":"([^"]+)"/g),
    presence: after(/"presence":"([^"]+)"/g),
    statements: after(/"state":"([^"]+)"/g, said),
  }).toEqual(frozen.words);
});

test('codes of failures', () => {
  const page = readFileSync(join(root, 'docs/failures.md'), 'utf8');
  expect(unique([...page.matchAll(/^\| `([a-z0-9-]+)`/gm)].map((match) => match[1] ?? ''))).toEqual(
    frozen.failureCodes,
  );
});

test('events on the bus: source, detail types and keys of their details', async () => {
  const entries: { Source?: string; DetailType?: string; Detail?: string; EventBusName?: string }[] = [];
  const client = { send: async ({ input }: { input: { Entries: typeof entries } }) => entries.push(...input.Entries) };
  await putEvents(client as unknown as EventBridgeClient, 'smtp-quorum', events);
  expect(unique(entries.map(({ Source = '' }) => Source))).toEqual([frozen.events.source]);
  const details = pathsBy(
    entries.map(({ DetailType, Detail = '' }) => ({ [DetailType ?? '']: JSON.parse(Detail) })),
    (entry) => Object.keys(entry)[0] ?? '',
  );
  expect(details).toEqual(frozen.events.details);
});

test('what rules match, and what schedules send', () => {
  const patterns = propertiesOf(templates, 'AWS::Events::Rule').map(({ EventPattern }) => pathsIn([EventPattern]));
  const matched = propertiesOf(templates, 'AWS::Events::Rule').flatMap(({ EventPattern }) => {
    const pattern = EventPattern as Readonly<Record<string, unknown>>;
    return [pattern.source, pattern['detail-type']].map((each) => JSON.stringify(each));
  });
  const sent = propertiesOf(templates, 'AWS::Scheduler::Schedule').map(({ Target }) =>
    String((Target as { readonly Input?: string }).Input),
  );
  expect({ keys: unique(patterns.flat()), matched: unique(matched), sent: unique(sent) }).toEqual(frozen.rules);
});

test('what doctor asks a probe, and what the probe answers', async () => {
  const auth = { user: 'probe@example.com', password: { secret: 'smtp/probe' } };
  const { ports } = testPorts([target('closed', 1, { auth })]);
  const question = { diagnose: [{ host: '127.0.0.1', domain: null, port: 1, security: 'none' }] } as const;
  expect(pathsIn([await diagnose(ports, question)])).toEqual(frozen.diagnosis);
});

test('the document that webhooks and programs receive', () => {
  const documents = alerts.map((alert) => JSON.parse(alertTexts(alert, example).https));
  expect(pathsIn(documents)).toEqual(frozen.alertDocument);
});

test('headers of a webhook', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 200 }));
  await postWebhook('https://hooks.example.com/', '{}', 'mx1@2026-11-22T05:08:00Z#1');
  expect(Object.keys(fetched.mock.calls[0]?.[1]?.headers ?? {}).sort()).toEqual(frozen.webhookHeaders);
});

test('messages on the topic: attributes, protocols and values that subscriptions filter by', async () => {
  const sent: { Message: string; MessageAttributes: Record<string, { StringValue: string }> }[] = [];
  const client = { send: async ({ input }: { input: (typeof sent)[number] }) => sent.push(input) };
  for (const alert of alerts) await publishAlert(client as unknown as SNSClient, 'arn', alert, example);
  expect({
    attributes: pathsIn(sent.map(({ MessageAttributes }) => MessageAttributes)).filter(
      (path) => !/\..*Value$|DataType/.test(path),
    ),
    topics: unique(sent.map(({ MessageAttributes }) => MessageAttributes.topic?.StringValue ?? 'none')),
    protocols: pathsIn(sent.map(({ Message }) => JSON.parse(Message))),
  }).toEqual(frozen.messages);
});

test('keys of the config', () => {
  const schema = JSON.parse(readFileSync(join(root, 'smtp-quorum.schema.json'), 'utf8'));
  expect(keysOfSchema(schema)).toEqual(frozen.config);
});

test('metrics, and alarms', () => {
  const alarms = propertiesOf(templates, 'AWS::CloudWatch::Alarm');
  expect(unique(Object.values(metricNames))).toEqual(frozen.metrics);
  expect(unique(alarms.map(({ AlarmName }) => String(AlarmName)))).toEqual(frozen.alarms);
});

test('variables of the environment', () => {
  const given = propertiesOf(templates, 'AWS::Lambda::Function').map(
    ({ Environment }) => (Environment as { readonly Variables?: object } | undefined)?.Variables ?? {},
  );
  expect({ given: pathsIn(given), named: inSources(/SMTP_QUORUM_[A-Z_]+/g) }).toEqual(frozen.environment);
});

test('stacks: logical ids, outputs and physical names', () => {
  const seen = Object.entries(templates).map(([name, template]) => [
    name,
    {
      resources: Object.fromEntries(Object.entries(template.Resources).map(([id, { Type }]) => [id, Type])),
      outputs: Object.keys(template.Outputs ?? {}).sort(),
      names: physicalNames(template),
    },
  ]);
  expect(Object.fromEntries(seen)).toEqual(frozen.stacks);
});
