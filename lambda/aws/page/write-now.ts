/** Writes `now.json` into the bucket of the page. */
import { NOW_PATH, type NowDocument, nowText } from '../../../web/documents/now.ts';
import type { Ports } from '../../ports.ts';
import { withTimeLimit } from '../../wire/time-limit.ts';
import { defaultProvider } from '../credentials.ts';
import { signedHeaders } from './signature.ts';
import { ownEndpoint, SITE_PREFIX } from './site-keys.ts';

/** Milliseconds that a write may take: the judge waits for it at the end of its pass. */
const TIMEOUT = 2_000;

/** Shorter than a round, and than the 15 seconds after which a page asks again. */
const CACHE_CONTROL = 'max-age=10, stale-if-error=60';

interface Place {
  readonly bucket: string;
  readonly region: string;
}

/**
 * Never rejects, and takes two seconds at most. A failure is logged once, until a write succeeds again: the page then says itself
 * that it is old.
 */
export function nowWriter(
  place: Place,
  { log, now }: Pick<Ports, 'log' | 'now'>,
): (document: NowDocument) => Promise<void> {
  let hasFailed = false;
  return async (document) => {
    const body = nowText(document);
    const failure = await withTimeLimit(TIMEOUT, undefined, (signal) => write(place, body, now(), signal)).catch(
      String,
    );
    if (failure !== null && !hasFailed)
      log({ level: 'warn', message: 'now.json not written', facts: { error: failure } });
    hasFailed = failure !== null;
  };
}

/** Returns the reason of a failure, or null. */
async function write(
  { bucket, region }: Place,
  body: string,
  now: number,
  signal: AbortSignal,
): Promise<string | null> {
  const url = new URL(SITE_PREFIX + NOW_PATH, bucketUrl(bucket, region));
  const headers = { 'cache-control': CACHE_CONTROL, 'content-type': 'application/json' };
  const credentials = await defaultProvider()();
  const request = { method: 'PUT', url, headers, body };
  const response = await fetch(url, {
    method: 'PUT',
    headers: signedHeaders(request, credentials, { region, service: 's3', now }),
    body,
    signal,
  });
  const text = await response.text();
  return response.ok ? null : `HTTP ${response.status} ${/<Code>(\w+)/.exec(text)?.[1] ?? ''}`.trim();
}

/** With an endpoint of its own, which is one of a test, the bucket is in the path. */
function bucketUrl(bucket: string, region: string): string {
  const own = ownEndpoint();
  return own === undefined ? `https://${bucket}.s3.${region}.amazonaws.com/` : `${own}/${bucket}/`;
}
