/** Retries requests that DynamoDB throttles. */

export interface RetryOptions {
  /** Attempts in total, not counting the retries of the client; 8 by default. */
  readonly attempts: number;
  /** Maximum first wait in milliseconds, doubled with each attempt up to 5 s; 50 by default. */
  readonly firstWait: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** 0 up to 1; `Math.random` by default. */
  readonly random: () => number;
}

const longestWait = 5_000;

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionInProgressException',
  'InternalServerError',
  'ServiceUnavailable',
]);

/** Repeats `call` while it is throttled, with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export async function retryThrottled<T>(call: () => Promise<T>, options: Partial<RetryOptions> = {}): Promise<T> {
  const { attempts = 8, firstWait = 50, sleep = wait, random = Math.random } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= attempts || !isThrottle(error)) throw error;
      await sleep(random() * Math.min(longestWait, firstWait * 2 ** (attempt - 1)));
    }
  }
}

export function isThrottle(error: unknown): boolean {
  return error instanceof Error && throttles.has(error.name);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
