import { describe, expect, test } from 'vitest';
import type { SmtpQuorumProps } from '../../../lib/smtp-quorum.ts';
import { fleetOf } from '../quotas/corners.ts';
import { mailConfig } from '../synthesis.ts';
import { account, type DeployedStack, deployFleet } from './fleet.ts';
import { commandsOfHandlers } from './handler-commands.ts';
import { type Call, mayAssume, roleMay, serviceMay } from './simulate.ts';

const stranger = '999999999999';
const { home, probes } = deployFleet({
  config: mailConfig(),
  egress: { 'us-east-1': 'vpc' },
  secretKeys: [`arn:aws:kms:us-east-1:${account}:key/12345678-1234-1234-1234-123456789012`],
});
const withServices = deployFleet({
  config: fleetOf({ vantages: 2, targets: 1, services: 1 }),
  secretKeys: [`arn:aws:kms:us-east-1:${account}:key/12345678-1234-1234-1234-123456789012`],
}).home;
const withPage = deployFleet({ config: fleetOf({ vantages: 2, targets: 1, page: 'private' }) }).home;
const page = withPage.arn('PageBucket');
const stackOf = (vantage: string): DeployedStack => probes.get(vantage) as DeployedStack;
const [europe, america] = [stackOf('eu-west-1'), stackOf('us-east-1')];

const table = home.arn('Table');
const bus = home.arn('Bus');
const opinions = (region: string) => `arn:aws:events:${region}:${account}:event-bus/smtp-quorum-opinions`;
const former = (region: string) => `arn:aws:events:${region}:${account}:event-bus/smtp-quorum`;
const secret = (name: string, owner = account) => `arn:aws:secretsmanager:us-east-1:${owner}:secret:${name}-AbCdEf`;

const item = (action: string, ...keys: string[]): Call => ({
  action: `dynamodb:${action}`,
  resource: table,
  context: { 'dynamodb:LeadingKeys': keys },
});
const put = (resource: string, type: string, source = 'smtp-quorum'): Call => ({
  action: 'events:PutEvents',
  resource,
  context: { 'events:source': [source], 'events:detail-type': [type] },
});
const on = (action: string, resource: string, context: Call['context'] = {}): Call => ({ action, resource, context });
const onHome = (action: string, service: string, resource: string) =>
  on(action, `arn:aws:${service}:${withServices.place.region}:${account}:${resource}`);
const itemOf = (stack: DeployedStack, action: string, ...keys: string[]): Call => ({
  ...item(action, ...keys),
  resource: stack.arn('Table'),
});
const logs = (stack: DeployedStack, name: string) =>
  `arn:aws:logs:${stack.place.region}:${account}:log-group:/aws/lambda/${name}:log-stream:2026/11/26/[1]`;
