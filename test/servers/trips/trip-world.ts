/** The two domains of the trips, and what happens to the mail of each recipient. */

/** Who sends, and gets the bounces. */
export const SENDER = { host: 'mail.example.com', domain: 'example.com', user: 'canary@example.com' } as const;

export const RECEIVER = { host: 'mx.example.net', domain: 'example.net' } as const;

/** It passes mail on to the receiver. */
export const RELAY = { host: 'relay.example.org' } as const;

export const PASSWORD = 'open sesame';

/** Local parts of the recipients. */
export const SEEDS = {
  /** Mail arrives. */
  healthy: 'seed',
  /** rspamd greylists the first attempt. */
  greylisted: 'later',
  /** Likewise: rspamd lets the next message of the same sender and recipient pass. */
  alsoGreylisted: 'later-too',
  /** rspamd takes it for spam, and Sieve files it to Junk. */
  junked: 'junk',
  /** The filter of a gateway adds a footer to it. */
  altered: 'gateway',
  /** The mailbox is over its quota. */
  full: 'full',
  /** The policy service refuses it over its quota before the message is sent. */
  refused: 'refused',
  /** Mail takes the way over Exim. */
  relayed: 'relayed',
  /** Likewise; and the receiver refuses it over its quota, so that Exim returns it. */
  relayedFull: 'relayed-full',
  /** An alias for /dev/null. */
  lost: 'lost',
} as const;

export type Seed = keyof typeof SEEDS;

export function seedAddress(seed: Seed): string {
  return `${SEEDS[seed]}@${RECEIVER.domain}`;
}

/** The mailboxes that are over their quota. */
export const FULL: readonly Seed[] = ['full', 'refused', 'relayedFull'];

/** Selector of the key for DKIM. */
export const SELECTOR = 'trips';
