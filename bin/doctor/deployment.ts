import { namesOf } from '../../lib/names.ts';
import { releaseOf, releaseOutput } from '../../lib/release.ts';
import { amiss, type Check, type Finding, well } from './finding.ts';
import type { CloudWorld } from './world.ts';

/** What a stack of CDK asks of the bootstrap stack: the rule that it puts into every template. */
const BOOTSTRAP_VERSION = 6;

/** Whether one region is prepared, deployed, current, and at work. */
export function regionChecks(region: string): readonly Check<CloudWorld>[] {
  return [
    { name: 'bootstrap', region, run: (world) => bootstrapped(world, region) },
    { name: 'alarms', region, run: (world) => quiet(world, region) },
  ];
}

/** @param part as in `namesOf().stack` */
export function stackChecks(region: string, part: string): readonly Check<CloudWorld>[] {
  const named = part === 'home' ? 'home' : 'probe';
  return [
    { name: `${named} stack`, region, run: (world) => current(world, region, part) },
    { name: `${named} schedules`, region, run: (world) => scheduled(world, region, part) },
  ];
}

async function bootstrapped({ cloud, account, qualifier }: CloudWorld, region: string): Promise<Finding> {
  const version = await cloud.bootstrap(region, qualifier);
  const mend = `npx cdk bootstrap aws://${account}/${region}`;
  if (version === null) return amiss('fail', `not bootstrapped for CDK (qualifier ${qualifier})`, mend);
  if (version < BOOTSTRAP_VERSION) return amiss('fail', `version ${version}, CDK wants ${BOOTSTRAP_VERSION}`, mend);
  return well(`version ${version}`);
}

async function current({ cloud, config }: CloudWorld, region: string, part: string): Promise<Finding> {
  const name = namesOf(config).stack(part);
  const deploy = `npx cdk deploy ${name}`;
  const stack = await cloud.stack(region, name);
  if (stack === null) return amiss('fail', `${name} is not deployed`, deploy);
  const { status, outputs } = stack;
  if (status.endsWith('_IN_PROGRESS')) return amiss('warn', `${name} is ${status}`, 'wait until it is done');
  if (!SETTLED.has(status)) return amiss('fail', `${name} is ${status}`, `look at its events, then ${deploy}`);
  const [wanted, there] = [releaseOf(config), outputs.get(releaseOutput) ?? 'something older'];
  if (there === wanted) return well(`${name} is current (${wanted})`);
  return amiss('warn', `${name} was deployed from another config or version (${there}; here is ${wanted})`, deploy);
}

const SETTLED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

async function scheduled({ cloud, config }: CloudWorld, region: string, part: string): Promise<Finding> {
  const stack = namesOf(config).stack(part);
  const schedules = await cloud.schedules(region, stack);
  const off = schedules.filter(({ enabled }) => !enabled).map(({ name }) => name);
  if (off.length > 0) {
    return amiss(
      'fail',
      `off: ${off.join(', ')}`,
      `turn it on in EventBridge Scheduler in ${region}, or deploy ${stack} again`,
    );
  }
  if (schedules.length === 0) return amiss('fail', `${stack} has no schedule`, `npx cdk deploy ${stack}`);
  return well(`${schedules.length} on`);
}

/** The end of an alarm's name is its section in the runbook. */
async function quiet({ cloud, config }: CloudWorld, region: string): Promise<Finding> {
  const prefix = `${config.name}-`;
  const raised = await cloud.alarms(region, prefix);
  if (raised.length === 0) return well('none goes off');
  const sections = raised.map(({ name }) => `docs/runbook.md#${name.slice(prefix.length)}`);
  return amiss('fail', raised.map(({ name }) => `${name} goes off`).join('; '), `see ${sections.join(', ')}`);
}
