import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { decryption } from '../iam/read-secrets.ts';
import { grant, secretArn } from '../iam/statements.ts';
import { secretChunks } from '../quotas/split-secrets-over-policies.ts';

export interface SecretsProps {
  readonly config: Config;
  /** ARNs of customer-managed KMS keys. They may be used through Secrets Manager only. */
  readonly keys: readonly string[];
  /** A prefix of names of secrets: all of them may be read. */
  readonly prefix?: string | undefined;
}

/**
 * Allows a probe to read the passwords of the config. The inline policy of its role lists a few secrets. More than fit there are
 * in managed policies, as many in each as fit.
 */
export function grantSecrets(scope: Construct, role: Role, { config, keys, prefix }: SecretsProps): void {
  const { inline, managed } = secretChunks(config, prefix);
  const arns = (names: readonly string[]) => names.map((name) => secretArn(name, config.home));
  const read = (names: readonly string[]) => grant(['secretsmanager:GetSecretValue'], arns(names));
  if (inline.length > 0) role.addToPolicy(read(inline));
  for (const [nth, names] of managed.entries()) {
    new ManagedPolicy(scope, `Secrets${nth}`, {
      description: `Read passwords of the probe, part ${nth + 1} of ${managed.length}`,
      statements: [read(names)],
      roles: [role],
    });
  }
  if (keys.length === 0 || inline.length + managed.length === 0) return;
  role.addToPolicy(decryption(keys));
}
