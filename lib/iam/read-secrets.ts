import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { grant, secretArn } from './statements.ts';

interface SecretsOfFunction {
  /** Names or ARNs. */
  readonly secrets: readonly string[];
  /** The region of the secrets. */
  readonly home: string;
  /** ARNs of KMS keys of your own. They may be used through Secrets Manager only. */
  readonly keys: readonly string[];
}

/** Allows a function to read secrets. */
export function grantSecretReads(reader: LambdaFunction, { secrets, home, keys }: SecretsOfFunction): void {
  if (secrets.length === 0) return;
  const arns = secrets.map((secret) => secretArn(secret, home));
  reader.addToRolePolicy(grant(['secretsmanager:GetSecretValue'], arns));
  if (keys.length > 0) reader.addToRolePolicy(decryption(keys));
}

export function decryption(keys: readonly string[]) {
  return grant(['kms:Decrypt'], keys, { StringLike: { 'kms:ViaService': 'secretsmanager.*' } });
}
