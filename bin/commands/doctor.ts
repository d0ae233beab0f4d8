import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { diagnose } from '../../lambda/probe/diagnosis.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { readSecret } from '../../local/secrets.ts';
import { EXIT_CODES, UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { checkLines, tallyLine } from '../display/tables/checks.ts';
import { type AwsAccount, openAwsAccount } from '../doctor/aws-account.ts';
import { errorResult } from '../doctor/aws-error.ts';
import {
  type CheckContext,
  type CloudCheckContext,
  historyOf,
  onceEach,
  reachQuestions,
} from '../doctor/check-context.ts';
import { type Checked, passed, problem, worstOf } from '../doctor/check-result.ts';
import { cloudChecks, localChecks, runChecks } from '../doctor/checks.ts';
import { defaultQualifier } from '../doctor/deployment-checks.ts';
import { withStore } from '../store/store.ts';

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
  const checked = here ? await lookHere(config, options) : await lookAtCloud(config, options);
  process.stdout.write(options.json ? `${asciiJson(machine(checked))}\n` : written(checked));
  process.exitCode = EXIT_CODES[worstOf(checked)];
}

function readConfig(file: string): Config {
  if (!existsSync(file)) throw new UsageError(`--config: there is no file ${file}`);
  const parsed = loadConfig(file);
  if (!parsed.ok) throw new UsageError(formatProblems(parsed.problems).trimEnd());
  return parsed.config;
}

/** This machine as the one vantage; without a history there is no last round, which is a finding of its own. */
async function lookHere(config: Config, { folder }: DoctorOptions): Promise<readonly Checked[]> {
  const local: Config = { ...config, home: localVantage, policy: { ...config.policy, vantages: [localVantage] } };
  const ports = { config: local, vantage: localVantage, secret: readSecret };
  const world = (records: Pick<CheckContext, 'lastRound' | 'judgements'>): CheckContext => ({
    config: local,
    now: Date.now(),
    diagnosis: onceEach(() => diagnose(ports, { diagnose: reachQuestions(local) })),
    probeIp: async () => null,
    ...records,
  });
  const look = (records: Pick<CheckContext, 'lastRound' | 'judgements'>) =>
    runChecks(localChecks(local), world(records));
  const about = { check: 'history', region: localVantage };
  if (!existsSync(folder)) {
    const none = problem('warn', `no history at ${resolve(folder)}`, "start the monitor: 'npm start'");
    return [{ ...about, ...none }, ...(await look({ lastRound: async () => null, judgements: async () => [] }))];
  }
  const found = { ...about, ...passed(resolve(folder)) };
  return await withStore({ folder }, async ({ history }) => [found, ...(await look(historyOf(history)))]);
}

async function lookAtCloud(config: Config, { profile, qualifier }: DoctorOptions): Promise<readonly Checked[]> {
  const cloud = openAwsAccount(profile);
  try {
    const { account, arn } = await cloud.identity(config.home);
    const world = { config, now: Date.now(), account, qualifier, cloud, ...askedOf(cloud, config) };
    const who: Checked = { check: 'account', region: null, outcome: 'pass', says: `${account}, as ${arn}`, mend: null };
    return [who, ...(await runChecks(cloudChecks(config), world satisfies CloudCheckContext))];
  } catch (error) {
    // Nobody to ask: one line instead of the same line for everything.
    return [{ check: 'account', region: null, ...errorResult(error) }];
  } finally {
    cloud.close();
  }
}

function askedOf(cloud: AwsAccount, config: Config): Omit<CheckContext, 'config' | 'now'> {
  const { probe, table, stack } = namesOf(config);
  const wanted = { diagnose: reachQuestions(config) };
  return {
    diagnosis: onceEach((vantage) => cloud.diagnosis(vantage, probe, wanted)),
    probeIp: async (vantage) => (await cloud.stack(vantage, stack(`probe-${vantage}`)))?.outputs.get('ProbeIp') ?? null,
    ...historyOf(cloud.history(config.home, table)),
  };
}

function machine(checked: readonly Checked[]) {
  return { at: new Date().toISOString(), outcome: worstOf(checked), checks: checked };
}

function written(checked: readonly Checked[]): string {
  return `${[...checkLines(checked, screenOf(process.stdout)), '', tallyLine(checked)].join('\n')}\n`;
}
