/** How long one attempt of a call to AWS may take, and how many there are. */
export interface CallBounds {
  /** Milliseconds until the connection stands. */
  readonly connect: number;
  /** Milliseconds until the whole answer is there, the TLS handshake included. */
  readonly request: number;
  readonly attempts: number;
}

/**
 * The SDK waits without end by default, and `requestTimeout` alone only warns. One stalled connection would cost a
 * probe its round and the judge its run. From half the world away a new connection and an answer take under 1.5 s.
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-types/Interface/NodeHttpHandlerOptions/
 */
export const callBounds: CallBounds = { connect: 1_000, request: 3_000, attempts: 2 };

/** Milliseconds that the SDK waits at most before the second attempt: 100 ms, or 1 s where it is throttled. */
const RETRY_DELAY = 1_000;

/** Milliseconds that one call may take at most. */
export function longestCall({ request, attempts }: CallBounds = callBounds): number {
  return request * attempts + RETRY_DELAY * (attempts - 1);
}

/** Settings for a client of the SDK. */
export function clientSettings(region: string, { connect, request, attempts }: CallBounds = callBounds) {
  return {
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connect, requestTimeout: request, throwOnRequestTimeout: true },
  };
}
