import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { readConfig } from '../arguments/config-file.ts';
import { EXIT_CODES } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { checkLines, tallyLine } from '../display/tables/doctor-checks.ts';
import { checkMachine } from '../doctor/check-machine.ts';
import { type NamedCheckResult, worstOf } from '../doctor/check-result.ts';
import { defaultQualifier } from '../doctor/deployment-checks.ts';
import { checkDeployment } from '../doctor/run-deployment-checks.ts';

interface DoctorOptions {
  readonly config: string;
  readonly local?: true;
  readonly profile?: string;
  readonly qualifier: string;
  readonly folder: string;
  readonly json?: true;
}

const HELP = `
Checks a deployment: bootstrap, stacks, schedules, alarms, subscriptions, SMS and the status page. It invokes every probe to find out
which ports the probe can reach and whether it can read its passwords, and logs in to the mailboxes of round trips and bounces. It
changes nothing. With --local, or with a config whose only vantage is 'local', it checks this machine and needs no AWS account.

Examples:
  smtp-quorum doctor
  smtp-quorum doctor --config mail.yaml --profile ops
  smtp-quorum doctor --json | jq -r '.checks[] | select(.outcome != "pass") | .fix'

Exit code:
  0 every check passed   1 a warning   2 a failure   3 a check could not run, or bad usage`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('-c, --config <file>', 'config file', 'smtp-quorum.yaml')
    .option('--local', 'check this machine, also if the config names AWS regions')
    .option('--profile <name>', 'AWS profile')
    .option('--qualifier <name>', 'qualifier of the bootstrap stacks', defaultQualifier)
    .option('--folder <path>', 'folder with the history of this machine', '.smtp-quorum')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: DoctorOptions): Promise<void> {
  const config = readConfig(options.config);
  const isLocal = options.local === true || config.policy.vantages.every((vantage) => vantage === localVantage);
  const results = isLocal ? await checkMachine(config, options.folder) : await checkDeployment(config, options);
  process.stdout.write(options.json ? `${asciiJson(asJsonValue(results))}\n` : asLines(results));
  process.exitCode = EXIT_CODES[worstOf(results)];
}

function asJsonValue(results: readonly NamedCheckResult[]) {
  return { at: new Date().toISOString(), outcome: worstOf(results), checks: results };
}

function asLines(results: readonly NamedCheckResult[]): string {
  return `${[...checkLines(results, screenOf(process.stdout)), '', tallyLine(results)].join('\n')}\n`;
}
