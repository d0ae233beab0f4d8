/** Writes a query: RFC 1035 4.1, with EDNS0 (RFC 6891). */

import { randomInt } from 'node:crypto';
import packet from 'dns-packet';
import type { DataType } from './record-data.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: DataType;
  /** False for a question to a server of the zone itself. */
  readonly recursion: boolean;
  /** The DO bit: the answer has signatures (RFC 4035 3.2.1). */
  readonly signatures: boolean;
  /** The CD bit: a validating resolver answers also if the signatures are wrong (RFC 4035 3.2.2). */
  readonly unchecked: boolean;
}

export interface QueryMessage {
  readonly id: number;
  readonly question: DnsQuestion;
  readonly octets: Buffer;
}

export function plainQuestion(name: string, type: DataType): DnsQuestion {
  return { name, type, recursion: true, signatures: false, unchecked: false };
}

/** Octets of an answer over UDP that is not fragmented (RFC 9715). */
const UDP_OCTETS = 1_232;

export function randomId(): number {
  return randomInt(65_536);
}

/** @param edns false for a server that does not know EDNS (RFC 6891 7) */
export function queryMessage(question: DnsQuestion, id: number = randomId(), edns = true): QueryMessage {
  const { name, type, recursion, signatures, unchecked } = question;
  const flags =
    // AD in a query asks for AD in the answer (RFC 6840 5.7).
    (recursion ? packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA : 0) | (unchecked ? packet.CHECKING_DISABLED : 0);
  const octets = packet.encode({
    type: 'query',
    id,
    flags,
    questions: [{ name: name === '' ? '.' : name, type, class: 'IN' }],
    additionals: edns ? [optRecord(signatures)] : [],
  });
  return { id, question, octets };
}

function optRecord(signatures: boolean): packet.OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_OCTETS,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: signatures ? packet.DNSSEC_OK : 0,
    flag_do: signatures,
    options: [],
  };
}
