import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Listening, listenOnLoopback } from '../../../local/database/listen-for-aws-cli.ts';
import { localTable } from '../../../local/database.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { type HistoryRequests, requestHistory } from '../../store/share-local-history-with-monitor.ts';

interface DynamodbOptions {
  readonly listen?: true;
  readonly port: number;
  readonly folder: string;
}

const HELP = `
The history of this machine is a DynamoDB table in files. With --listen the AWS CLI can read it, on 127.0.0.1 alone,
until Ctrl-C; also while the monitor runs. Each start makes a new access key. Requests without it are rejected.
It answers Query, GetItem, DescribeTable and ListTables, and changes nothing. docs/table.md says what is in the table.

Examples:
  smtp-quorum dynamodb --listen
  smtp-quorum dynamodb --listen --port 8000`;

export function dynamodbCommand(): Command {
  return new Command('dynamodb')
    .option('--listen', 'answer on loopback')
    .addOption(new Option('--port <number>', 'port (default: any that is free)').argParser(portOf).default(0, ''))
    .option('--folder <path>', 'folder of the history of this machine', '.smtp-quorum')
    .addHelpText('after', HELP)
    .action(run);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new UsageError(`--port: '${text}' is not a port; try --port 8000`);
  return port;
}

async function run({ listen, port, folder }: DynamodbOptions): Promise<void> {
  if (listen === undefined) throw new UsageError('nothing to do: --listen answers the AWS CLI on loopback');
  if (!existsSync(folder))
    throw new UsageError(`no history at ${resolve(folder)}: start the monitor with 'npx smtp-quorum start' first`);
  const requests = await requestHistory(folder);
  const listening = await listenOnLoopback(requests.ask, port).catch(async (error: NodeJS.ErrnoException) => {
    await requests.close();
    throw new UsageError(`--port: 127.0.0.1:${port} cannot be listened at: ${error.code ?? error.message}`);
  });
  process.stdout.write(`${linesFor(listening).join('\n')}\n`);
  await untilSignal();
  await end(listening, requests);
}

function linesFor({ endpoint, accessKeyId }: Listening): readonly string[] {
  return [
    `Listening at ${endpoint}, for reading. Ctrl-C ends it. In another terminal:`,
    '',
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1`,
    `  aws dynamodb query --endpoint-url ${endpoint} --table-name ${localTable} \\`,
    `    --key-condition-expression 'pk = :pk' --expression-attribute-values '{":pk": {"S": "verdicts"}}'`,
  ];
}

function untilSignal(): Promise<void> {
  return new Promise((settle) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => settle());
  });
}

async function end(listening: Listening, requests: HistoryRequests): Promise<void> {
  await listening.close();
  await requests.close();
}
