/** The events that start a publication. */

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface QueuedMessages {
  readonly Records: readonly { readonly attributes?: { readonly SentTimestamp?: string } }[];
}

/** Epoch milliseconds of the newest message of a queue. Infinity if a schedule started it, or the time is not known. */
export function newsAtOf(event: unknown): number {
  if (!isQueued(event)) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...event.Records.map(({ attributes }) => Number(attributes?.SentTimestamp ?? Number.POSITIVE_INFINITY)),
  );
}

function isQueued(event: unknown): event is QueuedMessages {
  const { Records } = (event ?? {}) as { readonly Records?: unknown };
  return Array.isArray(Records) && Records.length > 0;
}
