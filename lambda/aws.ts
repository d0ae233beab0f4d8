import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { publish } from './alert/sns.ts';
import { putEvents } from './aws/bus.ts';
import { secretReader } from './aws/secret.ts';
import type { Config } from './config/config.ts';
import { fromEnvironment } from './environment.ts';
import { dynamodbTable } from './history/dynamodb.ts';
import { openHistory } from './history/history.ts';
import type { Ports } from './ports.ts';

let ports: Promise<Ports> | undefined;

/** The world of a handler on AWS, from its environment; made once per container, on the first event. */
export function awsPorts(): Promise<Ports> {
  ports ??= openPorts();
  return ports;
}

async function openPorts(): Promise<Ports> {
  const region = fromEnvironment('home');
  const config = bundledConfig();
  return {
    config,
    vantage: fromEnvironment('vantage'),
    history: openHistory(dynamodbTable(new DynamoDBClient({ region }), fromEnvironment('table'))),
    announce: announcer(new EventBridgeClient({ region })),
    tell: teller(new SNSClient({ region }), config),
    secret: secretReader(region, Date.now),
    now: Date.now,
  };
}

/** The config that was deployed with this function's code. */
export function bundledConfig(): Config {
  return JSON.parse(readFileSync(new URL(fromEnvironment('config'), import.meta.url), 'utf8'));
}

/** The variables are read on use: a probe has no topic, and needs none. */
function announcer(client: EventBridgeClient): Ports['announce'] {
  return (events) => putEvents(client, fromEnvironment('bus'), events);
}

function teller(client: SNSClient, config: Config): Ports['tell'] {
  return (alert) => publish(client, fromEnvironment('topic'), alert, config);
}
