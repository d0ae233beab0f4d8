/**
 * What a message shows of the side that sent it: the address that it left from, and what it was signed with. Nothing of it is
 * personal.
 *
 * Each host writes its fields above those that it received, so that every field below a host's own may be forged by who sent
 * the message to it. Hence:
 * - Nothing is learnt unless a Received field has the queue identifier of the reply that we had. Only the server that we sent to,
 *   and who has seen the message, know it.
 * - The first host outside is the next one whose Received field has a public address of its sender. A signature counts only
 *   below that field: what hosts and lists add later is not of the side that sent.
 * - The address counts only if no later field has a public one. Then it is the newest public address of the message, and the side of the
 *   mailbox wrote it: a field that is forged below cannot change it, and one with a public address makes it unknown. Who
 *   sends a copy of the message can only show the address that he sends from, never that of somebody else. A mailbox whose own
 *   hosts pass mail on between public addresses shows none.
 */
import { isPublicAddress } from '../../dns/special-addresses.ts';
import { canonicalAddress } from '../../standards/ip-address.ts';
import type { HeaderField } from '../../standards/mime/header.ts';
import { parseTagList, tagValue } from '../../standards/tag-list/tag-list.ts';
import type { ReceivedMessage } from '../message/received-message.ts';
import type { TripHop } from './trip-hop.ts';

/** What a DKIM-Signature names, in lower case. It was not verified. */
export interface TripSignature {
  /** `d=` */
  readonly domain: string;
  /** `s=` */
  readonly selector: string;
}

/** What is not known is absent. */
export interface SendingSide {
  /** Public address that the first host outside took the message from. */
  readonly sendingAddress?: string;
  /** Each once. */
  readonly signatures?: readonly TripSignature[];
}

const MOST = { signatures: 5, octets: 8_192 } as const;

/** @param hops of the same message, oldest first */
export function sendingSide(
  { fields, received }: Pick<ReceivedMessage, 'fields' | 'received'>,
  hops: readonly TripHop[],
): SendingSide {
  const ours = hops.findIndex(({ acceptedByUs }) => acceptedByUs);
  if (ours === -1) return {};
  const outside = hops.flatMap(({ fromAddress }, nth) =>
    nth > ours && fromAddress !== null && isPublicAddress(fromAddress) ? [{ nth, address: fromAddress }] : [],
  );
  const [first, ...later] = outside;
  const address = first === undefined || later.length > 0 ? null : canonicalAddress(first.address);
  // Received fields are newest first.
  const below = first === undefined ? fields : fieldsBelow(fields, received.length - 1 - first.nth);
  const signatures = signaturesOf(below);
  return {
    ...(address === null ? {} : { sendingAddress: address }),
    ...(signatures.length === 0 ? {} : { signatures }),
  };
}

/** @param nth of the Received fields, newest first */
function fieldsBelow(fields: readonly HeaderField[], nth: number): readonly HeaderField[] {
  const places = fields.flatMap(({ name }, place) => (name === 'received' ? [place] : []));
  return fields.slice((places[nth] ?? fields.length) + 1);
}

function signaturesOf(fields: readonly HeaderField[]): readonly TripSignature[] {
  const found = new Map<string, TripSignature>();
  for (const { name, value } of fields) {
    if (found.size === MOST.signatures) break;
    const signature = name === 'dkim-signature' ? signatureOf(value) : null;
    if (signature !== null) found.set(keyName(signature), signature);
  }
  return [...found.values()];
}

/** Labels of a host name; the underscore is in use in selectors. */
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

function signatureOf(value: string): TripSignature | null {
  const tags = parseTagList(value.slice(0, MOST.octets));
  const [domain, selector] = ['d', 's'].map((tag) => tagValue(tags, tag)?.trim().toLowerCase() ?? '');
  const signature = { domain: domain ?? '', selector: selector ?? '' };
  return [...Object.values(signature), keyName(signature)].every((name) => NAME.test(name)) ? signature : null;
}

/** Where the key is in DNS (RFC 6376 3.6.2.1). */
function keyName({ domain, selector }: TripSignature): string {
  return `${selector}._domainkey.${domain}`;
}
