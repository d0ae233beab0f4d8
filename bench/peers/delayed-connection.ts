/** A line of some length between a prober and a server on this machine: what the server says comes a round trip later. */

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Opens the line and gives its port on 127.0.0.1.
 * @param to port of the server
 * @param trip milliseconds of a round trip
 */
export async function openLine(to: number, trip: number): Promise<number> {
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const server = connect({ port: to, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    // The kernel lets nobody hold back the opening of a connection: its round trip is added to the first word.
    let behind = 2 * trip;
    for (const [one, other] of [[client, server] as const, [server, client] as const]) {
      one.on('error', () => other.destroy());
    }
    client.on('data', (bytes) => server.write(bytes));
    client.on('end', () => server.end());
    server.on('data', (bytes) => {
      setTimeout(() => client.write(bytes), behind);
      behind = trip;
    });
    server.on('end', () => setTimeout(() => client.end(), trip));
  });
  listener.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(listener, 'listening');
  const address = listener.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
