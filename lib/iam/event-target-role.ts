import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * The role by which one rule puts events on a bus elsewhere; CDK grants it that one bus. Only EventBridge may take it on,
 * and only for this account. Not narrowed to the rule: rule and role would each wait for the other.
 */
export function eventTargetRole(scope: Construct, id: string, description: string): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
  });
}
