import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { grant, secretArn } from '../iam/statements.ts';
import { secretChunks } from '../quotas/secret-chunks.ts';

export interface SecretsProps {
  readonly config: Config;
  /** ARNs of KMS keys of one's own; they serve nothing but Secrets Manager. */
  readonly keys: readonly string[];
  /** Beginning of names that may all be read, in place of a list. */
  readonly prefix?: string | undefined;
}

/**
 * Lets a probe read the passwords of the config. A few are in its inline policy; where there are more than that takes,
 * each managed policy has as many as fit.
 */
export function letReadSecrets(scope: Construct, role: Role, { config, keys, prefix }: SecretsProps): void {
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
  role.addToPolicy(grant(['kms:Decrypt'], keys, { StringLike: { 'kms:ViaService': 'secretsmanager.*' } }));
}
