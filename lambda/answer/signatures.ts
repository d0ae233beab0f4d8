/** Signatures of the requests of Slack and PagerDuty, and the comparison that takes the same time wherever texts differ. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds by which the time of a request may differ from ours. */
export const MOST_SKEW = 300;

/** A header with more signatures is none of PagerDuty. */
const MOST_SIGNATURES = 10;

export interface SignedBySlack {
  /** `X-Slack-Request-Timestamp` */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature` */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/**
 * Version v0: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>` in hex.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 * @param now epoch milliseconds
 */
export function isSignedBySlack(
  { timestamp = '', signature = '', body }: SignedBySlack,
  secret: string,
  now: number,
): boolean {
  if (secret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > MOST_SKEW) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return areEqual(signature, `v0=${expected}`);
}

/**
 * Version v1: the HMAC-SHA256 of the body in hex, once for each secret while one replaces another.
 * https://developer.pagerduty.com/docs/verifying-webhook-signatures
 * @param header `X-PagerDuty-Signature`: `v1=…,v1=…`
 */
export function isSignedByPagerDuty(header: string | undefined, body: Uint8Array, secret: string): boolean {
  if (secret === '' || header === undefined) return false;
  const expected = `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const given = header.split(',', MOST_SIGNATURES + 1).map((one) => one.trim());
  return given.length <= MOST_SIGNATURES && given.filter((one) => areEqual(one, expected)).length > 0;
}

/** The time does not depend on where the texts differ. Their lengths are no secret. */
export function areEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
