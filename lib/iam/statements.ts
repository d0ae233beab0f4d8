/** Statements of the roles' policies. */
import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** One statement: these actions on these resources, under these conditions. */
export function grant(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, Record<string, unknown>> = {},
): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources], conditions });
}

/** Condition: only items of these partition keys, in which `*` stands for anything. */
export function itemsInPartitions(...keys: readonly string[]): Record<string, Record<string, unknown>> {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}

/** ARN of a secret that the config names: to a name, Secrets Manager adds a hyphen and six characters. */
export function secretArn(secret: string, region: string): string {
  if (secret.startsWith('arn:')) return secret;
  return `arn:${Aws.PARTITION}:secretsmanager:${region}:${Aws.ACCOUNT_ID}:secret:${secret}-??????`;
}
