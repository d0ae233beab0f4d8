/** The messages that people get in a month, by the kind of their channel, and what AWS charges for them. */
import type { Channel } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import type { Unit, Usage } from './prices.ts';

/** Entries of `notify`, by their kind. */
export type MessageFleet = Readonly<Partial<Record<Channel['kind'], number>>>;

/** Outages of a month, each with an alert, an update and a recovery. It is not known before. */
const ASSUMED_OUTAGES = 5;
const ALERTS_OF_OUTAGE = 3;
/** Messages that one entry of `notify` gets. */
export const MESSAGES_OF_ENTRY = ASSUMED_OUTAGES * ALERTS_OF_OUTAGE;
const CALCULATION = `${ASSUMED_OUTAGES} outages × ${ALERTS_OF_OUTAGE} alerts`;

/** What AWS charges for a message. Services have bills of their own; a call has a line of its own. */
const UNITS: Readonly<Partial<Record<Channel['kind'], Unit>>> = { email: 'emailMessage' };
const NOTES: Readonly<Partial<Record<Channel['kind'], string>>> = {
  sms: 'priced by country, not included: aws.amazon.com/sns/sms-pricing',
};

/** Null if nobody is told. */
export function messageFleet({ notify }: Pick<Config, 'notify'>): MessageFleet | null {
  const entries: Partial<Record<Channel['kind'], number>> = {};
  for (const { kind } of notify) entries[kind] = (entries[kind] ?? 0) + 1;
  return notify.length === 0 ? null : entries;
}

export function messageUsage(fleet: MessageFleet): readonly Usage[] {
  return (Object.entries(fleet) as [Channel['kind'], number][]).map(([kind, entries]) => {
    const quantity = entries * MESSAGES_OF_ENTRY;
    const of = entries === 1 ? CALCULATION : `${entries} entries × ${CALCULATION}`;
    const note = NOTES[kind] === undefined ? '' : `; ${NOTES[kind]}`;
    return {
      item: `Messages, ${kind}`,
      unit: UNITS[kind] ?? 'message',
      quantity,
      calculation: `${quantity} messages: ${of}${note}`,
    };
  });
}
