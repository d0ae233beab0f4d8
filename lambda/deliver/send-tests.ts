/** Sends a test alert to each channel, as a real one is sent. Nothing is stored, and nothing is sent again. */
import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { namedSubscribers } from '../alert/subscriptions/subscription.ts';
import { PLAIN } from '../alert/words/late-delivery-note.ts';
import { testAlert } from '../alert/words/test-alert.ts';
import type { DeliverPorts } from '../ports.ts';

/** What became of a test alert on one channel. */
export interface TestResult {
  /** The id of the channel. It contains no secret. */
  readonly channel: string;
  readonly taken: boolean;
  /** What the receiver replied, or why it did not take the alert. */
  readonly answer: string;
  readonly milliseconds: number;
}

type TestPorts = Pick<DeliverPorts, 'config' | 'channels' | 'senderOf' | 'now'>;

/**
 * At the same time on all channels.
 * @param id identifies this test
 */
export async function sendTests(
  { senderOf, now }: Pick<TestPorts, 'senderOf' | 'now'>,
  channels: readonly DeliveryChannel[],
  id: string,
): Promise<readonly TestResult[]> {
  const message = { ...PLAIN, alert: testAlert(id, now()) };
  return await Promise.all(channels.map((channel) => sendTest(senderOf(channel), channel.id, message)));
}

async function sendTest(
  send: ReturnType<TestPorts['senderOf']>,
  channel: string,
  message: Parameters<typeof send>[0],
): Promise<TestResult> {
  const began = performance.now();
  const result = await send(message, new AbortController().signal);
  const milliseconds = Math.round(performance.now() - began);
  return result.taken
    ? { channel, taken: true, answer: result.answer ?? '', milliseconds }
    : { channel, taken: false, answer: result.words, milliseconds };
}

/**
 * The channels that have one of these names: an id, a kind, or `webhook:` with the origin of a URL. Subscriptions of the topic
 * are tested with the topic: it has no message for one of them alone.
 */
export function channelsNamed(
  { channels, config }: Pick<TestPorts, 'channels' | 'config'>,
  names: readonly string[],
): readonly DeliveryChannel[] {
  return channels.filter((channel) => {
    const { id, kind } = channel;
    const ids =
      kind === 'topic' ? [id, 'email', 'sms', ...namedSubscribers(config)] : [id, kindOf(channel), originOf(id)];
    return ids.some((one) => names.includes(one));
  });
}

function kindOf(channel: DeliveryChannel): string {
  return channel.kind === 'service' ? channel.receiver.kind : channel.kind;
}

function originOf(id: string): string {
  return id.replace(/#.*$/, '');
}
