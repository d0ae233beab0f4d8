/** Joins the lines of a Postfix log to what became of each message for each recipient. */

import { createHash } from 'node:crypto';
import { hideMessage } from '../hide-addresses.ts';
import type { DeliveryOutcome } from '../outcome.ts';
import { providerOf } from '../providers.ts';
import type { PostfixDelivery, PostfixLine } from './log-line.ts';

/** Messages that are remembered. Beyond it, the oldest is forgotten: its sender is then unknown. */
const MOST_MESSAGES = 50_000;
/** Recipients of one message that are remembered while they are deferred. */
const MOST_RECIPIENTS = 1_000;

/** JSON: it is stored with the place in the log. It has no address. */
export interface QueuedMessage {
  /** The domain of the sender. */
  readonly from: string;
  /** The last deferral of each recipient, by a salted hash that is cut. */
  readonly deferred: Readonly<Record<string, Pick<DeliveryOutcome, 'provider' | 'code' | 'text' | 'delay'>>>;
}

export interface PostfixQueue {
  /** In the order in which they were last seen. */
  readonly messages: Map<string, QueuedMessage>;
}

export function emptyQueue(entries: readonly (readonly [string, QueuedMessage])[] = []): PostfixQueue {
  return { messages: new Map(entries) };
}

/**
 * Takes a line, and returns what it says. A recipient that is deferred again and again is deferred once. A message from the
 * null sender is itself a report, and is not counted.
 */
export function takeLine(queue: PostfixQueue, line: PostfixLine): readonly DeliveryOutcome[] {
  const message = queue.messages.get(line.queueId) ?? { from: '-', deferred: {} };
  switch (line.kind) {
    case 'queued':
      if (!queue.messages.has(line.queueId)) remember(queue, line.queueId, message);
      return [];
    case 'sender':
      remember(queue, line.queueId, { ...message, from: domainOf(line.sender) });
      return [];
    case 'removed':
      queue.messages.delete(line.queueId);
      return [];
    case 'expired':
      queue.messages.delete(line.queueId);
      return message.from === '' ? [] : returned(message, line.at);
    case 'delivery':
      return message.from === '' ? [] : takeDelivery(queue, message, line);
    default:
      return line satisfies never;
  }
}

function takeDelivery(queue: PostfixQueue, message: QueuedMessage, line: PostfixDelivery): readonly DeliveryOutcome[] {
  const { at, status, queueId, recipient } = line;
  const key = recipientKey(recipient, queueId);
  // The first release had no salt.
  const { [key]: own, [recipientKey(recipient, null)]: unsalted, ...others } = message.deferred;
  const before = own ?? unsalted;
  const seen = {
    provider: providerOf(line.relay),
    code: line.code,
    text: hideMessage(line.text, { recipient }),
    delay: line.delay,
  };
  if (status !== 'deferred') {
    if (before !== undefined) remember(queue, queueId, { ...message, deferred: others });
    if (status === 'sent' && cameBack(queue, line)) return [];
    return [{ at, kind: status === 'sent' ? 'delivered' : 'bounced', from: message.from, ...seen }];
  }
  const full = before === undefined && Object.keys(others).length >= MOST_RECIPIENTS;
  if (!full) remember(queue, queueId, { ...message, deferred: { ...others, [key]: seen } });
  return before === undefined ? [{ at, kind: 'deferred', from: message.from, ...seen }] : [];
}

const NEXT_ID = /\bqueued as ([0-9A-Za-z]{5,20})\b/;

/** A content filter took it and gave it back before it replied: what becomes of it is said of the new queue id. */
function cameBack({ messages }: PostfixQueue, { text, queueId }: PostfixDelivery): boolean {
  const [, next = ''] = NEXT_ID.exec(text) ?? [];
  return next !== queueId && messages.has(next);
}

function returned({ from, deferred }: QueuedMessage, at: number): readonly DeliveryOutcome[] {
  return Object.values(deferred).map((last) => ({ at, kind: 'bounced', from, ...last }));
}

function remember({ messages }: PostfixQueue, queueId: string, message: QueuedMessage): void {
  messages.delete(queueId);
  messages.set(queueId, message);
  const [oldest] = messages.keys();
  if (messages.size > MOST_MESSAGES && oldest !== undefined) messages.delete(oldest);
}

function domainOf(address: string): string {
  if (address === '') return '';
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return address.includes('@') && /^[a-z0-9.-]{1,253}$/.test(domain) ? domain : '-';
}

/** It tells recipients of one message apart, and nothing else. @param salt the queue id: one address has another key in each message */
function recipientKey(recipient: string, salt: string | null): string {
  const text = salt === null ? recipient.toLowerCase() : `${salt} ${recipient.toLowerCase()}`;
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
