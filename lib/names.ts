import { Aws } from 'aws-cdk-lib';
import type { Config } from '../lambda/config/config.ts';

/**
 * Physical names and ARNs. They are fixed by the config's `name`, because stacks of different regions cannot refer to
 * each other's resources, and because people type them: `aws dynamodb query --table-name smtp-quorum`.
 */
export interface Names {
  readonly table: string;
  readonly bus: string;
  readonly alerts: string;
  readonly operators: string;
  readonly judge: string;
  readonly rollup: string;
  /** The same in every region. */
  readonly probe: string;
  /** CloudWatch namespace of the metrics. */
  readonly metrics: string;
  readonly tableArn: string;
  busArn(region: string): string;
  stack(part: string): string;
}

export function namesOf({ name, home }: Config): Names {
  const arn = (service: string, region: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;
  return {
    table: name,
    bus: name,
    alerts: `${name}-alerts`,
    operators: `${name}-operators`,
    judge: `${name}-judge`,
    rollup: `${name}-rollup`,
    probe: `${name}-probe`,
    metrics: name,
    tableArn: arn('dynamodb', home, `table/${name}`),
    busArn: (region) => arn('events', region, `event-bus/${name}`),
    stack: (part) => `${name}-${part}`,
  };
}
