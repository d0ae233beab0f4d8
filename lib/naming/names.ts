import type { Config } from '../../lambda/config/config.ts';

/**
 * Physical names, for the constructs and for the command line, which has no CDK. They are fixed by the config's `name`, because stacks of different regions cannot refer to
 * each other's resources, and because people type them: `aws dynamodb query --table-name smtp-quorum`.
 */
export interface Names {
  readonly table: string;
  readonly bus: string;
  /** The bus in the region of each vantage for requests for its second opinion. */
  readonly opinions: string;
  readonly alerts: string;
  readonly operators: string;
  /** In the region of a vantage, for alarms that are reported without the home region. */
  readonly vantageOperators: string;
  readonly judge: string;
  readonly rollup: string;
  readonly posture: string;
  /** The same in every region. */
  readonly trips: string;
  /** In another region. By a name of its own: a region that becomes the home has both until the vantages are deployed. */
  readonly secondPosture: string;
  readonly bounces: string;
  /** The queue that starts `bounces`. */
  readonly bounceEvents: string;
  readonly answer: string;
  /** Reads bounce mailboxes. */
  readonly bounceMailbox: string;
  readonly deliver: string;
  /** The queue that starts `deliver`. */
  readonly deliveries: string;
  /** Writes the status page. */
  readonly publish: string;
  /** The queue that starts `publish`. */
  readonly pageEvents: string;
  readonly notify: string;
  /** The queue that starts `notify`. */
  readonly serviceDeliveries: string;
  /** The same in every region. */
  readonly probe: string;
  /** CloudWatch namespace of the metrics. */
  readonly metrics: string;
  stack(part: string): string;
}

export function namesOf({ name }: Pick<Config, 'name'>): Names {
  return {
    table: name,
    bus: name,
    opinions: `${name}-opinions`,
    alerts: `${name}-alerts`,
    operators: `${name}-operators`,
    vantageOperators: `${name}-vantage-operators`,
    judge: `${name}-judge`,
    rollup: `${name}-rollup`,
    posture: `${name}-posture`,
    trips: `${name}-trips`,
    secondPosture: `${name}-second-posture`,
    bounces: `${name}-bounces`,
    bounceEvents: `${name}-bounce-events`,
    answer: `${name}-answer`,
    bounceMailbox: `${name}-bounce-mailbox`,
    deliver: `${name}-deliver`,
    deliveries: `${name}-deliveries`,
    publish: `${name}-publish`,
    pageEvents: `${name}-page-events`,
    notify: `${name}-notify`,
    serviceDeliveries: `${name}-service-deliveries`,
    probe: `${name}-probe`,
    metrics: name,
    stack: (part) => `${name}-${part}`,
  };
}
