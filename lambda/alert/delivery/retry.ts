/** When a channel is tried again. */

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 300_000;
const SHORTEST_WAIT = 1_000;
/** A receiver may not put off its alerts for longer. */
const LONGEST_RETRY_AFTER = 3_600_000;

/**
 * Milliseconds until the next attempt: what the receiver asked for, else exponential backoff with full jitter (AWS
 * Architecture Blog, "Exponential Backoff And Jitter").
 * @param attempts failed attempts so far, 1 or more
 * @param random 0 up to 1
 */
export function retryWait(attempts: number, retryAfter: number | null, random: number): number {
  const backoff = random * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1));
  return Math.max(SHORTEST_WAIT, Math.round(retryAfter === null ? backoff : Math.min(retryAfter, LONGEST_RETRY_AFTER)));
}
