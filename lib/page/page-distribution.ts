import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  type ErrorResponse,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  KeyValueStore,
  PriceClass,
  type ResponseHeadersCorsBehavior,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  Signing,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SITE_PREFIX } from '../../lambda/aws/page/site-keys.ts';
import type { Config } from '../../lambda/config/config.ts';
import { type PageSettings, pageSettings } from '../../lambda/config/page/status-page.ts';
import { NOT_FOUND } from '../../lambda/publish/not-found.ts';
import { PAGE_HEADERS, pageHeaders, READ_BY_OTHER_SITES } from '../../web/page-headers.ts';
import { allowedRange } from './allowed-ranges.ts';
import { readerCheckCode } from './reader-check.ts';

/** The page as readers reach it. */
export interface PageDistribution {
  readonly distribution: Distribution;
  /** Without a slash at its end. */
  readonly url: string;
  /** With the digest of the password; null if none is asked for. */
  readonly keys: KeyValueStore | null;
}

/** How long CloudFront keeps an answer that there is no such file: a link may be sent before the page of the incident is written. */
const ERROR_TTL = Duration.seconds(10);

/** CloudFront before the bucket. In the North America and Europe price class, which readers elsewhere reach, too. */
export function pageDistribution(scope: Construct, config: Config, bucket: Bucket): PageDistribution {
  const settings = pageSettings(config, 'aws');
  const { domain, certificateArn } = settings;
  const readers = settings.access === 'private' ? readerCheck(scope, config, settings) : null;
  const distribution = new Distribution(scope, 'PageDistribution', {
    comment: nameOf(config),
    defaultRootObject: 'index.html',
    defaultBehavior: behaviour(scope, config, bucket, readers?.check ?? null),
    errorResponses: [403, 404].map(notFound),
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PriceClass.PRICE_CLASS_100,
    ...(domain === null || certificateArn === null
      ? {}
      : {
          domainNames: [domain],
          certificate: Certificate.fromCertificateArn(scope, 'PageCertificate', certificateArn),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
  });
  acknowledge(distribution, domain !== null);
  const host = domain ?? distribution.distributionDomainName;
  return { distribution, url: `https://${host}`, keys: readers?.keys ?? null };
}

/** Names of functions, key-value stores and policies are unique in the account. During a change of the home there are two. */
function nameOf({ name, home }: Config): string {
  return `${name}-page-${home}`;
}

function behaviour(
  scope: Construct,
  config: Config,
  bucket: Bucket,
  check: CloudFrontFunction | null,
): BehaviorOptions {
  const originAccessControl = new S3OriginAccessControl(scope, 'PageAccess', {
    originAccessControlName: nameOf(config),
    signing: Signing.SIGV4_ALWAYS,
  });
  return {
    origin: S3BucketOrigin.withOriginAccessControl(bucket as IBucket, {
      originAccessControl,
      originPath: `/${SITE_PREFIX.replace(/\/$/, '')}`,
    }),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    // Without query strings and cookies in its key; each object says itself how long it is kept.
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    compress: true,
    responseHeadersPolicy: responseHeaders(scope, config),
    ...(check === null
      ? {}
      : { functionAssociations: [{ function: check, eventType: FunctionEventType.VIEWER_REQUEST }] }),
  };
}

/** Added to answers to scripts of other sites (CORS). */
const READ_BY_ALL: ResponseHeadersCorsBehavior = {
  accessControlAllowOrigins: [READ_BY_OTHER_SITES['access-control-allow-origin']],
  accessControlAllowMethods: ['GET', 'HEAD'],
  accessControlAllowHeaders: ['*'],
  accessControlAllowCredentials: false,
  originOverride: true,
};

/** Those of the page on one machine, and that it is read by HTTPS alone. */
function responseHeaders(scope: Construct, config: Config): ResponseHeadersPolicy {
  const isPublic = pageSettings(config, 'aws').access === 'public';
  return new ResponseHeadersPolicy(scope, 'PageHeaders', {
    responseHeadersPolicyName: nameOf(config),
    ...(isPublic ? { corsBehavior: READ_BY_ALL } : {}),
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: PAGE_HEADERS['content-security-policy'], override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
    },
    customHeadersBehavior: {
      customHeaders: [
        {
          header: 'cross-origin-resource-policy',
          value: pageHeaders(isPublic)['cross-origin-resource-policy'],
          override: true,
        },
      ],
    },
  });
}

interface ReaderCheck {
  readonly check: CloudFrontFunction;
  readonly keys: KeyValueStore | null;
}

function readerCheck(scope: Construct, config: Config, { allow, password }: PageSettings): ReaderCheck {
  const keys =
    password === null
      ? null
      : new KeyValueStore(scope, 'PageKeys', { keyValueStoreName: nameOf(config), comment: 'Digests of passwords' });
  const code = readerCheckCode({ allow: allow?.map(allowedRange) ?? null, password: password !== null });
  const check = new CloudFrontFunction(scope, 'PageReaders', {
    functionName: nameOf(config),
    comment: 'Who may read the status page',
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
    ...(keys === null ? {} : { keyValueStore: keys }),
  });
  return { check, keys };
}

function notFound(httpStatus: number): ErrorResponse {
  return { httpStatus, responseHttpStatus: 404, responsePagePath: `/${NOT_FOUND.path}`, ttl: ERROR_TTL };
}

function acknowledge(distribution: Distribution, hasDomain: boolean): void {
  const reasons: Readonly<Record<string, string>> = {
    'AwsSolutions-CFR1': 'A status page is for readers of all countries',
    'AwsSolutions-CFR2':
      'Files of a bucket and no request runs code of ours; a web ACL costs more than all else. It can be added',
    'AwsSolutions-CFR3':
      'Access logs hold addresses of readers, and need a bucket. Standard logging v2 can be turned on for it',
    ...(hasDomain ? {} : { 'AwsSolutions-CFR4': 'CloudFront decides the TLS versions of its own domain name' }),
  };
  for (const [id, reason] of Object.entries(reasons)) Validations.of(distribution).acknowledge({ id, reason });
}
