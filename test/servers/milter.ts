/** Milters: enough of the protocol that Postfix and Sendmail speak with their filters, and one that fails at each recipient. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** What it does at RCPT. */
export type MilterFailure = 'dies' | 'tempfails' | 'hangs';

export interface Milter {
  readonly port: number;
  stop(): void;
}

const OPTIONS = 'O';
const RECIPIENT = 'R';
/** Commands without a reply: macros, abort, and the ends of a session. */
const UNANSWERED = 'DAQK';
const TEMPFAIL = 't';
const CONTINUE = 'c';

export function startMilter(failure: MilterFailure): Promise<Milter> {
  return serveMilter(() => (socket, command) => {
    if (command === OPTIONS) milterReply(socket, OPTIONS, versionAndNoOptions());
    else if (command === RECIPIENT) FAILURES[failure](socket);
    else if (!UNANSWERED.includes(command)) milterReply(socket, CONTINUE);
  });
}

/** Answers one command, whose letter is given. */
export type MilterAnswer = (socket: Socket, command: string, data: Buffer) => void;

/** @param answerOf makes the answers of one connection */
export async function serveMilter(answerOf: () => MilterAnswer): Promise<Milter> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(
      socket.on('error', () => {}),
      answerOf(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

function serve(socket: Socket, answer: MilterAnswer): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE(0)) {
      const end = 4 + waiting.readUInt32BE(0);
      answer(socket, waiting.toString('latin1', 4, 5), waiting.subarray(5, end));
      waiting = waiting.subarray(end);
    }
  });
}

const FAILURES: Readonly<Record<MilterFailure, (socket: Socket) => void>> = {
  dies: (socket) => socket.destroy(),
  tempfails: (socket) => milterReply(socket, TEMPFAIL),
  hangs: () => {},
};

/** Version 6, no changes of the mail, and every command with a reply. */
function versionAndNoOptions(): Buffer {
  const options = Buffer.alloc(12);
  options.writeUInt32BE(6, 0);
  return options;
}

export function milterReply(socket: Socket, command: string, data: Buffer = Buffer.alloc(0)): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(1 + data.length, 0);
  socket.write(Buffer.concat([length, Buffer.from(command), data]));
}
