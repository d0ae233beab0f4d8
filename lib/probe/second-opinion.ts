import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget, LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';
import type { Config } from '../../lambda/config/config.ts';
import { eventTargetRole } from '../iam/event-target-role.ts';
import { arnsOf } from '../naming/arns.ts';

/** What the judge asks of one vantage; EventBridge matches where the array in the event holds it. */
const wantedOf = (vantage: string) => ({
  source: [eventSource],
  detailType: ['Second Opinion Wanted'],
  detail: { vantages: [vantage] },
});

export interface RelayProps {
  readonly config: Config;
  readonly bus: EventBus;
  readonly undelivered: IQueue;
}

/**
 * Carries each wish for a second opinion from the home bus to the bus of the asked vantage's region. EventBridge starts
 * functions in its own region only, so every region has a bus of the same name, and each relay's role may put events on
 * that one bus and do nothing else. The judge needs no permission in any other region.
 */
export function relaySecondOpinions(scope: Construct, { config, bus, undelivered }: RelayProps): void {
  for (const vantage of config.policy.vantages.filter((name) => name !== config.home)) {
    new Rule(scope, `Relay-${vantage}`, {
      eventBus: bus,
      description: `Second opinions wanted of ${vantage}`,
      eventPattern: wantedOf(vantage),
      targets: [
        new BusTarget(EventBus.fromEventBusArn(scope, `Bus-${vantage}`, arnsOf(config).bus(vantage)), {
          role: eventTargetRole(scope, `Relay-${vantage}-Role`, `Carries wishes for a second opinion to ${vantage}`),
          deadLetterQueue: undelivered,
        }),
      ],
    });
  }
}

export interface SecondOpinionProps {
  readonly vantage: string;
  /** Name of the bus in this region. */
  readonly bus: string;
  readonly probe: IFunction;
  readonly undelivered: IQueue;
}

/** Starts the probe of this region when its opinion is wanted; an opinion that comes late is of no use. */
export function probeOnSecondOpinion(scope: Construct, { vantage, bus, probe, undelivered }: SecondOpinionProps): void {
  new Rule(scope, 'SecondOpinionWanted', {
    eventBus: EventBus.fromEventBusName(scope, 'OpinionBus', bus),
    description: `The judge asks ${vantage} to look now`,
    eventPattern: wantedOf(vantage),
    targets: [
      new LambdaTarget(probe, { retryAttempts: 0, maxEventAge: Duration.minutes(1), deadLetterQueue: undelivered }),
    ],
  });
}
