import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { configProblems } from '../../lib/deployment/deployable.ts';
import { answerUrlChecks } from './answers/check-answer-url.ts';
import { errorResult } from './aws-error.ts';
import { channelChecks, deliveryChecks } from './channel-checks.ts';
import type { CheckContext, DeploymentCheckContext } from './check-context.ts';
import { type Check, type CheckResult, type NamedCheckResult, passed, problem } from './check-result.ts';
import { checkOtherRegions, regionChecks, stackChecks } from './deployment-checks.ts';
import { drillChecks } from './drill/check-last-drill.ts';
import { checkAddresses } from './independence/check-addresses.ts';
import { bounceLogChecks, bounceMailboxChecks, tripMailboxChecks } from './mailboxes/mailbox-checks.ts';
import { statusPageChecks } from './page/check-status-page.ts';
import { controlChecks } from './port-25-advice.ts';
import { postureChecks } from './posture/posture-checks.ts';
import { serviceChecks } from './services/service-checks.ts';
import { checkStoredItems } from './stored-item-checks.ts';
import { vantageChecks } from './vantage-checks.ts';

/** The checks of one machine. */
export function machineChecks(config: Config): readonly Check<CheckContext>[] {
  return [
    { name: 'config', region: null, run: async () => passed(summaryOf(config)) },
    ...controlChecks<CheckContext>(config),
    ...config.policy.vantages.flatMap((vantage) => [
      ...vantageChecks({ config }, vantage),
      ...tripMailboxChecks<CheckContext>(config, vantage),
    ]),
    ...bounceMailboxChecks<CheckContext>({ ...config, home: localVantage }),
    ...bounceLogChecks<CheckContext>(config),
    ...postureChecks<CheckContext>({ ...config, home: localVantage }),
    { name: 'addresses', region: null, run: () => checkAddresses(config) },
    ...deliveryChecks({ ...config, home: localVantage }),
    ...drillChecks({ ...config, home: localVantage }),
    { name: 'stored items', region: null, run: checkStoredItems },
  ];
}

/** The checks of a deployment: the config, each region with its vantage, and the channels. */
export function deploymentChecks(config: Config): readonly Check<DeploymentCheckContext>[] {
  const { home, policy } = config;
  const regions = [home, ...policy.vantages.filter((vantage) => vantage !== home)];
  return [
    { name: 'config', region: null, run: async () => checkConfig(config) },
    ...regions.flatMap((region) => [
      ...regionChecks(region),
      ...(region === home ? stackChecks(region, 'home') : []),
      ...(policy.vantages.includes(region)
        ? [
            ...stackChecks(region, `probe-${region}`),
            ...vantageChecks({ config }, region),
            ...tripMailboxChecks<DeploymentCheckContext>(config, region),
          ]
        : []),
    ]),
    ...bounceMailboxChecks<DeploymentCheckContext>(config),
    ...postureChecks<DeploymentCheckContext>(config),
    { name: 'other regions', region: null, run: checkOtherRegions },
    { name: 'addresses', region: null, run: () => checkAddresses(config) },
    ...channelChecks(config),
    ...serviceChecks(config),
    ...deliveryChecks(config),
    ...drillChecks(config),
    ...answerUrlChecks(config),
    ...statusPageChecks(config),
    { name: 'stored items', region: home, run: checkStoredItems },
  ];
}

function checkConfig(config: Config): CheckResult {
  const found = configProblems(config);
  if (found.length === 0) return passed(summaryOf(config));
  return problem('fail', found.join('; '), 'change the config, or check this machine only with --local');
}

function summaryOf({ targets, policy: { vantages } }: Config): string {
  const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`;
  return `${count(targets.length, 'target')}, ${count(vantages.length, 'vantage')}`;
}

/** Runs all checks at once. The results have the order of the checks; a check that throws is `unable`. */
export function runChecks<Some>(checks: readonly Check<Some>[], context: Some): Promise<readonly NamedCheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, region, run }) => ({ check: name, region, ...(await run(context).catch(errorResult)) })),
  );
}
