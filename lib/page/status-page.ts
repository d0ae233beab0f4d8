import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { environmentNames } from '../../lambda/aws/environment.ts';
import { SITE_PREFIX } from '../../lambda/aws/page/site-keys.ts';
import { NOW_PATH } from '../../web/documents/now.ts';
import { grant } from '../iam/statements.ts';
import { pageAlarm } from '../monitoring/alarms.ts';
import { publishesPage } from '../quotas/quota-inputs.ts';
import { pageBucket } from './page-bucket.ts';
import { pageDistribution } from './page-distribution.ts';
import { type PublishParts, publishFunction } from './publish-function.ts';

/** The status page: its bucket, CloudFront before it, and the function that writes it. No alarms if the config has no page on AWS. */
export function statusPage(
  scope: Construct,
  parts: Omit<PublishParts, 'bucket' | 'url'> & { readonly judge: LambdaFunction },
): readonly Alarm[] {
  const { config, judge } = parts;
  if (!publishesPage(config)) return [];
  const bucket = pageBucket(scope);
  const { distribution, url, keys } = pageDistribution(scope, config, bucket);
  const publish = publishFunction(scope, { ...parts, bucket, url });
  permitNow(judge, bucket);
  output(scope, 'PageUrl', url, 'The status page');
  output(scope, 'PageHost', distribution.distributionDomainName, 'A domain name of your own is an alias of this one');
  output(scope, 'PageBucketName', bucket.bucketName, 'Kept when the stack is deleted');
  if (keys !== null) output(scope, 'PageKeysArn', keys.keyValueStoreArn, 'Put the digest of the password here');
  return [pageAlarm(scope, config, publish)];
}

/** The judge writes one object each round. */
function permitNow(judge: LambdaFunction, bucket: Bucket): void {
  judge.addEnvironment(environmentNames.page, bucket.bucketName);
  judge.addToRolePolicy(grant(['s3:PutObject'], [bucket.arnForObjects(SITE_PREFIX + NOW_PATH)]));
}

function output(scope: Construct, id: string, value: string, description: string): void {
  new CfnOutput(Stack.of(scope), id, { value, description });
}
