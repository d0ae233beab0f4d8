/** The events of the queue: each message is an event of the bus. */

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface QueueEvent {
  readonly Records: readonly { readonly body: string }[];
}

/** The channels that the messages name. A message that names none is ignored: it would never name one. */
export function namedChannels({ Records }: QueueEvent): readonly string[] {
  return Records.flatMap(({ body }) => {
    const channel = channelOf(body);
    return channel === null ? [] : [channel];
  });
}

function channelOf(body: string): string | null {
  try {
    const { detail } = JSON.parse(body) as { readonly detail?: { readonly channel?: unknown } };
    return typeof detail?.channel === 'string' && detail.channel !== '' ? detail.channel : null;
  } catch {
    return null;
  }
}
