import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Config } from '../config/config.ts';
import { openHistory } from '../history/history.ts';
import { dynamodbTable } from '../history/table/dynamodb.ts';
import type { UnreadableItem } from '../history/table/unreadable.ts';
import type { PortsWithoutAlerts } from '../ports.ts';
import { environmentNames, fromEnvironment } from './environment.ts';
import { putEvents } from './event-bus.ts';
import { secretReader } from './secrets.ts';

let ports: Promise<PortsWithoutAlerts> | undefined;

/** The world of a handler on AWS, from its environment; made once per container, on the first event. */
export function awsPorts(): Promise<PortsWithoutAlerts> {
  ports ??= openPorts();
  return ports;
}

async function openPorts(): Promise<PortsWithoutAlerts> {
  const region = fromEnvironment('home');
  const config = bundledConfig();
  return {
    config,
    vantage: fromEnvironment('vantage'),
    history: openHistory(dynamodbTable(new DynamoDBClient({ region }), fromEnvironment('table')), {
      tellUnreadable: logUnreadable,
    }),
    publishEvents: eventPublisher(new EventBridgeClient({ region })),
    secret: secretReader(region, Date.now),
    now: Date.now,
    ...blockedPort(process.env[environmentNames.egress]),
  };
}

/** The words come from the table, so they are bounded. */
function logUnreadable({ pk, sk, why }: UnreadableItem): void {
  const [key, reason] = [`${pk} ${sk}`.slice(0, 300), why.slice(0, 300)];
  console.warn(JSON.stringify({ level: 'warn', message: 'an item cannot be read, and is skipped', key, why: reason }));
}

/** AWS drops port 25 out of Lambda's own network, and lifts that for no function that is in it. */
function blockedPort(egress: string | undefined): Pick<PortsWithoutAlerts, 'blockedPort'> {
  return egress === 'default' ? { blockedPort: 25 } : {};
}

/** The config that was deployed with this function's code. */
export function bundledConfig(): Config {
  return JSON.parse(readFileSync(new URL(fromEnvironment('config'), import.meta.url), 'utf8'));
}

/** The variable is read on use: the rollup has no bus, and needs none. */
function eventPublisher(client: EventBridgeClient): PortsWithoutAlerts['publishEvents'] {
  return (events) => putEvents(client, fromEnvironment('bus'), events);
}
