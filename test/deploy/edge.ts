import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { GetBucketPolicyCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Document } from '../lib/iam/fleet.ts';
import { serviceMay } from '../lib/iam/simulate.ts';
import { account } from './cloud.ts';
import type { Caller } from './identity.ts';

/** What CloudFront would send to a reader, by what the template says of it. */
export interface Edge {
  readonly distribution: DistributionConfig;
  visit(
    path: string,
    visitor?: Visitor,
  ): Promise<{ readonly status: number; readonly type?: string; readonly body: string }>;
}

export interface Visitor {
  readonly ip?: string;
  readonly password?: string;
}

interface DistributionConfig {
  readonly DefaultRootObject: string;
  readonly Aliases?: readonly string[];
  readonly Origins: readonly { readonly OriginPath: string; readonly OriginAccessControlId: string }[];
  readonly DefaultCacheBehavior: { readonly FunctionAssociations?: readonly { readonly FunctionARN: string }[] };
  readonly CustomErrorResponses: readonly { readonly ErrorCode: number; readonly ResponsePagePath: string }[];
}

type Made = Readonly<Record<string, { readonly type: string; readonly properties: Readonly<Record<string, unknown>> }>>;

/** @param passwords whose digests are in the key-value store */
export async function openEdge(admin: Caller, bucket: string, passwords: readonly string[]): Promise<Edge> {
  const made: Made = (await (await fetch(`${admin.endpoint}/deploy/cloudfront`)).json()) as Made;
  const [id, found] = Object.entries(made).find(([, { type }]) => type === 'AWS::CloudFront::Distribution') ?? [];
  const distribution = found?.properties.DistributionConfig as DistributionConfig;
  const keys = new Set(passwords.map((password) => createHash('sha256').update(password).digest('hex')));
  const [check] = distribution.DefaultCacheBehavior.FunctionAssociations ?? [];
  const code = check === undefined ? null : String(made[check.FunctionARN]?.properties.FunctionCode);
  const s3 = new S3Client({ ...admin, forcePathStyle: true });
  const read = async (key: string) => {
    const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    const call = {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::${bucket}/${key}`,
      context: { 'AWS:SourceArn': `arn:aws:cloudfront::${account}:distribution/${id}` },
    };
    const policy: Document = { Version: '2012-10-17', ...JSON.parse(Policy) };
    if (!(await serviceMay('cloudfront.amazonaws.com', call, policy))) return null;
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(() => null);
  };
  const [origin] = distribution.Origins;
  const keyOf = (path: string) => `${origin?.OriginPath}${path}`.slice(1);
  return {
    distribution,
    visit: async (path, visitor = {}) => {
      const refusal = code === null ? null : await refusalOf(code, keys, path, visitor);
      if (refusal !== null) return refusal;
      const found = await read(keyOf(path === '/' ? `/${distribution.DefaultRootObject}` : path));
      // Without the right to list the bucket, S3 answers 403.
      const page = distribution.CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === 403)?.ResponsePagePath ?? '';
      const sent = found ?? (await read(keyOf(page)));
      return {
        status: found === null ? 404 : 200,
        type: sent?.ContentType ?? '',
        body: (await sent?.Body?.transformToString()) ?? '',
      };
    },
  };
}

async function refusalOf(
  code: string,
  keys: ReadonlySet<string>,
  uri: string,
  { ip = '192.0.2.7', password }: Visitor,
) {
  const kvs = () => ({ exists: async (key: string) => keys.has(key) });
  const context = createContext({ require: createRequire(import.meta.url), Buffer, cf: { kvs } });
  runInContext(code.replace("import cf from 'cloudfront';", ''), context);
  const value = `Basic ${Buffer.from(`ops:${password}`).toString('base64')}`;
  const headers = password === undefined ? {} : { authorization: { value } };
  const event = {
    version: '1.0',
    viewer: { ip },
    request: { method: 'GET', uri, querystring: {}, headers, cookies: {} },
  };
  const answer = JSON.parse(await runInContext(`handler(${JSON.stringify(event)}).then(JSON.stringify)`, context));
  return answer.statusCode === undefined
    ? null
    : { status: answer.statusCode as number, body: String(answer.body.data) };
}
