import { CfnOutput, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { dependenceWarning } from '../../lambda/alert/independence/mail-dependence.ts';
import type { Config } from '../../lambda/config/config.ts';
import { takeAnswers } from '../answers/answer-function.ts';
import { watchBounces } from '../bounces/bounce-function.ts';
import { scheduleBounceMailboxes } from '../bounces/bounce-mailbox-function.ts';
import { checkDeployable } from '../deployment/deployable.ts';
import { releaseOf, releaseOutput } from '../deployment/release.ts';
import { useX86 } from '../function/architecture.ts';
import { undeliveredQueue } from '../function/undelivered-queue.ts';
import { homeAlarms } from '../monitoring/alarms.ts';
import { operatorsDashboard } from '../monitoring/dashboard.ts';
import { distinctAddresses, operatorsOf, operatorsTopic } from '../monitoring/operators-topic.ts';
import { namesOf } from '../naming/names.ts';
import { stackPropsIn } from '../naming/stack-props.ts';
import { statusPage } from '../page/status-page.ts';
import { schedulePosture } from '../posture/posture-function.ts';
import { deliverFunction } from './deliver-function.ts';
import { judgeFunction } from './judge-function.ts';
import { notifyFunction } from './notify-function.ts';
import { rollupFunction } from './rollup-function.ts';
import { statusReader } from './status-reader.ts';
import { subscribeChannels } from './subscriptions.ts';

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

  /**
   * E-mail addresses of those who run the monitor: they hear its alarms.
   *
   * @default - the addresses of the config's `notify` that hear of blind vantages
   */
  readonly operators?: readonly string[];

  /**
   * Dollars of SMS in a month above which the operators hear of it. SNS sends no more at one dollar, until AWS raises
   * the account's limit.
   *
   * @default 0.8
   */
  readonly smsSpend?: number;

  /**
   * ARNs of the KMS keys of your own under which the keys of DNS lists (`listKeys` of the config), the secrets of `notify` and the
   * passwords of bounce mailboxes are encrypted.
   *
   * @default - none
   */
  readonly secretKeys?: readonly string[];

  /**
   * Regions whose functions run on x86_64 instead of arm64.
   *
   * @default - none
   */
  readonly x86?: readonly string[];
}

/**
 * The home region: the table, the topic that tells people, the bus, and the judge. `SmtpQuorum` makes one; use it alone
 * where the stacks belong to different CDK apps. Its region is the config's home, and its name follows from the config's:
 * the stacks of a fleet, `smtp-quorum doctor` and people find each other by it.
 *
 * @throws Error where the config cannot be deployed to AWS, or another region is asked for
 * @example
 * new HomeStack(app, 'MailHome', { config });
 */
export class HomeStack extends Stack {
  /** Rounds, incidents and verdicts. */
  readonly table: TableV2;
  /** Alerts, for whoever subscribes: e-mail, SMS, HTTPS, SQS, Lambda; filter by the attribute `topic`. */
  readonly alerts: Topic;
  /** `Target Down`, `Target Recovered` and the like, for rules of your own. */
  readonly bus: EventBus;
  /** Alarms of the monitor itself, from every region. */
  readonly operators: Topic;
  /**
   * Lets a status page read verdicts, history and incidents, and nothing else. The events `Target …` of `bus` say when it
   * is out of date.
   *
   * @example
   * mail.home.statusReader.attachToRole(page.role);
   * new Rule(mail.home, 'Refresh', {
   *   eventBus: mail.home.bus,
   *   eventPattern: { source: ['smtp-quorum'], detailType: Match.prefix('Target ') },
   *   targets: [new LambdaFunction(page)],
   * });
   */
  readonly statusReader: ManagedPolicy;

  constructor(scope: Construct, id: string, props: HomeStackProps) {
    super(scope, id, homePlace(props));
    const { config, removalPolicy = RemovalPolicy.RETAIN, logRetention = RetentionDays.ONE_MONTH } = props;
    const undelivered = undeliveredQueue(this, 'Undelivered');
    this.table = historyTable(this, config, removalPolicy);
    this.alerts = alertsTopic(this, config);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: namesOf(config).bus,
      description: 'What smtp-quorum saw and decided',
    });
    const { table, alerts, bus } = this;
    subscribeChannels(alerts, config);
    const dependence = dependenceWarning(config);
    if (dependence !== null) Validations.of(alerts).addWarning('smtp-quorum:independence', dependence);
    const { smsSpend = 0.8, secretKeys = [] } = props;
    const parts = { config, table, bus, alerts, undelivered, logRetention, secretKeys };
    const judge = judgeFunction(this, parts);
    const deliver = deliverFunction(this, parts);
    const notify = notifyFunction(this, parts);
    // What a new judge hands over, those who deliver must know: they give up what is pending on an unknown channel.
    judge.node.addDependency(deliver, ...(notify ? [notify.function] : []));
    const rollup = rollupFunction(this, { config, table, undelivered, logRetention });
    const watched = homeAlarms(this, { config, judge, rollup, alerts, undelivered, smsSpend });
    const posture = schedulePosture(this, { config, vantage: config.home, undelivered, logRetention, secretKeys });
    const bounces = watchBounces(this, { config, table, bus, undelivered, logRetention });
    const page = statusPage(this, { config, table, bus, judge, undelivered, logRetention });
    const answers = takeAnswers(this, { config, table, logRetention, secretKeys });
    const reader = scheduleBounceMailboxes(this, { config, table, bus, undelivered, logRetention, secretKeys });
    const others = [posture, ...bounces, reader, ...answers, ...page, notify?.alarm ?? null];
    const alarms = [...watched, ...others.filter((alarm) => alarm !== null)];
    const operators = distinctAddresses(props.operators ?? operatorsOf(config));
    this.operators = operatorsTopic(this, { config, bus, operators, alarms, undelivered });
    this.statusReader = statusReader(this, table);
    operatorsDashboard(this, { config, alarms });
    useX86(this, props.x86);
    output(this, releaseOutput, releaseOf(config), 'Version and config, for smtp-quorum doctor');
    output(this, 'TableName', table.tableName, 'For aws dynamodb query, and --table');
    output(this, 'AlertsTopicArn', alerts.topicArn, 'Subscribe whoever else shall hear of mail servers');
    output(this, 'StatusReaderPolicyArn', this.statusReader.managedPolicyArn, 'For the role of a status page');
    output(this, 'OperatorsTopicArn', this.operators.topicArn, 'Subscribe whoever else runs this monitor');
  }
}

function homePlace(props: HomeStackProps): StackProps {
  const { config } = props;
  checkDeployable(config, props, 'home');
  return stackPropsIn(props, config.home, namesOf(config).stack('home'));
}

function historyTable(scope: Construct, config: Config, removalPolicy: RemovalPolicy): TableV2 {
  return new TableV2(scope, 'Table', {
    tableName: namesOf(config).table,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
  });
}

function alertsTopic(scope: Construct, config: Config): Topic {
  const name = namesOf(config).alerts;
  const topic = new Topic(scope, 'Alerts', {
    topicName: name,
    displayName: name,
    enforceSSL: true,
  });
  // The key that AWS keeps for SNS: it costs nothing, and only our own functions publish here. By its plain name: where an
  // account never had that key, SNS makes it; by an ARN it would be looked for in vain. CDK knows ARNs only.
  const plain = topic.node.defaultChild as CfnTopic;
  plain.kmsMasterKeyId = 'alias/aws/sns';
  return topic;
}

function output(scope: Construct, id: string, value: string, description: string): void {
  new CfnOutput(scope, id, { value, description });
}
