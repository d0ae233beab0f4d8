/** A milter that fails at each recipient: enough of the protocol that Postfix and Sendmail speak with their filters. */

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

export async function startMilter(failure: MilterFailure): Promise<Milter> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(
      socket.on('error', () => {}),
      failure,
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

function serve(socket: Socket, failure: MilterFailure): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE(0)) {
      const end = 4 + waiting.readUInt32BE(0);
      answer(socket, failure, waiting.toString('latin1', 4, 5));
      waiting = waiting.subarray(end);
    }
  });
}

function answer(socket: Socket, failure: MilterFailure, command: string): void {
  if (command === OPTIONS) reply(socket, OPTIONS, versionAndNoOptions());
  else if (command === RECIPIENT) FAILURES[failure](socket);
  else if (!UNANSWERED.includes(command)) reply(socket, CONTINUE);
}

const FAILURES: Readonly<Record<MilterFailure, (socket: Socket) => void>> = {
  dies: (socket) => socket.destroy(),
  tempfails: (socket) => reply(socket, TEMPFAIL),
  hangs: () => {},
};

/** Version 6, no changes of the mail, and every command with a reply. */
function versionAndNoOptions(): Buffer {
  const options = Buffer.alloc(12);
  options.writeUInt32BE(6, 0);
  return options;
}

function reply(socket: Socket, command: string, data: Buffer = Buffer.alloc(0)): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(1 + data.length, 0);
  socket.write(Buffer.concat([length, Buffer.from(command), data]));
}