const code = { 'lambda:SourceFunctionArn': europe.arn('Probe') };
const throughSecrets = { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' };
const key = `arn:aws:kms:us-east-1:${account}:key/12345678-1234-1234-1234-123456789012`;

interface Role {
  readonly stack: DeployedStack;
  readonly role: string;
  /** What its code and its service do: each must be allowed. */
  readonly may: readonly Call[];
  /** What would be more than that. */
  readonly mayNot: readonly Call[];
}

const roles: Readonly<Record<string, Role>> = {
  'the probe of Europe': {
    stack: europe,
    role: 'ProbeRole',
    may: [
      item('PutItem', 'round#eu-west-1'),
      item('GetItem', 'round#eu-west-1'),
      put(bus, 'Round Recorded'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
      on('kms:Decrypt', key, throughSecrets),
      on('sqs:ReceiveMessage', europe.arn('ScheduleDelay')),
      on('sqs:DeleteMessage', europe.arn('ScheduleDelay')),
      on('logs:CreateLogStream', logs(europe, 'smtp-quorum-probe')),
      on('logs:PutLogEvents', logs(europe, 'smtp-quorum-probe')),
      on('ec2:DeleteNetworkInterface', `arn:aws:ec2:eu-west-1:${account}:network-interface/eni-1`),
    ],
    mayNot: [
      item('PutItem', 'round#us-east-1'),
      item('PutItem', 'round#eu-west-10'),
      item('PutItem', 'round#eu-west-1', 'verdicts'),
      item('PutItem', 'verdicts'),
      item('PutItem', 'target#mx1'),
      item('GetItem', 'verdicts'),
      item('Query', 'round#eu-west-1'),
      item('DeleteItem', 'round#eu-west-1'),
      on('dynamodb:Scan', table),
      { ...item('PutItem', 'round#eu-west-1'), resource: `arn:aws:dynamodb:us-east-1:${account}:table/other` },
      { ...item('PutItem', 'round#eu-west-1'), resource: `arn:aws:dynamodb:us-east-1:${stranger}:table/smtp-quorum` },
      put(bus, 'Target Down'),
      put(bus, 'Second Opinion Wanted'),
      put(bus, 'Round Recorded', 'someone'),
      put(bus, 'Round Recorded', 'aws.cloudwatch'),
      on('events:PutEvents', bus, {
        'events:source': ['smtp-quorum', 'someone'],
        'events:detail-type': ['Round Recorded'],
      }),
      on('events:PutEvents', bus, {
        'events:source': ['smtp-quorum'],
        'events:detail-type': ['Round Recorded', 'Target Down'],
      }),
      on('events:PutEvents', bus),
      put(opinions('us-east-1'), 'Round Recorded'),
      put(`arn:aws:events:us-east-1:${stranger}:event-bus/smtp-quorum`, 'Round Recorded'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe2')),
      on('secretsmanager:GetSecretValue', secret('smtp/probe/other')),
      on('secretsmanager:GetSecretValue', secret('other')),
      on('secretsmanager:GetSecretValue', secret('smtp/probe', stranger)),
      on('secretsmanager:PutSecretValue', secret('smtp/probe')),
      on('kms:Decrypt', key),
      on('kms:Decrypt', key, { 'kms:ViaService': 's3.us-east-1.amazonaws.com' }),
      on('sns:Publish', home.arn('Alerts')),
      on('sqs:ReceiveMessage', europe.arn('Undelivered')),
      on('logs:PutLogEvents', logs(europe, 'smtp-quorum-judge')),
      on('ec2:CreateNetworkInterface', `arn:aws:ec2:eu-west-1:${account}:network-interface/*`),
      on('ec2:DeleteNetworkInterface', `arn:aws:ec2:eu-west-1:${account}:network-interface/eni-1`, code),
    ],
  },
  'the probe of America, in a VPC': {
    stack: america,
    role: 'ProbeRole',
    may: [
      item('PutItem', 'round#us-east-1'),
      ...['CreateNetworkInterface', 'DeleteNetworkInterface', 'AssignPrivateIpAddresses'].map((action) =>
        on(`ec2:${action}`, `arn:aws:ec2:us-east-1:${account}:network-interface/eni-1`),
      ),
      on('ec2:DescribeNetworkInterfaces', '*'),
    ],
    mayNot: [
      item('PutItem', 'round#eu-west-1'),
      on('ec2:CreateNetworkInterface', `arn:aws:ec2:us-east-1:${account}:network-interface/eni-1`, {
        'lambda:SourceFunctionArn': america.arn('Probe'),
      }),
    ],
  },
  'the judge': {
    stack: home,
    role: 'JudgeRole',
    may: [
      item('GetItem', 'verdicts'),
      item('Query', 'verdicts'),
      item('Query', 'round#eu-west-1'),
      item('PutItem', 'verdicts'),
      item('PutItem', 'target#mx1'),
      item('Query', 'channels'),
      item('PutItem', 'channels'),
      item('PutItem', 'delivery#topic'),
      put(bus, 'Delivery Due'),
      put(bus, 'Target Down'),
      put(bus, 'Target Recovered'),
      ...['us-east-1', 'eu-west-1', 'ap-southeast-1'].flatMap((region) => [
        put(opinions(region), 'Second Opinion Wanted'),
        put(former(region), 'Second Opinion Wanted'),
      ]),
      on('sqs:SendMessage', home.arn('Undelivered')),
      on('logs:PutLogEvents', logs(home, 'smtp-quorum-judge')),
    ],
    mayNot: [
      item('PutItem', 'round#eu-west-1'),
      item('Query', 'target#mx1'),
      item('PutItem', 'rollup'),
      item('Query', 'delivery#topic'),
      on('sns:Publish', home.arn('Alerts')),
      item('DeleteItem', 'verdicts'),
      on('dynamodb:Scan', table),
      on('sns:Publish', home.arn('Operators')),
      on('sns:Subscribe', home.arn('Alerts')),
      put(bus, 'Round Recorded'),
      put(bus, 'Target Down', 'someone'),
      put(bus, 'CloudWatch Alarm State Change', 'aws.cloudwatch'),
      put(opinions('eu-west-1'), 'Target Down'),
      put(opinions('eu-west-1'), 'Second Opinion Wanted', 'someone'),
      put(opinions('eu-north-1'), 'Second Opinion Wanted'),
      put(`arn:aws:events:eu-west-1:${stranger}:event-bus/smtp-quorum-opinions`, 'Second Opinion Wanted'),
      put(`arn:aws:events:eu-west-1:${account}:event-bus/default`, 'Second Opinion Wanted'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
      on('lambda:InvokeFunction', europe.arn('Probe')),
    ],
  },
  'the judge with a page': {
    stack: withPage,
    role: 'JudgeRole',
    may: [on('s3:PutObject', `${page}/site/now.json`)],
    mayNot: [
      on('s3:PutObject', `${page}/site/index.html`),
      on('s3:PutObject', `${page}/manifest.json`),
      on('s3:GetObject', `${page}/site/now.json`),
      on('s3:DeleteObject', `${page}/site/now.json`),
      on('s3:ListBucket', page),
      on('s3:PutObject', 'arn:aws:s3:::other/site/now.json'),
    ],
  },
  'the function that writes the page': {
    stack: withPage,
    role: 'PublishRole',
    may: [
      ...[
        'verdicts',
        'round#eu-west-1',
        'target#mx1',
        'rollup',
        'mutes',
        'windows',
        'notifications',
        'statements',
        'delivery#topic',
        'channels',
        'posture-verdicts',
        'trip-verdicts',
        'bounce-verdicts',
      ].flatMap((pk) => [itemOf(withPage, 'Query', pk), itemOf(withPage, 'GetItem', pk)]),
      on('s3:PutObject', `${page}/site/targets/mx1.html`),
      on('s3:DeleteObject', `${page}/site/targets/mx1.html`),
      on('s3:GetObject', `${page}/manifest.json`),
      on('s3:PutObject', `${page}/manifest.json`),
      on('s3:ListBucket', page),
      on('sqs:ReceiveMessage', withPage.arn('PageEvents')),
      on('sqs:DeleteMessage', withPage.arn('PageEvents')),
      on('sqs:SendMessage', withPage.arn('Undelivered')),
      on('logs:PutLogEvents', logs(withPage, 'smtp-quorum-publish')),
    ],
    mayNot: [
      itemOf(withPage, 'PutItem', 'verdicts'),
      itemOf(withPage, 'DeleteItem', 'verdicts'),
      itemOf(withPage, 'Query', 'drills'),
      itemOf(withPage, 'Query', 'posture#eu-west-1'),
      on('dynamodb:Scan', withPage.arn('Table')),
      on('s3:GetObject', `${page}/site/index.html`),
      on('s3:DeleteObject', `${page}/manifest.json`),
      on('s3:PutObject', `${page}/other`),
      on('s3:PutBucketPolicy', page),
      on('s3:DeleteBucket', page),
      on('s3:PutObject', 'arn:aws:s3:::other/site/index.html'),
      on('sqs:SendMessage', withPage.arn('PageEvents')),
      onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:page/password-AbCdEf'),
      put(withPage.arn('Bus'), 'Target Down'),
    ],
  },
  'the rollup': {
    stack: home,
    role: 'RollupRole',
    may: [
      item('Query', 'round#eu-west-1'),
      item('Query', 'target#mx1'),
      item('GetItem', 'rollup'),
      item('PutItem', 'target#mx1'),
      item('PutItem', 'rollup'),
    ],
    mayNot: [
      item('PutItem', 'verdicts'),
      item('PutItem', 'round#eu-west-1'),
      item('Query', 'verdicts'),
      on('sns:Publish', home.arn('Alerts')),
      put(bus, 'Target Down'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
    ],
  },
  'the function that delivers': {
    stack: home,
    role: 'DeliverRole',
    may: [
      item('GetItem', 'verdicts'),
      item('GetItem', 'channels'),
      item('PutItem', 'channels'),
      item('Query', 'delivery#webhook:https://hooks.example.com#1a2b3c4d'),
      item('PutItem', 'delivery#topic'),
      on('sns:Publish', home.arn('Alerts')),
      on('sns:ListSubscriptionsByTopic', home.arn('Alerts')),
      put(bus, 'Delivery Due'),
      on('sqs:ReceiveMessage', home.arn('Deliveries')),
      on('sqs:SendMessage', home.arn('Undelivered')),
      on('logs:PutLogEvents', logs(home, 'smtp-quorum-deliver')),
    ],
    mayNot: [
      item('Query', 'verdicts'),
      item('PutItem', 'verdicts'),
      item('PutItem', 'target#mx1'),
      item('GetItem', 'round#eu-west-1'),
      on('sns:Publish', home.arn('Operators')),
      on('sns:ListSubscriptionsByTopic', home.arn('Operators')),
      on('sns:ListSubscriptionsByTopic', `arn:aws:sns:us-east-1:${account}:other`),
      ...['Subscribe', 'Unsubscribe', 'ConfirmSubscription', 'SetSubscriptionAttributes', 'GetTopicAttributes'].map(
        (action) => on(`sns:${action}`, home.arn('Alerts')),
      ),
      on('sns:ListSubscriptions', '*'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
      put(bus, 'Target Down'),
      on('sqs:ReceiveMessage', home.arn('Undelivered')),
    ],
  },
  'the function that notifies': {
    stack: withServices,
    role: 'NotifyRole',
    may: [
      itemOf(withServices, 'GetItem', 'channels'),
      itemOf(withServices, 'GetItem', 'verdicts'),
      itemOf(withServices, 'PutItem', 'channels'),
      itemOf(withServices, 'PutItem', 'delivery#topic'),
      itemOf(withServices, 'Query', 'delivery#pagerduty:1a2b3c4d'),
      itemOf(withServices, 'Query', 'delivery#slack:C0123ABCD45'),
      itemOf(withServices, 'PutItem', 'delivery#pagerduty:1a2b3c4d'),
      itemOf(withServices, 'GetItem', 'posted#slack:C0123ABCD45'),
      itemOf(withServices, 'PutItem', 'posted#slack:C0123ABCD45'),
      put(withServices.arn('Bus'), 'Delivery Due'),
      onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:pagerduty/key0-AbCdEf'),
      on('kms:Decrypt', key, throughSecrets),
      onHome('sns:Publish', 'sns', 'mail-chat'),
      on('sqs:ReceiveMessage', withServices.arn('ServiceDeliveries')),
      on('sqs:DeleteMessage', withServices.arn('ServiceDeliveries')),
      on('sqs:SendMessage', withServices.arn('Undelivered')),
      on('logs:PutLogEvents', logs(withServices, 'smtp-quorum-notify')),
    ],
    mayNot: [
      itemOf(withServices, 'Query', 'delivery#topic'),
      itemOf(withServices, 'Query', 'delivery#webhook:https://hooks.example.com#1a2b3c4d'),
      itemOf(withServices, 'Query', 'verdicts'),
      itemOf(withServices, 'PutItem', 'verdicts'),
      itemOf(withServices, 'GetItem', 'round#us-east-1'),
      itemOf(withServices, 'PutItem', 'target#mx1'),
      itemOf(withServices, 'DeleteItem', 'delivery#pagerduty:1a2b3c4d'),
      itemOf(withServices, 'Query', 'posted#slack:C0123ABCD45'),
      on('dynamodb:Scan', withServices.arn('Table')),
      put(withServices.arn('Bus'), 'Target Down'),
      put(withServices.arn('Bus'), 'Delivery Due', 'someone'),
      onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:hooks/key-AbCdEf'),
      onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:pagerduty/key1-AbCdEf'),
      onHome('secretsmanager:PutSecretValue', 'secretsmanager', 'secret:pagerduty/key0-AbCdEf'),
      on('kms:Decrypt', key),
      onHome('sns:Publish', 'sns', 'another'),
      on('sns:Publish', withServices.arn('Alerts')),
      on('sns:Publish', withServices.arn('Operators')),
      onHome('sms-voice:SendTextMessage', 'sms-voice', 'phone-number/phone-0123456789abcdef0123456789abcdef'),
      on('sqs:ReceiveMessage', withServices.arn('Deliveries')),
      on('sqs:ReceiveMessage', withServices.arn('Undelivered')),
    ],
  },
  'the function that delivers, with a signed webhook': {
    stack: withServices,
    role: 'DeliverRole',
    may: [onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:hooks/key-AbCdEf')],
    mayNot: [
      onHome('secretsmanager:GetSecretValue', 'secretsmanager', 'secret:pagerduty/key0-AbCdEf'),
      onHome('sns:Publish', 'sns', 'mail-chat'),
      on('sqs:ReceiveMessage', withServices.arn('ServiceDeliveries')),
    ],
  },
  'the bounces function': {
    stack: home,
    role: 'BouncesRole',
    may: [
      item('GetItem', 'bounces'),
      item('PutItem', 'bounces'),
      put(bus, 'Bounces Recorded'),
      on('sqs:ReceiveMessage', home.arn('BounceEvents')),
      on('sqs:DeleteMessage', home.arn('BounceEvents')),
      on('logs:PutLogEvents', logs(home, 'smtp-quorum-bounces')),
    ],
    mayNot: [
      item('Query', 'bounces'),
      item('DeleteItem', 'bounces'),
      item('GetItem', 'bounce-verdicts'),
      item('PutItem', 'bounce-verdicts'),
      item('PutItem', 'verdicts'),
      item('PutItem', 'delivery#topic'),
      item('GetItem', 'round#us-east-1'),
      on('dynamodb:Scan', table),
      put(bus, 'Round Recorded'),
      put(bus, 'Posture Recorded'),
      put(bus, 'Delivery Due'),
      put(bus, 'Bounces Recorded', 'aws.ses'),
      on('sqs:ReceiveMessage', home.arn('Deliveries')),
      on('sqs:SendMessage', home.arn('BounceEvents')),
      on('sns:Publish', home.arn('Alerts')),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
      on('ses:SendEmail', '*'),
    ],
  },
  'the function that reads bounce mailboxes': {
    stack: home,
    role: 'BounceMailboxRole',
    may: [
      item('GetItem', 'bounces'),
      item('PutItem', 'bounces'),
      item('GetItem', 'bounce-mailboxes'),
      item('PutItem', 'bounce-mailboxes'),
      put(bus, 'Bounces Recorded'),
      on('secretsmanager:GetSecretValue', secret('bounces/mailbox')),
      on('kms:Decrypt', key, throughSecrets),
      on('logs:PutLogEvents', logs(home, 'smtp-quorum-bounce-mailbox')),
    ],
    mayNot: [
      item('Query', 'bounces'),
      item('DeleteItem', 'bounces'),
      item('GetItem', 'bounce-verdicts'),
      item('PutItem', 'bounce-verdicts'),
      item('PutItem', 'verdicts'),
      item('GetItem', 'trip-mailboxes'),
      item('PutItem', 'delivery#topic'),
      on('dynamodb:Scan', table),
      put(bus, 'Trip Recorded'),
      put(bus, 'Posture Recorded'),
      put(bus, 'Delivery Due'),
      put(bus, 'Bounces Recorded', 'aws.ses'),
      on('secretsmanager:GetSecretValue', secret('smtp/probe')),
      on('secretsmanager:GetSecretValue', secret('trips/seed')),
      on('secretsmanager:GetSecretValue', secret('bounces/mailbox', stranger)),
      on('secretsmanager:PutSecretValue', secret('bounces/mailbox')),
      on('kms:Decrypt', key),
      on('sqs:ReceiveMessage', home.arn('BounceEvents')),
      on('sns:Publish', home.arn('Alerts')),
      on('lambda:InvokeFunction', home.arn('Judge')),
    ],
  },
  ...Object.fromEntries(
    [europe, america].map((stack) => [
      `the function of round trips in ${stack === europe ? 'Europe' : 'America, in a VPC'}`,
      {
        stack,
        role: 'TripsRole',
        may: [
          item('GetItem', 'trip#out'),
          item('PutItem', 'trip#out'),
          item('GetItem', 'trip-mailboxes'),
          item('PutItem', 'trip-mailboxes'),
          item('GetItem', 'trip-verdicts'),
          item('PutItem', 'trip-verdicts'),
          put(bus, 'Trip Recorded'),
          ...['trips/seed', 'trips/key', 'smtp/probe'].map((name) => on('secretsmanager:GetSecretValue', secret(name))),
          on('kms:Decrypt', key, throughSecrets),
          on('logs:PutLogEvents', logs(stack, 'smtp-quorum-trips')),
          on('ec2:DeleteNetworkInterface', `arn:aws:ec2:${stack.place.region}:${account}:network-interface/eni-1`),
          ...(stack === america
            ? [on('ec2:CreateNetworkInterface', `arn:aws:ec2:us-east-1:${account}:network-interface/eni-1`)]
            : []),
        ],
        mayNot: [
          item('Query', 'trip#out'),
          item('DeleteItem', 'trip#out'),
          item('GetItem', 'verdicts'),
          item('PutItem', 'verdicts'),
          item('PutItem', 'round#eu-west-1'),
          item('PutItem', 'posture#example.com'),
          item('PutItem', 'bounces'),
          item('PutItem', 'bounce-mailboxes'),
          item('PutItem', 'delivery#topic'),
          on('dynamodb:Scan', table),
          put(bus, 'Round Recorded'),
          put(bus, 'Bounces Recorded'),
          put(bus, 'Target Down'),
          put(bus, 'Delivery Due'),
          put(bus, 'Trip Recorded', 'someone'),
          put(opinions(stack.place.region), 'Trip Recorded'),
          on('secretsmanager:GetSecretValue', secret('bounces/mailbox')),
          on('secretsmanager:GetSecretValue', secret('lists/spamhaus')),
          on('secretsmanager:GetSecretValue', secret('trips/seed', stranger)),
          on('kms:Decrypt', key),
          on('sns:Publish', home.arn('Alerts')),
          on('sqs:ReceiveMessage', stack.arn('Undelivered')),
          on('lambda:InvokeFunction', stack.arn('Probe')),
          on('ec2:DeleteNetworkInterface', `arn:aws:ec2:${stack.place.region}:${account}:network-interface/eni-1`, {
            'lambda:SourceFunctionArn': stack.arn('Trips'),
          }),
        ],
      },
    ]),
  ),
  'the schedule of round trips in Europe': {
    stack: europe,
    role: 'TripScheduleRole',
    may: [on('lambda:InvokeFunction', europe.arn('Trips')), on('sqs:SendMessage', europe.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', europe.arn('Probe')), on('lambda:InvokeFunction', `${europe.arn('Trips')}:1`)],
  },
  'the schedule of bounce mailboxes': {
    stack: home,
    role: 'BounceMailboxScheduleRole',
    may: [on('lambda:InvokeFunction', home.arn('BounceMailbox')), on('sqs:SendMessage', home.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', home.arn('Judge')), on('lambda:InvokeFunction', home.arn('Bounces'))],
  },
  ...Object.fromEntries(
    [home, europe].map((stack) => [
      `the posture function of ${stack === home ? 'the home region' : 'Europe'}`,
      {
        stack,
        role: 'PostureRole',
        may: [
          item('Query', 'posture#example.com'),
          item('PutItem', 'posture#example.com'),
          item('Query', 'posture-watch'),
          item('GetItem', 'posture-watch'),
          item('PutItem', 'posture-watch'),
          item('Query', 'round#us-east-1'),
          item('Query', 'round#eu-west-1'),
          item('Query', 'trip#out'),
          put(bus, 'Posture Recorded'),
          on('secretsmanager:GetSecretValue', secret('lists/spamhaus')),
          on('kms:Decrypt', key, throughSecrets),
          on('logs:PutLogEvents', logs(stack, stack === home ? 'smtp-quorum-posture' : 'smtp-quorum-second-posture')),
        ],
        mayNot: [
          item('PutItem', 'round#eu-west-1'),
          item('GetItem', 'verdicts'),
          item('PutItem', 'verdicts'),
          item('PutItem', 'posture-verdicts'),
          item('PutItem', 'target#mx1'),
          item('PutItem', 'delivery#topic'),
          item('PutItem', 'trip#out'),
          item('GetItem', 'trip-mailboxes'),
          item('Query', 'trip-mailboxes'),
          item('Query', 'trip-verdicts'),
          item('DeleteItem', 'posture#example.com'),
          on('dynamodb:Scan', table),
          put(bus, 'Round Recorded'),
          put(bus, 'Target Down'),
          put(bus, 'Delivery Due'),
          put(bus, 'Posture Recorded', 'someone'),
          put(opinions('us-east-1'), 'Posture Recorded'),
          on('secretsmanager:GetSecretValue', secret('smtp/probe')),
          on('secretsmanager:GetSecretValue', secret('lists/spamhaus2')),
          on('kms:Decrypt', key),
          on('sns:Publish', home.arn('Alerts')),
          on('sqs:SendMessage', home.arn('Undelivered')),
          on('lambda:InvokeFunction', home.arn('Judge')),
        ],
      },
    ]),
  ),
  'the schedule of posture in Europe': {
    stack: europe,
    role: 'PostureScheduleRole',
    may: [on('lambda:InvokeFunction', europe.arn('Posture')), on('sqs:SendMessage', europe.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', europe.arn('Probe')), on('lambda:InvokeFunction', home.arn('Posture'))],
  },
  'the schedule of Europe, through its queue': {
    stack: europe,
    role: 'ScheduleRole',
    may: [on('sqs:SendMessage', europe.arn('ScheduleDelay')), on('sqs:SendMessage', europe.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', home.arn('Judge')), on('lambda:InvokeFunction', europe.arn('Probe'))],
  },
  'the schedule of the judge': {
    stack: home,
    role: 'JudgeScheduleRole',
    may: [on('lambda:InvokeFunction', home.arn('Judge')), on('sqs:SendMessage', home.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', home.arn('Rollup')), on('lambda:InvokeFunction', `${home.arn('Judge')}:1`)],
  },
  'the schedule of the check of subscriptions': {
    stack: home,
    role: 'SubscriptionsScheduleRole',
    may: [on('lambda:InvokeFunction', home.arn('Deliver')), on('sqs:SendMessage', home.arn('Undelivered'))],
    mayNot: [on('lambda:InvokeFunction', home.arn('Judge')), on('lambda:InvokeFunction', `${home.arn('Deliver')}:1`)],
  },
  'the rule that sends alarms home': {
    stack: europe,
    role: 'AlarmsGoHomeRole',
    may: [put(bus, 'CloudWatch Alarm State Change', 'aws.cloudwatch')],
    mayNot: [
      put(opinions('us-east-1'), 'CloudWatch Alarm State Change', 'aws.cloudwatch'),
      item('PutItem', 'verdicts'),
    ],
  },
  'the rule that reports in its own region that a vantage is back': {
    stack: europe,
    role: 'AlarmsEndRole',
    may: [on('sns:Publish', europe.arn('Operators'))],
    mayNot: [
      on('sns:Publish', home.arn('Operators')),
      on('sns:Publish', home.arn('Alerts')),
      on('lambda:InvokeFunction', europe.arn('Probe')),
    ],
  },
  'the rule that mails alarms': {
    stack: home,
    role: 'VantageAlarmsRole',
    may: [on('sns:Publish', home.arn('Operators'))],
    mayNot: [on('sns:Publish', home.arn('Alerts')), on('lambda:InvokeFunction', home.arn('Judge'))],
  },
};

/** The policies of what is acted on decide with those of the role, where they have any. */
function policyOf({ resource }: Call) {
  const owned = [home, ...probes.values()].flatMap((stack) =>
    ['Alerts', 'Operators', 'Undelivered', 'ScheduleDelay'].flatMap((id) => {
      try {
        return stack.arn(id) === resource ? [stack.resourcePolicy(id)] : [];
      } catch {
        return [];
      }
    }),
  );
  return owned[0] ?? (resource === key ? keyPolicy : undefined);
}

/** As KMS writes it: the account's IAM policies decide. */
const keyPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
};

describe.each(Object.entries(roles))('%s', (_, { stack, role, may, mayNot }) => {
  test.each(may)('may $action $resource $context', async (call) => {
    expect(await roleMay(stack, role, call, policyOf(call))).toBe(true);
  });

  test.each(mayNot)('may not $action $resource $context', async (call) => {
    expect(await roleMay(stack, role, call, policyOf(call))).toBe(false);
  });
});

describe('only its own service takes on a role, and only for this account', () => {
  test.each([
    ['scheduler.amazonaws.com', home, 'JudgeScheduleRole'],
    ['scheduler.amazonaws.com', europe, 'ScheduleRole'],
    ['scheduler.amazonaws.com', home, 'PostureScheduleRole'],
    ['scheduler.amazonaws.com', home, 'BounceMailboxScheduleRole'],
    ['scheduler.amazonaws.com', europe, 'TripScheduleRole'],
    ['events.amazonaws.com', europe, 'AlarmsGoHomeRole'],
    ['events.amazonaws.com', europe, 'AlarmsEndRole'],
    ['events.amazonaws.com', home, 'VantageAlarmsRole'],
    ['events.amazonaws.com', home, 'HomeAlarmsEndRole'],
  ] as const)('%s: %#', async (service, stack, role) => {
    expect(await mayAssume(service, stack, role, account)).toBe(true);
    expect(await mayAssume(service, stack, role, stranger)).toBe(false);
    expect(await mayAssume('lambda.amazonaws.com', stack, role, account)).toBe(false);
  });

  test.each(['JudgeRole', 'RollupRole', 'DeliverRole', 'PostureRole', 'BouncesRole', 'BounceMailboxRole'])(
    'lambda.amazonaws.com: %s',
    async (role) => {
      expect(await mayAssume('lambda.amazonaws.com', home, role, account)).toBe(true);
      expect(await mayAssume('events.amazonaws.com', home, role, account)).toBe(false);
    },
  );
});

interface Service {
  readonly service: string;
  readonly action: string;
  readonly stack: DeployedStack;
  readonly target: string;
  /** ARN of what it acts for. */
  readonly source: string;
}

const services: readonly Service[] = [
  {
    service: 'events',
    action: 'lambda:InvokeFunction',
    stack: home,
    target: 'Judge',
    source: home.arn('RoundRecorded'),
  },
  {
    service: 'events',
    action: 'lambda:InvokeFunction',
    stack: europe,
    target: 'Probe',
    source: europe.arn('OpinionWanted'),
  },
  {
    service: 'events',
    action: 'lambda:InvokeFunction',
    stack: europe,
    target: 'Probe',
    source: europe.arn('SecondOpinionWanted'),
  },
  {
    service: 'events',
    action: 'sqs:SendMessage',
    stack: home,
    target: 'Undelivered',
    source: home.arn('RoundRecorded'),
  },
  {
    service: 'events',
    action: 'sqs:SendMessage',
    stack: home,
    target: 'Undelivered',
    source: home.arn('VantageAlarms'),
  },
  {
    service: 'events',
    action: 'sqs:SendMessage',
    stack: europe,
    target: 'Undelivered',
    source: europe.arn('AlarmsGoHome'),
  },
  { service: 'cloudwatch', action: 'sns:Publish', stack: home, target: 'Operators', source: home.arn('JudgeSilent') },
  {
    service: 'cloudwatch',
    action: 'sns:Publish',
    stack: europe,
    target: 'Operators',
    source: europe.arn('VantageSilent'),
  },
  {
    service: 'events',
    action: 'sqs:SendMessage',
    stack: europe,
    target: 'Undelivered',
    source: europe.arn('AlarmsEnd'),
  },
  { service: 'events', action: 'sqs:SendMessage', stack: home, target: 'Deliveries', source: home.arn('DeliveryDue') },
  { service: 'events', action: 'sqs:SendMessage', stack: home, target: 'Undelivered', source: home.arn('DeliveryDue') },
];

describe('a service of AWS is let in for the resource that it serves, and for no other', () => {
  test.each(services)(
    '$service: $action of $target for $source',
    async ({ service, action, stack, target, source }) => {
      const policy = stack.resourcePolicy(target);
      const may = (context: Record<string, string>, by = service) =>
        serviceMay(`${by}.amazonaws.com`, on(action, stack.arn(target), context), policy);
      const context = { 'aws:SourceArn': source, 'aws:SourceAccount': account };
      expect(await may(context)).toBe(true);
      expect(await may({ ...context, 'aws:SourceArn': `${source}-other` })).toBe(false);
      expect(await may({ 'aws:SourceArn': source.replace(account, stranger), 'aws:SourceAccount': stranger })).toBe(
        false,
      );
      expect(await may(context, 'apigateway')).toBe(false);
      if (!action.startsWith('lambda:')) expect(await may({ ...context, 'aws:SecureTransport': 'false' })).toBe(false);
    },
  );
});

describe('many secrets', () => {
  const config = fleetOf({ vantages: 2, targets: 120, secrets: 120 });
  const probeOf = (props: Partial<SmtpQuorumProps>) =>
    deployFleet({ config, ...props }).probes.get(config.policy.vantages[1] ?? '') as DeployedStack;
  const named = (name: string) => `arn:aws:secretsmanager:${config.home}:${account}:secret:${name}-AbCdEf`;
  const read = (name: string) => on('secretsmanager:GetSecretValue', named(name));

  test('in managed policies: each may be read, and no other', async () => {
    const probe = probeOf({});
    const may = (name: string) => roleMay(probe, 'ProbeRole', read(name));
    const each = await Promise.all(Array.from({ length: 120 }, (_, nth) => may(`smtp/probe/${nth}`)));
    expect(each.filter((allowed) => !allowed)).toEqual([]);
    expect([await may('smtp/probe/120'), await may('smtp/other')]).toEqual([false, false]);
  });

  test('by their prefix: all that begin so may be read, and no other', async () => {
    const probe = probeOf({ secretPrefix: 'smtp/' });
    const may = (name: string) => roleMay(probe, 'ProbeRole', read(name));
    expect([await may('smtp/probe/119'), await may('smtp/other')]).toEqual([true, true]);
    expect([await may('smtp'), await may('other/smtp/probe')]).toEqual([false, false]);
  });
});

/**
 * The data of the evaluation has the action of an older API under this name, which knew no resources. That of today has numbers
 * and pools: https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint-sms-voice-v2.html
 */
test('calls are made from the numbers and pools that the config names', () => {
  const statements = withServices.rolePolicies('NotifyRole').flatMap(({ Statement }) => Statement);
  const voice = statements.filter(({ Action }) => JSON.stringify(Action).includes('sms-voice'));
  expect(voice).toEqual([
    {
      Effect: 'Allow',
      Action: 'sms-voice:SendVoiceMessage',
      Resource: `arn:aws:sms-voice:${withServices.place.region}:${account}:phone-number/*`,
    },
  ]);
});

/** Of calls whose action has another name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const ACTIONS: Readonly<Record<string, string>> = { ListObjectsV2: 'ListBucket' };

test('every call of the SDK that the handlers make is in the table above, or in the test above', () => {
  const commands = commandsOfHandlers();
  const allowed = new Set(Object.values(roles).flatMap(({ may }) => may.map(({ action }) => action.split(':')[1])));
  expect(commands.length).toBeGreaterThan(4);
  const actions = commands.map((command) => ACTIONS[command] ?? command);
  expect(actions.filter((action) => !allowed.has(action))).toEqual(['SendVoiceMessage']);
});
