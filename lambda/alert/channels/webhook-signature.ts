/** Signs the requests to a webhook, so that the receiver knows who sent them and when. */
import { createHmac } from 'node:crypto';

const timestampHeader = 'smtp-quorum-timestamp';
const signatureHeader = 'smtp-quorum-signature';

/**
 * The headers of a signed request: the time in seconds since 1970, and `v1=` with the HMAC (SHA-256, in hexadecimal) of
 * `v1:<time>:<body>`. Each attempt has a time of its own, so that a receiver can refuse an old request that is repeated.
 */
export function signatureHeaders(key: string, body: string, now: number): Readonly<Record<string, string>> {
  const time = String(Math.floor(now / 1000));
  const code = createHmac('sha256', key).update(`v1:${time}:${body}`).digest('hex');
  return { [timestampHeader]: time, [signatureHeader]: `v1=${code}` };
}
