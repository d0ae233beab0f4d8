import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { EXIT_CODES, UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { checkLines, tallyLine } from '../display/tables/checks.ts';
import { checkDeployment } from '../doctor/check-deployment.ts';
import { checkMachine } from '../doctor/check-machine.ts';
import { type Checked, worstOf } from '../doctor/check-result.ts';
import { defaultQualifier } from '../doctor/deployment-checks.ts';

interface DoctorOptions {
  readonly config: string;
  readonly local?: true;
  readonly profile?: string;
  readonly qualifier: string;
  readonly folder: string;
  readonly json?: true;
}

const HELP = `
Looks at a deployment from here: bootstrap, stacks, schedules, alarms, subscriptions, SMS, and asks every probe itself
which ports it gets through to and whether it can read its passwords. It changes nothing. A config whose only vantage is
'local', or --local, asks the same of this machine and needs no AWS.

Examples:
  smtp-quorum doctor
  smtp-quorum doctor --config mail.yaml --profile ops
  smtp-quorum doctor --json | jq -r '.checks[] | select(.outcome != "pass") | .mend'

Exit code:
  0 all is well   1 something to look at   2 something is broken   3 something could not be asked, or bad usage`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('-c, --config <file>', 'config file', 'smtp-quorum.yaml')
    .option('--local', 'look at this machine, whatever vantages the config names')
    .option('--profile <name>', 'profile of the AWS settings')
    .option('--qualifier <name>', 'qualifier of the bootstrap stacks', defaultQualifier)
    .option('--folder <path>', 'folder of the history of this machine', '.smtp-quorum')
    .option('--json', 'one line of JSON')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: DoctorOptions): Promise<void> {
  const config = readConfig(options.config);
  const here = options.local === true || config.policy.vantages.every((vantage) => vantage === localVantage);
  const checked = here ? await checkMachine(config, options.folder) : await checkDeployment(config, options);
  process.stdout.write(options.json ? `${asciiJson(machine(checked))}\n` : written(checked));
  process.exitCode = EXIT_CODES[worstOf(checked)];
}

function readConfig(file: string): Config {
  if (!existsSync(file)) throw new UsageError(`--config: there is no file ${file}`);
  const parsed = loadConfig(file);
  if (!parsed.ok) throw new UsageError(formatProblems(parsed.problems).trimEnd());
  return parsed.config;
}

function machine(checked: readonly Checked[]) {
  return { at: new Date().toISOString(), outcome: worstOf(checked), checks: checked };
}

function written(checked: readonly Checked[]): string {
  return `${[...checkLines(checked, screenOf(process.stdout)), '', tallyLine(checked)].join('\n')}\n`;
}
