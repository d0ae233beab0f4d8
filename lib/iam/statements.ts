/** Statements of the roles' policies. */
import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { eventSource } from '../../lambda/aws/environment.ts';

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

/**
 * Condition: only events of this product with these detail types; `*` is a wildcard. One call puts several events, so the keys
 * have several values, and IAM does not define how an operator without `ForAllValues` compares them. `Null` denies a call
 * without values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export function ownEvents(...detailTypes: readonly string[]): Record<string, Record<string, unknown>> {
  return {
    'ForAllValues:StringEquals': { 'events:source': eventSource },
    'ForAllValues:StringLike': { 'events:detail-type': detailTypes },
    Null: { 'events:source': 'false', 'events:detail-type': 'false' },
  };
}

/** ARN of a secret that the config names: to a name, Secrets Manager adds a hyphen and six characters. */
export function secretArn(secret: string, region: string): string {
  if (secret.startsWith('arn:')) return secret;
  return `arn:${Aws.PARTITION}:secretsmanager:${region}:${Aws.ACCOUNT_ID}:secret:${secret}-??????`;
}
