/** Bounds of a call to AWS. */
export interface CallBounds {
  /** Milliseconds to connect. */
  readonly connect: number;
  /** Milliseconds of one attempt, including the TLS handshake. */
  readonly request: number;
  readonly attempts: number;
}

/**
 * By default the SDK waits forever, and `requestTimeout` alone only logs a warning. One stalled connection would use up the
 * time of a round or of a pass of the judge. A new connection and an answer take under 1.5 s from any region.
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-types/Interface/NodeHttpHandlerOptions/
 */
export const callBounds: CallBounds = { connect: 1_000, request: 3_000, attempts: 2 };

/** The longest wait of the SDK before the second attempt, in milliseconds: 1 s after throttling, otherwise 100 ms. */
const RETRY_DELAY = 1_000;

/** The longest time of one call, in milliseconds. */
export function longestCall({ request, attempts }: CallBounds = callBounds): number {
  return request * attempts + RETRY_DELAY * (attempts - 1);
}

/** Settings of an SDK client with these bounds. */
export function clientSettings(region: string, { connect, request, attempts }: CallBounds = callBounds) {
  return {
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connect, requestTimeout: request, throwOnRequestTimeout: true },
  };
}
