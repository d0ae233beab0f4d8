/**
 * A relay that counts the client's flights. It holds back what the server says for a moment: whatever the client sends
 * meanwhile it sends without waiting, and so in the same flight, on a line of any length.
 */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  /** Flights of the client since the connection was opened: each an answer to something that the server said, or the first word. */
  flights(): number;
  stop(): Promise<void>;
}

/** In milliseconds; far above what a client on loopback needs to send what it has to say. */
const HOLD = 40;

export async function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let flights = 0;
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const server = connect({ port: to, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    let waited = true;
    for (const socket of [client, server]) sockets.add(socket.on('error', () => socket.destroy()));
    client.on('data', (bytes) => {
      if (waited) flights++;
      waited = false;
      server.write(bytes);
    });
    client.on('end', () => server.end());
    server.on('data', (bytes) =>
      setTimeout(() => {
        waited = true;
        client.write(bytes);
      }, HOLD),
    );
    server.on('end', () => setTimeout(() => client.end(), HOLD));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((stopped) => listener.close(stopped));
  };
  return { port, flights: () => flights, stop };
}
