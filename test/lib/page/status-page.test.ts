import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { deploymentProblems } from '../../../lib/deployment/deployable.ts';
import { pageHeaders } from '../../../web/page-headers.ts';
import { account, deployFleet } from '../iam/fleet.ts';
import { serviceMay } from '../iam/simulate.ts';
import { grantsOf, sampleConfig, synthesise } from '../synthesis.ts';

const fleet = (more: string) =>
  sampleConfig(`
home: eu-west-1
vantages: [eu-west-1, us-east-1]
ehloName: probe.example.com
targets: [{ id: mx1, host: mx1.example.com }]
${more}`);

const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const open = fleet('statusPage: { access: public }');
const closed = fleet(
  `statusPage: { access: private, domain: status.example.com, certificateArn: "${certificate}", allow: [192.0.2.0/24], password: { secret: page/password } }`,
);
const { home: own, probes } = synthesise(open);
const { home: hidden } = synthesise(closed);

const configOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudFront::Distribution'))[0]?.Properties.DistributionConfig;

test.each(['', 'statusPage: { access: off }'])('without a page nothing of it is there: %s', (more) => {
  const { home } = synthesise(fleet(more));
  expect(JSON.stringify(home.toJSON())).not.toMatch(/S3::Bucket|CloudFront|publish|PAGE_BUCKET/);
});

describe('the bucket', () => {
  test('is private, encrypted, kept, and has no versions', () => {
    own.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: Match.absent(),
      },
    });
    for (const probe of probes.values()) probe.resourceCountIs('AWS::S3::Bucket', 0);
  });

  test.each(['public', 'private'])('of a %s page answers its distribution alone', async (access) => {
    const { home } = deployFleet({ config: access === 'public' ? open : closed });
    const bucket = home.arn('PageBucket');
    const found = Object.values(home.template.Resources).find(({ Type }) => Type === 'AWS::S3::BucketPolicy');
    const policy = found?.Properties?.PolicyDocument as Parameters<typeof serviceMay>[2];
    const [id] = Object.entries(home.template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::CloudFront::Distribution')
      .map(([logical]) => logical);
    const get = (source: string) => ({
      action: 's3:GetObject',
      resource: `${bucket}/site/index.html`,
      context: { 'AWS:SourceArn': source },
    });
    const distribution = (name: string) => `arn:aws:cloudfront::${account}:distribution/${name}`;
    const mine = JSON.stringify(policy).match(/distribution\/([\w-]+)/)?.[1] ?? '';
    expect(mine).toContain(id?.slice(0, 10));
    expect(await serviceMay('cloudfront.amazonaws.com', get(distribution(mine)), policy)).toBe(true);
    expect(await serviceMay('cloudfront.amazonaws.com', get(distribution('EOTHER')), policy)).toBe(false);
    expect(await serviceMay('s3.amazonaws.com', get(distribution(mine)), policy)).toBe(false);
    const put = { ...get(distribution(mine)), action: 's3:PutObject' };
    expect(await serviceMay('cloudfront.amazonaws.com', put, policy)).toBe(false);
  });
});

