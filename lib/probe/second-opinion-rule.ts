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
 * Whether a probe stack keeps the bus of the previous release, too. A judge of that release uses it: during an upgrade, and
 * after a return to that release.
 */
export type FormerBuses = 'keep' | 'drop';

const detailType = 'Second Opinion Wanted';

/**
 * Allows the judge to put requests on the bus of each vantage's region. It does so itself, because a rule would need a target
 * bus that a later stack creates, and AWS does not document which regions and partitions support such targets. The
 * statements are in an inline policy of their own, because the CDK splits the default policy by an estimate of its size.
 */
export function grantOpinionRequests(scope: Construct, judgeRole: Role, config: Config): void {
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

/** Starts the probe of this region on a request for a second opinion. A late opinion is of no use. */
export function probeOnSecondOpinion(scope: Construct, props: SecondOpinionProps): void {
  const { config, vantage, formerBuses } = props;
  if (!config.policy.secondOpinion) return;
  const eventBus = busOf(scope, 'Opinions', namesOf(config).opinions, vantage);
  opinionRule(scope, 'OpinionWanted', { ...props, eventBus });
  // The judge of this release uses both buses and marks its events with `by`. The first rule handles them.
  if (formerBuses === 'keep')
    opinionRule(scope, 'SecondOpinionWanted', {
      ...props,
      eventBus: formerBus(scope, config, vantage),
      by: Match.doesNotExist(),
    });
}

interface OpinionRuleProps extends SecondOpinionProps {
  readonly eventBus: IEventBus;
  readonly by?: string[];
}

function opinionRule(
  scope: Construct,
  id: string,
  { vantage, eventBus, probe, undelivered, by }: OpinionRuleProps,
): void {
  // By a permission of the function, which names the rule, not by a role: docs/decisions/0014-targets-of-rules.md.
  new Rule(scope, id, {
    eventBus,
    description: `The judge asks ${vantage} to look now`,
    // Matches if the array in the event contains the vantage.
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

/** In the home region the previous release used the home bus. */
function formerBus(scope: Construct, config: Config, vantage: string): IEventBus {
  const { bus } = namesOf(config);
  if (vantage === config.home) return EventBus.fromEventBusName(scope, 'OpinionBus', bus);
  return busOf(scope, 'Bus', bus, vantage);
}

/** The CDK's classes and interfaces differ in optional properties. */
function busOf(scope: Construct, id: string, eventBusName: string, vantage: string): IEventBus {
  return new EventBus(scope, id, { eventBusName, description: `Second opinions wanted of ${vantage}` }) as IEventBus;
}
