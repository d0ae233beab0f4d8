/** At most so many connections at once. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * One more takes the place of the one that has waited longest for a request: clients that send none must not lock readers out. While
 * all are being answered, it is refused.
 */
export function limitConnections(server: Server, most: number): void {
  const open = new Set<Socket>();
  /** The one that waits longest is first. */
  const waiting = new Set<Socket>();
  server.maxConnections = most + 1;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    const longest = open.size > most ? (waiting.values().next().value ?? socket) : null;
    waiting.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
    if (longest === null) return;
    open.delete(longest);
    waiting.delete(longest);
    longest.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    waiting.delete(socket);
    response.once('close', () => {
      if (open.has(socket)) waiting.add(socket);
    });
  });
}
