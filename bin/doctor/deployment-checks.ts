import { readFileSync } from 'node:fs';
import type { Config } from '../../lambda/config/config.ts';
import { regionNames } from '../../lambda/config/schema/aws-regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import { releaseOf, releaseOutput } from '../../lib/deployment/release.ts';
import { shippedFile } from '../../lib/deployment/shipped-file.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { partitionOf } from '../../lib/naming/partition.ts';
import { readsBounceMailboxes, watchesPosture, watchesSes } from '../../lib/quotas/quota-inputs.ts';
import type { DeploymentCheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';

/** The qualifier of the CDK bootstrap stack unless another is given. */
export const defaultQualifier = 'hnb659fds';

/** The bootstrap version that CDK requires, by the rule that it adds to every template. */
const BOOTSTRAP_VERSION = 6;

/** Checks whether a region is bootstrapped and has no raised alarms. */
export function regionChecks(region: string): readonly Check<DeploymentCheckContext>[] {
  return [
    { name: 'bootstrap', region, run: (context) => checkBootstrap(context, region) },
    { name: 'alarms', region, run: (context) => checkAlarms(context, region) },
    { name: 'lambda concurrency', region, run: (context) => checkConcurrency(context, region) },
  ];
}

/** Checks whether a stack is deployed and current, and its schedules are on. @param part as in `namesOf().stack` */
export function stackChecks(region: string, part: string): readonly Check<DeploymentCheckContext>[] {
  const named = part === 'home' ? 'home' : 'probe';
  return [
    { name: `${named} stack`, region, run: (context) => checkStack(context, region, part) },
    { name: `${named} schedules`, region, run: (context) => checkSchedules(context, region, part) },
  ];
}

async function checkBootstrap(
  { aws, account, qualifier }: DeploymentCheckContext,
  region: string,
): Promise<CheckResult> {
  const version = await aws.bootstrap(region, qualifier);
  const fix = `npx cdk bootstrap${qualifierOptions(qualifier)} aws://${account}/${region}`;
  if (version === null) return problem('fail', `not bootstrapped for CDK (qualifier ${qualifier})`, fix);
  if (version < BOOTSTRAP_VERSION) return problem('fail', `version ${version}, CDK requires ${BOOTSTRAP_VERSION}`, fix);
  return passed(`version ${version}`);
}

/** A custom qualifier needs a bootstrap stack of its own; otherwise other apps in the region lose theirs. */
function qualifierOptions(qualifier: string): string {
  return qualifier === defaultQualifier ? '' : ` --qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}`;
}

async function checkStack({ aws, config }: DeploymentCheckContext, region: string, part: string): Promise<CheckResult> {
  const name = namesOf(config).stack(part);
  const deploy = deployOf(part);
  const stack = await aws.stack(region, name);
  if (stack === null) return problem('fail', `${name} is not deployed`, deploy);
  const { status, outputs } = stack;
  if (status.endsWith('_IN_PROGRESS')) return problem('warn', `${name} is ${status}`, 'wait until it is done');
  if (!SETTLED.has(status))
    return problem('fail', `${name} is ${status}`, `look at the events of the stack, then ${deploy}`);
  const [expected, found] = [releaseOf(config), outputs.get(releaseOutput) ?? 'an older version'];
  if (found === expected) return passed(`${name} is current (${expected})`);
  return problem(
    'warn',
    `${name} was deployed from another config or version (deployed: ${found}; local: ${expected})`,
    deploy,
  );
}

/** CDK selects stacks by the path of their constructs, `SmtpQuorum/Probe-eu-west-1`, not by their names. */
function deployOf(part: string): string {
  return `npx cdk deploy '*/${part.charAt(0).toUpperCase()}${part.slice(1)}'`;
}

const SETTLED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** A plain deployment does not revert manual changes if the template is unchanged. */
const REVERT = 'npx cdk deploy --all --revert-drift';

async function checkSchedules(
  { aws, config }: DeploymentCheckContext,
  region: string,
  part: string,
): Promise<CheckResult> {
  const stack = namesOf(config).stack(part);
  const schedules = await aws.schedules(region, stack);
  const off = schedules.filter(({ enabled }) => !enabled).map(({ name }) => name);
  if (off.length > 0) {
    return problem('fail', `off: ${off.join(', ')}`, `enable it in EventBridge Scheduler in ${region}, or: ${REVERT}`);
  }
  if (schedules.length === 0) return problem('fail', `${stack} has no schedule`, deployOf(part));
  return passed(`${schedules.length} on`);
}

/** The name of an alarm ends with its section in the runbook. The name of an alarm of another fleet, `smtp-quorum-2-…`, does not. */
async function checkAlarms({ aws, config }: DeploymentCheckContext, region: string): Promise<CheckResult> {
  const prefix = `${config.name}-`;
  const runbook = readFileSync(shippedFile('docs/runbook.md'), 'utf8');
  const sectionOf = (name: string) => name.slice(prefix.length);
  const raised = (await aws.alarms(region, prefix)).filter(({ name }) => runbook.includes(`\n## ${sectionOf(name)}\n`));
  if (raised.length === 0) return passed('no alarm is raised');
  const sections = raised.map(({ name }) => `docs/runbook.md#${sectionOf(name)}`);
  return problem('fail', raised.map(({ name }) => `${name} is raised`).join('; '), `see ${sections.join(', ')}`);
}

/** A round and a second opinion. */
const PROBES = 2;

/** Two passes of the judge, and the rollup. */
const HOME_FUNCTIONS = 3;

/**
 * Checks the Lambda concurrency of the account in a region. New accounts can have a quota of 10, shared by all functions.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
async function checkConcurrency({ aws, config }: DeploymentCheckContext, region: string): Promise<CheckResult> {
  const [available, required] = [await aws.concurrency(region), requiredIn(config, region)];
  const detail = `${available} available, ${required} required`;
  if (available >= 2 * required) return passed(detail);
  return problem(
    available < required ? 'fail' : 'warn',
    `${detail}; all functions of the account share it`,
    `request a higher quota 'Concurrent executions' for Lambda in ${region}: https://console.aws.amazon.com/servicequotas/`,
  );
}

/** A run of round trips each minute, which may wait for its message beyond the start of the next. */
const TRIP_RUNS = 2;

/** The most that the queue of bounces starts at once. */
const BOUNCE_BATCHES = 2;

/** The most functions that run at once. */
function requiredIn(config: Config, region: string): number {
  const { home, policy, notify, roundTrips } = config;
  const webhooks = notify.filter(({ kind }) => kind === 'webhook').length;
  const inVantage = PROBES + (roundTrips === undefined ? 0 : TRIP_RUNS);
  const bounces = (watchesSes(config) ? BOUNCE_BATCHES : 0) + (readsBounceMailboxes(config) ? 1 : 0);
  const inHome = HOME_FUNCTIONS + webhooks + bounces;
  const posture = watchesPosture(config, region) ? 1 : 0;
  return (policy.vantages.includes(region) ? inVantage : 0) + (region === home ? inHome : 0) + posture;
}

interface Orphan {
  readonly region: string;
  readonly stack: string;
}

/**
 * Checks whether stacks of this name exist that are not in the config, and whether vantages that are not in it still probe. CDK
 * does not know a stack of a region that was removed from the config, or of a former home.
 */
export async function checkOtherRegions(context: DeploymentCheckContext): Promise<CheckResult> {
  const [orphans, probing] = await Promise.all([orphanedStacks(context), probingRegions(context)]);
  const { stack } = namesOf(context.config);
  const found = new Map(orphans.map((orphan) => [`${orphan.stack} in ${orphan.region}`, orphan]));
  for (const region of probing) {
    const orphan = { region, stack: stack(`probe-${region}`) };
    found.set(`${orphan.stack} in ${region}`, orphan);
  }
  if (found.size === 0) return passed('no other stacks');
  const commands = [...found.values()].map(
    (orphan) => `aws cloudformation delete-stack --stack-name ${orphan.stack} --region ${orphan.region}`,
  );
  const former = orphans.some((orphan) => orphan.stack === stack('home')) ? ' (docs/deploy.md#changing-the-home)' : '';
  return problem('warn', `not in the config: ${[...found.keys()].join(', ')}`, `${commands.join('; ')}${former}`);
}

async function orphanedStacks({ config, aws }: DeploymentCheckContext): Promise<readonly Orphan[]> {
  const { home, policy } = config;
  const { stack } = namesOf(config);
  const candidates = regionNames
    .filter((region) => partitionOf(region) === partitionOf(home))
    .flatMap((region) => [
      ...(region === home ? [] : [{ region, stack: stack('home') }]),
      ...(policy.vantages.includes(region) ? [] : [{ region, stack: stack(`probe-${region}`) }]),
    ]);
  const exists = await Promise.all(
    candidates.map(async (orphan) => (await aws.stack(orphan.region, orphan.stack).catch(nullIfDisabled)) !== null),
  );
  return candidates.filter((_, at) => exists[at]);
}

/** A region that is not enabled in the account rejects its credentials. */
const DISABLED = /UnrecognizedClient|InvalidClientTokenId|AuthFailure|OptInRequired|security token .* is invalid/i;

function nullIfDisabled(error: unknown): null {
  if (error instanceof Error && DISABLED.test(`${error.name} ${error.message}`)) return null;
  throw error;
}

/** A probe whose stack cannot be seen with these credentials is seen by its rounds. */
async function probingRegions({ config, now, lastRound }: DeploymentCheckContext): Promise<readonly string[]> {
  const others = regionNames.filter((region) => !config.policy.vantages.includes(region));
  const rounds = await Promise.all(others.map(async (region) => ({ region, round: await lastRound(region) })));
  return rounds.flatMap(({ region, round }) =>
    round !== null && roundsSince(round, config.policy, now) <= config.policy.freshness ? [region] : [],
  );
}
