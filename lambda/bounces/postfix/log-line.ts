/** Reads one line of a Postfix log (postfix.org/postconf.5.html, qmgr(8), smtp(8)). Never throws. */

import { logTime } from './log-time.ts';

export type DeliveryStatus = 'sent' | 'deferred' | 'bounced';

export type PostfixLine =
  /** A message came into the queue. */
  | { readonly kind: 'queued'; readonly at: number; readonly queueId: string }
  /** The queue manager knows the sender of a message. */
  | { readonly kind: 'sender'; readonly at: number; readonly queueId: string; readonly sender: string }
  /** The message was in the queue for too long. It was returned for all recipients that were still deferred. */
  | { readonly kind: 'expired'; readonly at: number; readonly queueId: string }
  | { readonly kind: 'removed'; readonly at: number; readonly queueId: string }
  | PostfixDelivery;

/** An attempt to deliver a message to one recipient. */
export interface PostfixDelivery {
  readonly kind: 'delivery';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly queueId: string;
  readonly recipient: string;
  /** The host that was asked; null if none was. */
  readonly relay: string | null;
  /** Seconds since the message arrived. */
  readonly delay: number;
  /** `5.1.1`, an enhanced status code (RFC 3463). */
  readonly code: string;
  readonly status: DeliveryStatus;
  /** The text in brackets: the reply of the server, or the reason of Postfix. */
  readonly text: string;
}

/** Longer lines are not read: syslog itself cuts at 8 KB or less. */
const LONGEST_LINE = 16_384;
/**
 * `mail postfix/smtp[12]: 4FABC1234: `. A second instance and a service may have any other name before the slash. FreeBSD may write facility and
 * level before the host, Solaris after the process, and RFC 5424 writes `mail postfix/smtp 12 - - 4FABC1234: `.
 */
const HEAD =
  /^(?:<[\w.]{1,20}> )?(?:\S+ )?[\w./-]*\/([\w-]+)(?:\[\d+\]:| (?:\d+|-) \S+ (?:-|(?:\[[^\]]*\])+)) {1,2}(?:\[ID \d+ [\w.]+\] )?\ufeff?([0-9A-Za-z]{5,20}): /;
/**
 * Postfix 3.11 writes `tls=` before `dsn`. `soft_bounce` is a deferral: the message stays in the queue. A long line may be cut off.
 * Before Postfix 3.5 a quote is written as it is in the mailbox, without another one.
 */
const DELIVERY =
  /^to=<((?:"(?:[^"\\]|\\.)*"|[^>"])*(?:"[^>"]*)?)>, (?:orig_to=<(?:"(?:[^"\\]|\\.)*"|[^>"])*(?:"[^>"]*)?>, )?relay=([^,]+), (?:[a-z_]+=[^,]*, )*?delay=([\d.]+), (?:[a-z_]+=[^,]*, )*?dsn=(\d\.\d{1,3}\.\d{1,3}), status=(sent|deferred|bounced|SOFTBOUNCE)(?: \((.*))?$/s;
const RETURNED = /^from=<[^>]*>, status=(?:expired|force-expired), returned to sender/;
const SENDER = /^from=<([^>]*)>, size=\d+, nrcpt=\d+/;
const QUEUED = /^(?:client|message-id|uid)=/;
/** Services of Postfix that take messages into the queue. */
const TAKERS: readonly string[] = ['smtpd', 'cleanup', 'pickup'];
/** Deliveries inside of the mail system. */
const LOCAL_SERVICES: readonly string[] = ['local', 'virtual', 'pipe', 'discard'];

/** LMTP to a mailbox server on the same machine: `mail.example.com[private/dovecot-lmtp]`. */
const IS_SOCKET = /\[[^\]]*\//;

/** @returns null for a line that has nothing to say about a delivery to another host */
export function readPostfixLine(line: string, now: number): PostfixLine | null {
  if (line.length > LONGEST_LINE) return null;
  const time = logTime(line, now);
  const [head, service = '', queueId = ''] = time === null ? [] : (HEAD.exec(time.rest) ?? []);
  if (time === null || head === undefined) return null;
  const { at } = time;
  const text = time.rest.slice(head.length);
  if (TAKERS.includes(service)) return QUEUED.test(text) ? { kind: 'queued', at, queueId } : null;
  if (service === 'qmgr') return queueLine(at, queueId, text);
  return LOCAL_SERVICES.includes(service) ? null : deliveryLine(at, queueId, text);
}

function queueLine(at: number, queueId: string, text: string): PostfixLine | null {
  if (text === 'removed') return { kind: 'removed', at, queueId };
  if (RETURNED.test(text)) return { kind: 'expired', at, queueId };
  const [, sender] = SENDER.exec(text) ?? [];
  return sender === undefined ? null : { kind: 'sender', at, queueId, sender };
}

function deliveryLine(at: number, queueId: string, text: string): PostfixDelivery | null {
  const [whole, recipient = '', relay = '', delay = '0', code = '', status = '', reason = ''] =
    DELIVERY.exec(text) ?? [];
  if (whole === undefined || IS_SOCKET.test(relay)) return null;
  const host = /^([^[\]]+)\[/.exec(relay)?.[1] ?? null;
  return {
    kind: 'delivery',
    at,
    queueId,
    recipient,
    relay: host?.toLowerCase() ?? null,
    delay: Number(delay),
    code,
    status: status === 'SOFTBOUNCE' ? 'deferred' : (status as DeliveryStatus),
    text: reason.endsWith(')') ? reason.slice(0, -1) : withoutLastWord(reason),
  };
}

/** Where a line is cut off there may be a part of a name, which nobody would know as one. */
function withoutLastWord(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf(' ')));
}
