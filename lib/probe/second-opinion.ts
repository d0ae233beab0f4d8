import { Duration } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Policy, type Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../lambda/aws/environment.ts';
import type { Config } from '../../lambda/config/config.ts';
import { grant, ownEvents } from '../iam/statements.ts';
import { arnsOf } from '../naming/arns.ts';
import { namesOf } from '../naming/names.ts';

/**
 * Whether the buses of the release before are kept beside those of this one: on them a judge of that release asks for
 * second opinions, while only a part of the stacks is deployed, or where one goes back to it.
 */
export type FormerBuses = 'keep' | 'drop';

const detailType = 'Second Opinion Wanted';

/**
 * Lets the judge ask each vantage on the bus of its own region. No rule carries these events between regions: it would
 * name buses that later stacks create, and which regions and partitions can be targets is nowhere written. An inline
 * policy of its own, for CDK takes the default one apart by a guess of its size.
 */
export function letAskForOpinions(scope: Construct, judgeRole: Role, config: Config): void {
  const { secondOpinion, vantages } = config.policy;
  if (!secondOpinion) return;
  const arns = arnsOf(config);
  const statements = [arns.opinions, arns.bus].map((arnIn) =>
    grant(['events:PutEvents'], vantages.map(arnIn), ownEvents(detailType)),
  );
  new Policy(scope, 'AskForOpinions', { statements, roles: [judgeRole] });
}

export interface SecondOpinionProps {
  readonly config: Config;
  readonly vantage: string;
  readonly probe: IFunction;
  readonly undelivered: IQueue;
  readonly formerBuses: FormerBuses;
}

/** Starts the probe of this region when its opinion is wanted; an opinion that comes late is of no use. */
export function probeOnSecondOpinion(scope: Construct, props: SecondOpinionProps): void {
  const { config, vantage, formerBuses } = props;
  if (!config.policy.secondOpinion) return;
  const eventBus = busOf(scope, 'Opinions', namesOf(config).opinions, vantage);
  wish(scope, 'OpinionWanted', { ...props, eventBus });
  // A judge of this release asks on both buses; what it put there says so, and is left to the rule above.
  if (formerBuses === 'keep')
    wish(scope, 'SecondOpinionWanted', {
      ...props,
      eventBus: formerBus(scope, config, vantage),
      by: Match.doesNotExist(),
    });
}

interface WishProps extends SecondOpinionProps {
  readonly eventBus: IEventBus;
  readonly by?: string[];
}

function wish(scope: Construct, id: string, { vantage, eventBus, probe, undelivered, by }: WishProps): void {
  new Rule(scope, id, {
    eventBus,
    description: `The judge asks ${vantage} to look now`,
    // EventBridge matches where the array in the event holds the vantage.
    eventPattern: {
      source: [eventSource],
      detailType: [detailType],
      detail: { vantages: [vantage], ...(by ? { by } : {}) },
    },
    targets: [
      new LambdaTarget(probe, { retryAttempts: 0, maxEventAge: Duration.minutes(1), deadLetterQueue: undelivered }),
    ],
  });
}

/** The home region's own bus served its vantage, too. */
function formerBus(scope: Construct, config: Config, vantage: string): IEventBus {
  const { bus } = namesOf(config);
  if (vantage === config.home) return EventBus.fromEventBusName(scope, 'OpinionBus', bus);
  return busOf(scope, 'Bus', bus, vantage);
}

/** CDK's classes and interfaces differ on properties that may be undefined. */
function busOf(scope: Construct, id: string, eventBusName: string, vantage: string): IEventBus {
  return new EventBus(scope, id, { eventBusName, description: `Second opinions wanted of ${vantage}` }) as IEventBus;
}
