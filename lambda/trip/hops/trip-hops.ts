/** Joins the Received fields of a message with what we know of its sending. */

import { routableAddresses } from '../../dns/special-addresses.ts';
import type { Hop } from '../../standards/received/received.ts';
import type { TripHop } from './trip-hop.ts';

export interface Acceptance {
  /** When we began to send the message, if it is known: a host writes its Received field before it replies. */
  readonly began?: number;
  /** When we had the reply to the message, epoch milliseconds. */
  readonly at: number;
  /** The reply to the message: `2.0.0 Ok: queued as 4XyZ`. */
  readonly reply: string;
}

/** Received fields count in seconds. */
const RESOLUTION = 1_000;

/** @param received newest first @returns oldest first. What was before us, such as a proxy of the submission, stays. */
export function tripHops(received: readonly Hop[], acceptance: Acceptance): readonly TripHop[] {
  const oldestFirst = received.toReversed();
  const ours = oldestFirst.findIndex(({ id }) => id !== null && namesQueueId(acceptance.reply, id));
  let [before, earliest] = [acceptance.at, acceptance.began ?? acceptance.at];
  return oldestFirst.map((hop, nth) => {
    const delay = hop.at === null ? null : hop.at - before;
    const clocksDisagree = hop.at !== null && hop.at < earliest - RESOLUTION;
    before = hop.at ?? before;
    earliest = before;
    return { ...tripHop(hop), delay, clocksDisagree, acceptedByUs: nth === ours };
  });
}

function tripHop(hop: Hop): Omit<TripHop, 'delay' | 'clocksDisagree' | 'acceptedByUs'> {
  const { by, from, fromAddress, byAddress, protocol, tls, id, at } = hop;
  const overSmtp = /^(?:UTF8)?E?SMTPS?A?$/.test(protocol ?? '');
  const isPublicPath = fromAddress !== null && isPublic(fromAddress) && (byAddress === null || isPublic(byAddress));
  const plaintext = overSmtp && !tls && isPublicPath && !SILENT.test(by ?? '');
  return { host: by, from, fromAddress, protocol, tls, id, at, plaintext };
}

/** Hosts that never say whether there was TLS: Amazon SES and WorkMail, Tencent. */
const SILENT = /^inbound-smtp\.[a-z0-9-]{1,40}\.amazonaws\.com$|(?:^|\.)qq\.com$/;

function isPublic(address: string): boolean {
  return routableAddresses('', [address], 'public').problem === null;
}

/** Whether an identifier is a word of the reply. Servers write it in many ways; those shorter than five characters are no evidence. */
function namesQueueId(reply: string, id: string): boolean {
  return id.length >= 5 && reply.split(/[\s<>()[\],;="']+/).some((word) => word.replace(/\.$/, '') === id);
}

/** Phrases before and after the identifier: of Postfix and Stalwart, Exim and KumoMTA, Microsoft, Sendmail and OpenSMTPD, Cisco, Haraka, Amazon SES, Google. */
const QUEUE_ID: readonly RegExp[] = [
  /\bqueued (?:as|with id) <?([\w.-]{5,128})/i,
  /\bids?=([\w-]{5,128})/,
  /\[InternalId=(\d{5,32})/i,
  /(?:^|\s)([\w-]{5,128}) Message accepted for delivery/i,
  /\bMessage (\d{5,32}) accepted/i,
  /\bMessage Queued \(([\w.-]{5,128})\)/i,
  /^(?:2\.\d\.\d )?Ok ([0-9a-f]{16}-[0-9a-f-]{20,})/i,
  /^(?:2\.\d\.\d )?OK \d{9,11} ([\w.-]{5,128}) - gsmtp/i,
];

/** The identifier to search the log of the server for. @param reply without the code of three digits */
export function queueIdOf(reply: string): string | null {
  for (const pattern of QUEUE_ID) {
    const id = pattern.exec(reply.slice(0, 1_000))?.[1];
    if (id !== undefined) return id.replace(/\.$/, '');
  }
  return null;
}
