/** What happened to a message on its way. Pure. */

import { splitHeader } from '../../standards/mime/header.ts';
import type { ReceivedMessage } from '../message/received-message.ts';
import type { BuiltMessage } from '../message/trip-plan.ts';
import { alteration } from './alteration.ts';
import type { Alteration } from './alteration-codes.ts';
import { compareHeader } from './compare-header.ts';
import { compareParts } from './compare-parts.ts';

/** @param sent built of the same plan as the message that was sent @returns each change once; none if it is as it was sent */
export function compareTrip(sent: BuiltMessage, received: ReceivedMessage): readonly Alteration[] {
  const { fields } = splitHeader(sent.message.toString('latin1'));
  const found = [
    ...compareHeader(fields, received.fields),
    ...compareParts(sent.parts, received.parts),
    ...brokenSignatures(received),
  ];
  return found.filter(
    (one, nth) => found.findIndex((other) => other.code === one.code && other.detail === one.detail) === nth,
  );
}

function brokenSignatures({ bodyHashes }: ReceivedMessage): readonly Alteration[] {
  const domains = bodyHashes.filter(({ isIntact }) => !isIntact).map(({ domain }) => domain);
  return domains.length === 0 ? [] : [alteration('dkim-broken', [...new Set(domains)].join(', '))];
}
