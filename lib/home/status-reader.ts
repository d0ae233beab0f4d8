import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { targetKey, verdictsKey } from '../../lambda/history/table/keys.ts';
import { grant, itemsInPartitions } from '../iam/statements.ts';

/**
 * What a page or a program that shows the status may read: verdicts, and each target's hours, days and incidents. Not
 * rounds: what was decided is in the others. Attach it to the role of whatever renders the page.
 */
export function statusReader(scope: Construct, table: TableV2): ManagedPolicy {
  return new ManagedPolicy(scope, 'StatusReader', {
    description: 'Read verdicts, history and incidents of smtp-quorum',
    statements: [
      grant(
        ['dynamodb:GetItem', 'dynamodb:Query'],
        [table.tableArn],
        itemsInPartitions(verdictsKey, targetKey.pk('*')),
      ),
    ],
  });
}
