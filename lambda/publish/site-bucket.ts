/** The bucket of the page. Only the bundle of `publish` has the client of S3. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bodyOf } from '../../web/site-file.ts';
import { clientSettings } from '../aws/client-timeouts.ts';
import { MANIFEST_KEY, ownEndpoint, SITE_PREFIX } from '../aws/page/site-keys.ts';
import type { SiteStore } from './site-store.ts';

/** How long browsers and CloudFront keep a file, and how long it is shown if the bucket cannot be read. */
const CACHE_CONTROL = 'max-age=30, stale-if-error=86400';

/** Another writer was first: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const LOST: ReadonlySet<string> = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

export function siteBucket(bucket: string, region: string): SiteStore {
  // A page is megabytes at most, and is written from the home region.
  const client = new S3Client({
    ...clientSettings(region, { connect: 1_000, request: 10_000, attempts: 3 }),
    forcePathStyle: ownEndpoint() !== undefined,
  });
  return {
    manifest: async () => {
      const found = await client
        .send(new GetObjectCommand({ Bucket: bucket, Key: MANIFEST_KEY }))
        .catch((error) => nullIf(error, ['NoSuchKey']));
      if (found === null) return null;
      return { text: (await found.Body?.transformToString()) ?? '', tag: found.ETag ?? '' };
    },
    writeManifest: async (text, tag) => {
      const condition = tag === null ? { IfNoneMatch: '*' } : { IfMatch: tag };
      const object = { Bucket: bucket, Key: MANIFEST_KEY, Body: text, ContentType: 'application/json' };
      const done = await client
        .send(new PutObjectCommand({ ...object, ...condition }))
        .catch((error) => nullIf(error, [...LOST]));
      return done === null ? null : (done.ETag ?? '');
    },
    paths: async () => {
      const paths: string[] = [];
      // Without its slash: moto decodes what is encoded in a query before it checks the signature.
      const Prefix = SITE_PREFIX.replace(/\/$/, '');
      let next: string | undefined;
      do {
        const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken: next }));
        paths.push(
          ...(listed.Contents ?? []).flatMap(({ Key = '' }) =>
            Key.startsWith(SITE_PREFIX) ? [Key.slice(SITE_PREFIX.length)] : [],
          ),
        );
        next = listed.NextContinuationToken;
      } while (next !== undefined);
      return paths;
    },
    put: async (path, file) => {
      const object = { Bucket: bucket, Key: SITE_PREFIX + path, Body: bodyOf(file), ContentType: file.type };
      await client.send(new PutObjectCommand({ ...object, CacheControl: CACHE_CONTROL }));
    },
    remove: async (path) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: SITE_PREFIX + path }));
    },
  };
}

/** @throws the error if it has another name */
function nullIf(error: unknown, names: readonly string[]): null {
  if (error instanceof Error && names.includes(error.name)) return null;
  throw error;
}