describe('the distribution', () => {
  test('serves the folder of the page, by HTTPS, HTTP/2 and HTTP/3', () => {
    const { Origins, DefaultCacheBehavior, ...config } = configOf(own);
    expect(config).toMatchObject({ DefaultRootObject: 'index.html', HttpVersion: 'http2and3', IPV6Enabled: true });
    expect(config).not.toHaveProperty('Logging');
    expect(config).not.toHaveProperty('Aliases');
    expect(Origins).toMatchObject([{ OriginPath: '/site', OriginAccessControlId: expect.anything() }]);
    expect(DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      Compress: true,
      ViewerProtocolPolicy: 'redirect-to-https',
    });
    expect(DefaultCacheBehavior).not.toHaveProperty('FunctionAssociations');
    own.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
  });

  test('says of a file that is not there 404, and not for long', () => {
    expect(configOf(own).CustomErrorResponses).toEqual(
      [403, 404].map((ErrorCode) => ({
        ErrorCode,
        ResponseCode: 404,
        ResponsePagePath: '/not-found.txt',
        ErrorCachingMinTTL: 10,
      })),
    );
  });

  test.each([
    ['public', own, true],
    ['private', hidden, false],
  ])('sends the headers of one machine, and asks for HTTPS: %s', (_, home, isPublic) => {
    const [policy] = Object.values(home.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
    const { SecurityHeadersConfig, CustomHeadersConfig } = policy?.Properties.ResponseHeadersPolicyConfig ?? {};
    expect({
      'content-security-policy': SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy,
      'x-content-type-options': SecurityHeadersConfig.ContentTypeOptions.Override ? 'nosniff' : '',
      'referrer-policy': SecurityHeadersConfig.ReferrerPolicy.ReferrerPolicy,
      [CustomHeadersConfig.Items[0].Header]: CustomHeadersConfig.Items[0].Value,
    }).toEqual(pageHeaders(isPublic));
    expect(SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000);
  });

  test('scripts of other sites read a public page, and no other', () => {
    const corsOf = (home: Template) =>
      Object.values(home.findResources('AWS::CloudFront::ResponseHeadersPolicy'))[0]?.Properties
        .ResponseHeadersPolicyConfig.CorsConfig;
    expect(corsOf(own)).toEqual({
      AccessControlAllowOrigins: { Items: ['*'] },
      AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
      AccessControlAllowHeaders: { Items: ['*'] },
      AccessControlAllowCredentials: false,
      OriginOverride: true,
    });
    expect(corsOf(hidden)).toBeUndefined();
  });

  test('has a domain name with TLS 1.2 or newer, if the config says one', () => {
    expect(configOf(hidden)).toMatchObject({
      Aliases: ['status.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: certificate,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    hidden.hasOutput('PageUrl', { Value: 'https://status.example.com' });
  });

  test('asks who reads a private page before anything else, without a secret in the template', () => {
    expect(configOf(hidden).DefaultCacheBehavior.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
    hidden.hasResourceProperties('AWS::CloudFront::Function', {
      AutoPublish: true,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0', KeyValueStoreAssociations: [Match.anyValue()] },
    });
    hidden.hasResourceProperties('AWS::CloudFront::KeyValueStore', { ImportSource: Match.absent() });
    hidden.hasOutput('PageKeysArn', {});
    expect(JSON.stringify(hidden.toJSON())).not.toContain('page/password');
  });
});

describe('the function that writes it', () => {
  test('is started by verdicts, collected for a while, and every five minutes', () => {
    own.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['smtp-quorum'], 'detail-type': [{ prefix: 'Target ' }] },
    });
    own.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    own.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'smtp-quorum-page-events',
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    own.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(3/5 * * * ? *)' });
  });

  test('has an alarm that names its section of the runbook', () => {
    own.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'smtp-quorum-page-silent',
      AlarmDescription: Match.stringLikeRegexp('Runbook: docs/runbook.md#page-silent'),
    });
  });

  test.each([
    [
      'of CloudFront',
      own,
      { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [expect.any(String), 'DomainName'] }, '/']] },
    ],
    ['of its own', hidden, 'https://status.example.com/'],
  ])('knows the name %s, so that feeds and documents have whole addresses', (_, home, url) => {
    const functions = Object.values(home.findResources('AWS::Lambda::Function'));
    const publish = functions.find(({ Properties }) => Properties.FunctionName === 'smtp-quorum-publish');
    expect(publish?.Properties.Environment.Variables.SMTP_QUORUM_PAGE_URL).toEqual(url);
  });

  test('may read the table, and write the page', () => {
    expect(grantsOf(own, 'smtp-quorum-publish')).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      's3:PutObject',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });
});

test.each([
  ['China', 'home: cn-north-1\nvantages: [cn-north-1, cn-northwest-1]', /needs CloudFront, which aws-cn/],
  ['GovCloud', 'home: us-gov-west-1\nvantages: [us-gov-west-1, us-gov-east-1]', /needs CloudFront, which aws-us-gov/],
])('in %s there is no page', (_, place, problem) => {
  const config = sampleConfig(
    `${place}\nehloName: probe.example.com\nstatusPage: { access: public }\ntargets: [{ id: mx1, host: mx1.example.com, port: 587 }]`,
  );
  expect(deploymentProblems(config).join()).toMatch(problem);
});
