import type { Config } from '../../lambda/config/config.ts';
import { hindrances } from '../../lib/app/deployable.ts';
import { troubleOf } from './aws-error.ts';
import { nothingOwed, peopleChecks } from './channel-checks.ts';
import type { CloudWorld, World } from './check-context.ts';
import { amiss, type Check, type Checked, type Finding, well } from './check-result.ts';
import { noneBesides, regionChecks, stackChecks } from './deployment-checks.ts';
import { controlChecks } from './port-25-checks.ts';
import { vantageChecks } from './vantage-checks.ts';

/** Everything that is asked of one machine. */
export function localChecks(config: Config): readonly Check<World>[] {
  return [
    { name: 'config', region: null, run: async () => well(summaryOf(config)) },
    ...controlChecks<World>(config),
    ...config.policy.vantages.flatMap((vantage) => vantageChecks({ config }, vantage)),
    { name: 'alerts owed', region: null, run: nothingOwed },
  ];
}

/** Everything that is asked of a deployment: the config, then each region with its vantage, then people. */
export function cloudChecks(config: Config): readonly Check<CloudWorld>[] {
  const { home, policy } = config;
  const regions = [home, ...policy.vantages.filter((vantage) => vantage !== home)];
  return [
    { name: 'config', region: null, run: async () => deployable(config) },
    ...regions.flatMap((region) => [
      ...regionChecks(region),
      ...(region === home ? stackChecks(region, 'home') : []),
      ...(policy.vantages.includes(region)
        ? [...stackChecks(region, `probe-${region}`), ...vantageChecks({ config }, region)]
        : []),
    ]),
    { name: 'other regions', region: null, run: noneBesides },
    ...peopleChecks(config),
    { name: 'alerts owed', region: home, run: nothingOwed },
  ];
}

function deployable(config: Config): Finding {
  const found = hindrances(config);
  if (found.length === 0) return well(summaryOf(config));
  return amiss('fail', found.join('; '), 'change the config; or look at this machine alone with --local');
}

function summaryOf({ targets, policy: { vantages } }: Config): string {
  const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`;
  return `${count(targets.length, 'target')}, ${count(vantages.length, 'vantage')}`;
}

/** Runs all at once; in the order of the checks. One that throws could not look. */
export function runChecks<Some>(checks: readonly Check<Some>[], world: Some): Promise<readonly Checked[]> {
  return Promise.all(
    checks.map(async ({ name, region, run }) => ({ check: name, region, ...(await run(world).catch(troubleOf)) })),
  );
}
