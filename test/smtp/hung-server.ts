import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Until the end of a connection, which the client has closed, has arrived here. */
const arrival = 100;

/** A server that accepts connections and says nothing; how many it has at once. */
export async function hungServer() {
  const sockets = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    most = Math.max(most, 1);
    setTimeout(() => {
      most = Math.max(most, sockets.size);
    }, arrival).unref();
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, mostAtOnce: () => most, close };
}
