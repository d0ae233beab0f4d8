import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { type AwsAccount, openAwsAccount } from './aws-account.ts';
import { errorResult } from './aws-error.ts';
import { type CheckContext, type CloudCheckContext, historyOf, onceEach, reachQuestions } from './check-context.ts';
import type { Checked } from './check-result.ts';
import { cloudChecks, runChecks } from './checks.ts';

export async function checkDeployment(
  config: Config,
  { profile, qualifier }: { readonly profile?: string; readonly qualifier: string },
): Promise<readonly Checked[]> {
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
