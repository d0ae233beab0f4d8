/** Keys of the bucket of the page. CloudFront serves what is below the prefix, and nothing else. */
export const SITE_PREFIX = 'site/';
export const MANIFEST_KEY = 'manifest.json';

/** An endpoint in place of that of AWS. Its name has no room for a bucket. */
export function ownEndpoint(): string | undefined {
  return process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
}
