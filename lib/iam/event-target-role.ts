import { Stack } from 'aws-cdk-lib';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * The role by which one rule puts events on a bus elsewhere, or publishes to a topic. Functions and queues allow rules in
 * policies of their own (docs/decisions/0014-targets-of-rules.md). Only EventBridge may take the role on, and only for this
 * account. Not narrowed to the rule: rule and role would each wait for the other.
 */
export function eventTargetRole(scope: Construct, id: string, description: string): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
  });
}

/**
 * The target, with a rule that waits for the policy of its role. A rule refers to the role alone, and EventBridge does not
 * try again what it was not permitted to do.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function afterPolicyOf(role: Role, target: IRuleTarget): IRuleTarget {
  return {
    bind: (rule, id) => {
      rule.node.addDependency(role);
      return target.bind(rule, id);
    },
  };
}
