import type { Config } from '../lambda/config/config.ts';
import { localVantage, regionNames } from '../lambda/config/regions.ts';

/** What a config may say on one machine and not on AWS. Each is a sentence that says what to write instead. */
export function hindrances({ home, policy, targets }: Config): readonly string[] {
  const regions = new Set<string>(regionNames);
  return [
    ...[home, ...policy.vantages]
      .filter((name) => !regions.has(name))
      .map((name) => `vantages: ${name} is no AWS region${name === localVantage ? ', it is one machine' : ''}`),
    ...(policy.every % 60_000 === 0
      ? []
      : [`every: ${policy.every / 1000}s works on one machine only; on AWS a round takes whole minutes`]),
    ...targets.flatMap(({ id, auth }) =>
      auth && 'env' in auth.password
        ? [
            `targets.${id}: a password by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
          ]
        : [],
    ),
  ];
}

/** @throws Error that names everything that keeps this config from AWS */
export function checkDeployable(config: Config): void {
  const found = [...new Set(hindrances(config))];
  if (found.length > 0) throw new Error(`this config cannot be deployed to AWS:\n  ${found.join('\n  ')}`);
}
