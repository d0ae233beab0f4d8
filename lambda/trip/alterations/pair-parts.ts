/** Finds for each part that was sent the one that was received. Pure. */

import { partText } from '../message/read-trip-message.ts';
import type { ReceivedPart } from '../message/received-message.ts';
import type { SentPart } from '../message/trip-plan.ts';

export interface PartPair {
  readonly sent: SentPart;
  readonly received: ReceivedPart | null;
}

export interface PairedParts {
  readonly pairs: readonly PartPair[];
  /** What we did not send. */
  readonly added: readonly ReceivedPart[];
}

type Match = (sent: SentPart, received: ReceivedPart) => boolean;

/** From the surest to the weakest. */
const MATCHES: readonly Match[] = [
  (sent, received) => sent.hash === received.hash && kindOf(received) === sent.role,
  (sent, received) => sent.hash === received.hash,
  (sent, received) => kindOf(received) === sent.role && sent.role !== 'attachment' && isAlike(sent, received),
  (sent, received) => kindOf(received) === sent.role && sent.filename !== null && received.filename === sent.filename,
  (sent, received) => kindOf(received) === sent.role && sent.role !== 'attachment',
];

export function pairParts(sent: readonly SentPart[], received: readonly ReceivedPart[]): PairedParts {
  const found = new Map<SentPart, ReceivedPart>();
  const left = new Set(received);
  for (const match of MATCHES) {
    for (const part of sent) {
      const other = found.has(part) ? undefined : [...left].find((one) => match(part, one));
      if (other === undefined) continue;
      found.set(part, other);
      left.delete(other);
    }
  }
  return { pairs: sent.map((part) => ({ sent: part, received: found.get(part) ?? null })), added: [...left] };
}

function kindOf({ type, isAttachment }: ReceivedPart): SentPart['role'] {
  if (isAttachment || !/^text\/(?:plain|html)$/.test(type)) return 'attachment';
  return type === 'text/html' ? 'html' : 'text';
}

/** Words of the text that was sent are there. */
function isAlike(sent: SentPart, received: ReceivedPart): boolean {
  const words = partText(sent).match(/[A-Za-z]{5,}/g) ?? [];
  const text = partText(received).slice(0, 65_536);
  return words.filter((word) => text.includes(word)).length * 2 > words.length;
}
