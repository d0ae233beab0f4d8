/** The events that start `deliver` and `notify`. */
import type { SecretDiagnosisRequest } from '../aws/diagnose-secrets.ts';

/** A request of `smtp-quorum test-alert`. */
export interface TestRequest {
  readonly testAlert: {
    /** Tells this test from others. */
    readonly id: string;
    /** The names of one channel; null for all channels. */
    readonly channel: readonly string[] | null;
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface QueueEvent {
  readonly Records: readonly { readonly body: string }[];
}

/** Of the queue, of EventBridge Scheduler, or of a person. An event of another form is an error of its sender. */
export type DeliverEvent = QueueEvent | { readonly scheduled: string } | TestRequest | SecretDiagnosisRequest;

/** The channels that the messages of the queue name. A message that names none is ignored: it would never name one. */
export function namedChannels({ Records }: QueueEvent): readonly string[] {
  return Records.flatMap(({ body }) => {
    const channel = channelOf(body);
    return channel === null ? [] : [channel];
  });
}

/** Each message is an event of the bus. */
function channelOf(body: string): string | null {
  try {
    const { detail } = JSON.parse(body) as { readonly detail?: { readonly channel?: unknown } };
    return typeof detail?.channel === 'string' && detail.channel !== '' ? detail.channel : null;
  } catch {
    return null;
  }
}
