import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import type { TestReport } from '../../../lambda/deliver/answer-test-request.ts';
import { channelLabels, channelNames } from '../../alerts/channel-ids-and-labels.ts';
import { testDeployment } from '../../alerts/test-deployment.ts';
import { testThisMachine } from '../../alerts/test-this-machine.ts';
import { configIfAny, DEFAULT_CONFIG, readConfig } from '../../arguments/config-file.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { alertLines } from '../../display/live/alert.ts';
import { isTaken, testResultLines } from '../../display/tables/test-results.ts';

interface TestOptions {
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly config?: string;
  readonly json?: true;
}

const HELP = `
Sends one alert, marked TEST, to each channel or to the named one, as real alerts are sent, and shows which channel accepted
it. It stores nothing, and repeats nothing. A channel is named by its id, its kind, an e-mail address, a number or a URL. On
AWS the deployed function sends, and the subscriptions of the topic are listed: each confirmed one gets the test.

Examples:
  smtp-quorum test-alert                                         the channels of this machine
  smtp-quorum test-alert ops@example.com
  smtp-quorum test-alert --table smtp-quorum --region us-east-1  the channels on AWS
  smtp-quorum test-alert webhook --table smtp-quorum --profile ops

Exit code:
  0 every channel took it   1 a channel did not, or a subscription is not confirmed   3 bad usage`;

export function testAlertCommand(): Command {
  return new Command('test-alert')
    .argument('[channel]', 'channel to test (default: all channels)')
    .option('--table <name>', 'table of the deployment on AWS (default: this machine)')
    .option('--region <region>', 'home region of the table (default: from the AWS settings)')
    .option('--profile <name>', 'AWS profile')
    .option('-c, --config <file>', 'config file (default: smtp-quorum.yaml)')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(channel: string | undefined, options: TestOptions): Promise<void> {
  // Before anything is sent: a mistake in the config is to be reported alone.
  const config = configIfAny(options.config);
  const names = channel === undefined ? null : channelNames(channel, config);
  const report = options.table === undefined ? await locally(names, options) : await onAws(names, options);
  process.stdout.write(options.json ? `${asciiJson(report)}\n` : asText(report, config, options));
  if (!isTaken(report)) process.exitCode = 1;
}

async function onAws(names: readonly string[] | null, options: TestOptions): Promise<TestReport> {
  const { table = '', region, profile } = options;
  return await testDeployment({ table, ...(region && { region }), ...(profile && { profile }) }, names);
}

async function locally(names: readonly string[] | null, options: TestOptions): Promise<TestReport> {
  if (options.region !== undefined || options.profile !== undefined)
    throw new UsageError('--region and --profile need --table NAME, the table on AWS');
  const config = readConfig(options.config ?? DEFAULT_CONFIG);
  const output = options.json ? process.stderr : process.stdout;
  const results = await testThisMachine({ ...config, home: localVantage }, names, (message) => {
    output.write(`${[...alertLines(message, config, screenOf(output)), ''].join('\n')}\n`);
  });
  return { results, channels: results.map((result) => result.channel), subscriptions: [] };
}

function asText(report: TestReport, config: Config | null, options: TestOptions): string {
  const lines = testResultLines(report, channelLabels(config), screenOf(process.stdout));
  return [...lines, ...hintLines(config, options), ''].join('\n');
}

/** A config for AWS is tested on this machine unless a table is named. */
function hintLines(config: Config | null, { table }: TestOptions): readonly string[] {
  if (table !== undefined || config === null || config.home === localVantage) return [];
  const command = `npx smtp-quorum test-alert --table ${config.name} --region ${config.home}`;
  return ['', 'Tested from this machine. To test the deployment on AWS:', `  ${command}`];
}
