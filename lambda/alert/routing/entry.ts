/** The entries of `notify` as routing sees them. */
import type { ChannelRules } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import { alertTopics } from '../../config/schema/selectable-alert-kinds.ts';
import { receiverId } from '../channels/channel-ids.ts';

/** An entry of `notify`, or a channel that is told of everything: the topic for its other subscribers, the terminal. */
export interface RoutedEntry extends ChannelRules {
  readonly id: string;
  readonly receiver: string;
  /** From 0; null for a channel that is no entry of `notify`. */
  readonly place: number | null;
}

/** Only what routing needs of a channel with deliveries. */
interface DeliveredChannel {
  readonly id: string;
  readonly when: 'all' | ChannelRules['when'];
}

/**
 * The entries of the config in their order, and the channels that no entry names. An entry without an id has that of its
 * receiver, so that it keeps its id when others are added; the second of one receiver has a number.
 */
export function entriesOf(
  { notify }: Pick<Config, 'notify'>,
  channels: readonly DeliveredChannel[],
): readonly RoutedEntry[] {
  const receivers = notify.map(receiverId);
  const named = notify.map((channel, place): RoutedEntry => {
    const receiver = receivers[place] ?? '';
    const before = receivers.slice(0, place).filter((one) => one === receiver).length;
    return { ...channel, id: channel.id ?? (before === 0 ? receiver : `${receiver}-${before + 1}`), receiver, place };
  });
  const others = channels.filter(({ id }) => !receivers.includes(id));
  const unnamed = others.map(({ id, when }): RoutedEntry => {
    return { id, receiver: id, place: null, when: when === 'all' ? alertTopics : when };
  });
  return [...named, ...unnamed];
}

/** The ids that the config gives to the entries with a receiver. @param receiver as `receiverId()` names it */
export function entryNames({ notify }: Pick<Config, 'notify'>, receiver: string): readonly string[] {
  return notify.flatMap((channel) =>
    channel.id !== undefined && channel.id !== receiver && receiverId(channel) === receiver ? [channel.id] : [],
  );
}

/** ` (night, ops)`, to follow the id of a receiver; empty if the config gives its entries no ids. */
export function entryNote(config: Pick<Config, 'notify'>, receiver: string): string {
  const names = entryNames(config, receiver);
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}
