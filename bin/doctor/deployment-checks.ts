import { readFileSync } from 'node:fs';
import { regionNames } from '../../lambda/config/schema/regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import { releaseOf, releaseOutput } from '../../lib/deployment/release.ts';
import { shippedFile } from '../../lib/deployment/shipped-file.ts';
import { namesOf } from '../../lib/naming/names.ts';
import type { CloudCheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';

/** Of bootstrap stacks, unless another is chosen. */
export const defaultQualifier = 'hnb659fds';

/** What a stack of CDK asks of the bootstrap stack: the rule that it puts into every template. */
const BOOTSTRAP_VERSION = 6;

/** Whether one region is prepared, deployed, current, and at work. */
export function regionChecks(region: string): readonly Check<CloudCheckContext>[] {
  return [
    { name: 'bootstrap', region, run: (world) => bootstrapped(world, region) },
    { name: 'alarms', region, run: (world) => quiet(world, region) },
  ];
}

/** @param part as in `namesOf().stack` */
export function stackChecks(region: string, part: string): readonly Check<CloudCheckContext>[] {
  const named = part === 'home' ? 'home' : 'probe';
  return [
    { name: `${named} stack`, region, run: (world) => current(world, region, part) },
    { name: `${named} schedules`, region, run: (world) => scheduled(world, region, part) },
  ];
}

async function bootstrapped({ cloud, account, qualifier }: CloudCheckContext, region: string): Promise<CheckResult> {
  const version = await cloud.bootstrap(region, qualifier);
  const mend = `npx cdk bootstrap${qualified(qualifier)} aws://${account}/${region}`;
  if (version === null) return problem('fail', `not bootstrapped for CDK (qualifier ${qualifier})`, mend);
  if (version < BOOTSTRAP_VERSION) return problem('fail', `version ${version}, CDK wants ${BOOTSTRAP_VERSION}`, mend);
  return passed(`version ${version}`);
}

/** A qualifier of one's own needs a stack of its own, or bootstrapping takes the region away from other apps. */
function qualified(qualifier: string): string {
  return qualifier === defaultQualifier ? '' : ` --qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}`;
}

async function current({ cloud, config }: CloudCheckContext, region: string, part: string): Promise<CheckResult> {
  const name = namesOf(config).stack(part);
  const deploy = deployOf(part);
  const stack = await cloud.stack(region, name);
  if (stack === null) return problem('fail', `${name} is not deployed`, deploy);
  const { status, outputs } = stack;
  if (status.endsWith('_IN_PROGRESS')) return problem('warn', `${name} is ${status}`, 'wait until it is done');
  if (!SETTLED.has(status)) return problem('fail', `${name} is ${status}`, `look at its events, then ${deploy}`);
  const [wanted, there] = [releaseOf(config), outputs.get(releaseOutput) ?? 'something older'];
  if (there === wanted) return passed(`${name} is current (${wanted})`);
  return problem('warn', `${name} was deployed from another config or version (${there}; here is ${wanted})`, deploy);
}

/** CDK finds stacks by the path of their constructs, `SmtpQuorum/Probe-eu-west-1`, not by their names. */
function deployOf(part: string): string {
  return `npx cdk deploy '*/${part.charAt(0).toUpperCase()}${part.slice(1)}'`;
}

const SETTLED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** A deployment that changes nothing in a template leaves alone what was changed by hand. */
const REVERT = 'npx cdk deploy --all --revert-drift';

async function scheduled({ cloud, config }: CloudCheckContext, region: string, part: string): Promise<CheckResult> {
  const stack = namesOf(config).stack(part);
  const schedules = await cloud.schedules(region, stack);
  const off = schedules.filter(({ enabled }) => !enabled).map(({ name }) => name);
  if (off.length > 0) {
    return problem('fail', `off: ${off.join(', ')}`, `turn it on in EventBridge Scheduler in ${region}, or: ${REVERT}`);
  }
  if (schedules.length === 0) return problem('fail', `${stack} has no schedule`, deployOf(part));
  return passed(`${schedules.length} on`);
}

/** The end of an alarm's name is its section in the runbook; that of another fleet's alarm, `smtp-quorum-2-…`, is not. */
async function quiet({ cloud, config }: CloudCheckContext, region: string): Promise<CheckResult> {
  const prefix = `${config.name}-`;
  const runbook = readFileSync(shippedFile('docs/runbook.md'), 'utf8');
  const sectionOf = (name: string) => name.slice(prefix.length);
  const raised = (await cloud.alarms(region, prefix)).filter(({ name }) =>
    runbook.includes(`\n## ${sectionOf(name)}\n`),
  );
  if (raised.length === 0) return passed('none goes off');
  const sections = raised.map(({ name }) => `docs/runbook.md#${sectionOf(name)}`);
  return problem('fail', raised.map(({ name }) => `${name} goes off`).join('; '), `see ${sections.join(', ')}`);
}

/** A vantage that left the config goes on probing until its stack is deleted; CDK no longer knows it. */
export async function noneBesides({ config, now, lastRound }: CloudCheckContext): Promise<CheckResult> {
  const others = regionNames.filter((region) => !config.policy.vantages.includes(region));
  const rounds = await Promise.all(others.map(async (region) => ({ region, round: await lastRound(region) })));
  const atWork = rounds.flatMap(({ region, round }) =>
    round !== null && roundsSince(round, config.policy, now) <= config.policy.freshness ? [region] : [],
  );
  if (atWork.length === 0) return passed('none probes');
  const deletions = atWork.map((region) => {
    const stack = namesOf(config).stack(`probe-${region}`);
    return `aws cloudformation delete-stack --stack-name ${stack} --region ${region}`;
  });
  return problem('warn', `no vantages of the config, and they still probe: ${atWork.join(', ')}`, deletions.join('; '));
}
