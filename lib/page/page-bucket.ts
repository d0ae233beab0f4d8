import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * Holds the files of the page. Nobody reads it but CloudFront and the function that writes the page. It is kept when the stack or
 * the page is deleted: CloudFormation cannot delete a bucket with objects in it, and a function that empties it would have to be
 * allowed to delete everything. docs/deploy.md has the command.
 */
export function pageBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'PageBucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: false,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would need a second bucket, and hold addresses of readers. CloudTrail data events can be turned on for it',
  });
  return bucket;
}
