import { regionNames } from '../../lambda/config/schema/regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { partitionOf } from '../../lib/naming/partition.ts';
import type { DeploymentCheckContext } from './check-context.ts';
import { type CheckResult, passed, problem } from './check-result.ts';

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
