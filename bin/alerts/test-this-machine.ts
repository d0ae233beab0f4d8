import { randomUUID } from 'node:crypto';
import { receiverId } from '../../lambda/alert/channels/channel-ids.ts';
import { localChannels } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { channelsNamed, sendTests, type TestResult } from '../../lambda/deliver/send-tests.ts';
import { localSender } from '../../local/deliveries.ts';
import { undeliverable } from '../../local/undeliverable-channels.ts';
import { UsageError } from '../arguments/usage-error.ts';

/**
 * Sends a test alert to each channel of `smtp-quorum start`, or to the named ones. It opens no history.
 * @throws UsageError if there is no channel of this name
 */
export async function testThisMachine(
  config: Config,
  names: readonly string[] | null,
  show: Parameters<typeof localSender>[1],
): Promise<readonly TestResult[]> {
  const channels = localChannels(config);
  const unsendable = config.notify.flatMap((channel) => unsendableResult(channel, config));
  const tested = names === null ? channels : channelsNamed({ channels, config }, names);
  const refused = unsendable.filter(
    ({ channel }) => names === null || [channel, kindOf(channel)].some((name) => names.includes(name)),
  );
  if (tested.length + refused.length === 0) {
    throw new UsageError(unknownChannel([...channels.map(({ id }) => id), ...unsendable.map((one) => one.channel)]));
  }
  const ports = { senderOf: localSender(config, show), now: Date.now };
  return [...(await sendTests(ports, tested, randomUUID().slice(0, 8))), ...refused];
}

function kindOf(id: string): string {
  return id.replace(/:.*$/, '');
}

/** A channel of the config to which this machine sends nothing, with the reason. */
function unsendableResult(channel: Channel, config: Config): readonly TestResult[] {
  const answer = undeliverable(channel, config);
  if (answer === null) return [];
  return [{ channel: receiverId(channel), taken: false, answer, milliseconds: 0 }];
}

export function unknownChannel(known: readonly string[]): string {
  return `no channel has this name; the channels are ${known.join(', ')}`;
}
