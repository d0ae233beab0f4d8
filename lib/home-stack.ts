import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '../lambda/config/config.ts';
import { judgeFunction } from './judge.ts';
import { namesOf } from './names.ts';
import { relaySecondOpinions } from './second-opinion.ts';
import { subscribeChannels } from './subscriptions.ts';
import { undeliveredQueue } from './undelivered.ts';

export interface HomeStackProps extends StackProps {
  /** The checked config, as `loadConfig` returns it. */
  readonly config: Config;

  /**
   * What becomes of the table when the stack is deleted. With anything but `RETAIN` its deletion protection is off, too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the logs of the functions are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/**
 * The home region: the table, the topic that tells people, the bus, and the judge. `SmtpQuorum` makes one; use it alone
 * where the stacks belong to different CDK apps.
 *
 * @example
 * new HomeStack(app, 'MailHome', { config, env: { region: config.home } });
 */
export class HomeStack extends Stack {
  /** Rounds, incidents and verdicts. */
  readonly table: TableV2;
  /** Alerts, for whoever subscribes: e-mail, SMS, HTTPS, SQS, Lambda; filter by the attribute `topic`. */
  readonly alerts: Topic;
  /** `Target Down`, `Target Recovered` and the like, for rules of your own. */
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: HomeStackProps) {
    super(scope, id, props);
    const { config, removalPolicy = RemovalPolicy.RETAIN, logRetention = RetentionDays.ONE_MONTH } = props;
    const names = namesOf(config);
    const undelivered = undeliveredQueue(this, 'Undelivered');
    this.table = new TableV2(this, 'Table', {
      tableName: names.table,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    this.alerts = new Topic(this, 'Alerts', {
      topicName: names.alerts,
      displayName: names.alerts,
      enforceSSL: true,
      // The key that AWS keeps for SNS: it costs nothing, and only our own functions publish here.
      masterKey: Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns'),
    });
    this.bus = new EventBus(this, 'Bus', { eventBusName: names.bus, description: 'What smtp-quorum saw and decided' });
    subscribeChannels(this.alerts, { config, logRetention, undelivered });
    judgeFunction(this, { config, table: this.table, bus: this.bus, alerts: this.alerts, undelivered, logRetention });
    relaySecondOpinions(this, { config, bus: this.bus, undelivered });
    new CfnOutput(this, 'TableName', {
      value: this.table.tableName,
      description: 'For aws dynamodb query, and --table',
    });
    new CfnOutput(this, 'AlertsTopicArn', {
      value: this.alerts.topicArn,
      description: 'Subscribe whoever else shall hear',
    });
  }
}
