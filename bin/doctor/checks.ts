import type { Config } from '../../lambda/config/config.ts';
import { deploymentProblems } from '../../lib/deployment/deployable.ts';
import { errorResult } from './aws-error.ts';
import { channelChecks, nothingOwed } from './channel-checks.ts';
import type { CheckContext, CloudCheckContext } from './check-context.ts';
import { type Check, type Checked, type CheckResult, passed, problem } from './check-result.ts';
import { noneBesides, regionChecks, stackChecks } from './deployment-checks.ts';
import { controlChecks } from './port-25-checks.ts';
import { vantageChecks } from './vantage-checks.ts';

/** Everything that is asked of one machine. */
export function localChecks(config: Config): readonly Check<CheckContext>[] {
  return [
    { name: 'config', region: null, run: async () => passed(summaryOf(config)) },
    ...controlChecks<CheckContext>(config),
    ...config.policy.vantages.flatMap((vantage) => vantageChecks({ config }, vantage)),
    { name: 'alerts owed', region: null, run: nothingOwed },
  ];
}

/** Everything that is asked of a deployment: the config, then each region with its vantage, then people. */
export function cloudChecks(config: Config): readonly Check<CloudCheckContext>[] {
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
    ...channelChecks(config),
    { name: 'alerts owed', region: home, run: nothingOwed },
  ];
}

function deployable(config: Config): CheckResult {
  const found = deploymentProblems(config);
  if (found.length === 0) return passed(summaryOf(config));
  return problem('fail', found.join('; '), 'change the config; or look at this machine alone with --local');
}

function summaryOf({ targets, policy: { vantages } }: Config): string {
  const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`;
  return `${count(targets.length, 'target')}, ${count(vantages.length, 'vantage')}`;
}

/** Runs all at once; in the order of the checks. One that throws could not look. */
export function runChecks<Some>(checks: readonly Check<Some>[], world: Some): Promise<readonly Checked[]> {
  return Promise.all(
    checks.map(async ({ name, region, run }) => ({ check: name, region, ...(await run(world).catch(errorResult)) })),
  );
}
