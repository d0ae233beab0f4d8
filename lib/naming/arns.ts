import { Aws } from 'aws-cdk-lib';
import type { Config } from '../../lambda/config/config.ts';
import { namesOf } from './names.ts';

/** ARNs of what stacks of other regions refer to. */
export interface Arns {
  readonly table: string;
  bus(region: string): string;
  opinions(region: string): string;
}

export function arnsOf(config: Config): Arns {
  const names = namesOf(config);
  const arn = (service: string, region: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;
  return {
    table: arn('dynamodb', config.home, `table/${names.table}`),
    bus: (region) => arn('events', region, `event-bus/${names.bus}`),
    opinions: (region) => arn('events', region, `event-bus/${names.opinions}`),
  };
}
