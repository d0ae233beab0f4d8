/** Queries over one connection, TCP (RFC 7766) or TLS (RFC 7858): many at the same time, answered in any order. */

import type { Duplex } from 'node:stream';
import { type ReadAnswer, readAnswer } from '../messages/answer-message.ts';
import type { QueryMessage } from '../messages/query-message.ts';
import { dnsError } from './dns-error.ts';

interface Waiting {
  readonly query: QueryMessage;
  answer(octets: Buffer): void;
  fail(error: Error): void;
}

export interface MessageStream {
  /** Whether a query can be sent. */
  isOpen(): boolean;
  /** Whether a query with this ID waits for its answer. */
  isTaken(id: number): boolean;
  /** @throws Error with a code of c-ares */
  ask(query: QueryMessage, within: number): Promise<ReadAnswer>;
  close(): void;
}

/** @param failure the code of c-ares if the connection cannot be made */
export function messageStream(socket: Duplex): MessageStream {
  const waiting = new Map<number, Waiting>();
  let open = true;
  let failure = dnsError('EBADRESP', 'the connection was closed');
  const receive = frameReader((octets) => {
    const id = octets.length < 2 ? -1 : octets.readUInt16BE(0);
    waiting.get(id)?.answer(octets);
  });
  socket.on('data', receive);
  socket.on('error', (error) => {
    failure = dnsError('ECONNREFUSED', error.message);
  });
  socket.on('close', () => {
    open = false;
    for (const one of waiting.values()) one.fail(failure);
  });
  const ask = (query: QueryMessage, within: number) =>
    new Promise<ReadAnswer>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        waiting.delete(query.id);
        settle();
      };
      const timer = setTimeout(() => end(() => reject(dnsError('ETIMEOUT'))), within);
      waiting.set(query.id, {
        query,
        answer: (octets) => end(() => resolve(readAnswer(query, octets))),
        fail: (error) => end(() => reject(error)),
      });
      socket.write(framed(query.octets));
    });
  const isTaken = (id: number) => waiting.has(id);
  return { isOpen: () => open && !socket.destroyed, isTaken, ask, close: () => socket.destroy() };
}

/** Each message has its length before it (RFC 1035 4.2.2). */
function framed(octets: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(octets.length);
  return Buffer.concat([length, octets]);
}

/** Joins the parts of a message. A part of one octet costs one octet. */
function frameReader(take: (octets: Buffer) => void): (part: Buffer) => void {
  let frame = Buffer.alloc(2);
  let filled = 0;
  let isLength = true;
  return (part) => {
    for (let from = 0; from < part.length; ) {
      const copied = part.copy(frame, filled, from);
      from += copied;
      filled += copied;
      if (filled < frame.length) return;
      const full = frame;
      filled = 0;
      const length = isLength ? full.readUInt16BE(0) : 0;
      if (!isLength) take(full);
      isLength = length === 0;
      frame = Buffer.alloc(isLength ? 2 : length);
    }
  };
}
