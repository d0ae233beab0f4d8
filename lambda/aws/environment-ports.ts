/** Makes the ports that all handlers share from the environment variables of a function. */
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config/config.ts';
import { type Origin, originOf } from '../history/packing/read-round-attributes.ts';
import { dynamodbTable } from '../history/table/dynamodb.ts';
import type { Table } from '../history/table/table.ts';
import type { ProbePorts } from '../ports.ts';
import { clientSettings } from './client-timeouts.ts';
import { environmentNames, fromEnvironment } from './environment.ts';
import { eventPublisher } from './event-publisher.ts';
import { logJson } from './log.ts';

/** @param secret how passwords are read; most functions read none, and do without the client for it */
export function portsWith<Some>(
  openHistory: (table: Table) => Some,
  secret: ProbePorts['secret'] = readNoSecret,
): Omit<ProbePorts, 'history'> & { history: Some } {
  const region = fromEnvironment('home');
  return {
    config: bundledConfig(),
    vantage: fromEnvironment('vantage'),
    history: openHistory(homeTable()),
    publishEvents: eventPublisher(region),
    secret,
    log: logJson,
    now: Date.now,
    ...blockedPort(process.env[environmentNames.egress]),
    ...origin(process.env),
    mxAddresses: process.env[environmentNames.egress] === 'existingVpc' ? 'private' : 'public',
  };
}

function readNoSecret(): Promise<never> {
  return Promise.reject(new Error('this function reads no secrets'));
}

let table: Table | undefined;

/** The table of the home region; one client per container. */
export function homeTable(): Table {
  table ??= dynamodbTable(new DynamoDBClient(clientSettings(fromEnvironment('home'))), fromEnvironment('table'));
  return table;
}

/** AWS drops port 25 out of Lambda's own network, and lifts that for no function that is in it. */
function blockedPort(egress: string | undefined): Pick<ProbePorts, 'blockedPort'> {
  return egress === 'default' ? { blockedPort: 25 } : {};
}

/** What is recorded with rounds. */
function origin({ [environmentNames.egress]: way, ...variables }: NodeJS.ProcessEnv): Origin {
  const address = way === 'default' ? 'lambda' : variables[environmentNames.address];
  return originOf({ release: variables[environmentNames.release], egress: address });
}

/** The config that was deployed with this function's code. */
export function bundledConfig(): Config {
  return JSON.parse(readFileSync(new URL(fromEnvironment('config'), import.meta.url), 'utf8'));
}
