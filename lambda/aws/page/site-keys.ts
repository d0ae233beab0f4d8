/** Keys of the bucket of the page. CloudFront serves what is below the prefix, and nothing else. */
export const SITE_PREFIX = 'site/';
export const MANIFEST_KEY = 'manifest.json';
