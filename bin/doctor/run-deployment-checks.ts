import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { errorResult } from './aws-error.ts';
import { type AwsAccount, openAwsAccount } from './aws-queries.ts';
import {
  type CheckContext,
  type DeploymentCheckContext,
  memoize,
  memoizeUses,
  queriesOf,
  reachQuestions,
} from './check-context.ts';
import type { NamedCheckResult } from './check-result.ts';
import { deploymentChecks, runChecks } from './checks.ts';

/** Checks a deployment on AWS. */
export async function checkDeployment(
  config: Config,
  { profile, qualifier }: { readonly profile?: string; readonly qualifier: string },
): Promise<readonly NamedCheckResult[]> {
  const aws = openAwsAccount(profile);
  try {
    const { account, arn } = await aws.identity(config.home);
    const context = { config, now: Date.now(), account, qualifier, aws, ...contextOf(aws, config) };
    const identity: NamedCheckResult = {
      check: 'account',
      region: null,
      outcome: 'pass',
      detail: `${account}, as ${arn}`,
      fix: null,
    };
    return [identity, ...(await runChecks(deploymentChecks(config), context satisfies DeploymentCheckContext))];
  } catch (error) {
    // Without credentials every check would fail in the same way: report it once.
    return [{ check: 'account', region: null, ...errorResult(error) }];
  } finally {
    aws.close();
  }
}

function contextOf(aws: AwsAccount, config: Config): Omit<CheckContext, 'config' | 'now'> {
  const { probe, posture, secondPosture, trips, bounceMailbox, table, stack } = namesOf(config);
  const readers = { trips, bounces: bounceMailbox } as const;
  const request = { diagnose: reachQuestions(config) };
  return {
    diagnosis: memoize((vantage) => aws.diagnosis(vantage, probe, request)),
    postureDiagnosis: memoize((vantage) =>
      aws.postureDiagnosis(vantage, vantage === config.home ? posture : secondPosture),
    ),
    mailboxDiagnosis: memoizeUses((vantage, use) => aws.mailboxDiagnosis(vantage, readers[use])),
    probeIp: async (vantage) => (await aws.stack(vantage, stack(`probe-${vantage}`)))?.outputs.get('ProbeIp') ?? null,
    ...queriesOf(aws.table(config.home, table), config),
  };
}
