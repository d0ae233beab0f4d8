import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** An SMTP server on loopback that can be made to refuse every session. */
export interface MailServer {
  readonly port: number;
  /** @param at by default each session is refused at its greeting */
  refuse(isRefusing: boolean, at?: 'greeting' | 'ehlo'): void;
  /** Times at which sessions began. */
  readonly sessions: readonly number[];
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  let refusedAt: 'greeting' | 'ehlo' | null = null;
  const sessions: number[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    sessions.push(Date.now());
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    if (refusedAt === 'greeting') return socket.end('554 5.3.1 Mail system full\r\n');
    socket.write('220 mx.example.com ESMTP\r\n');
    return socket.on('data', (bytes) => {
      if (/^QUIT/i.test(bytes.toString())) socket.end('221 2.0.0 Bye\r\n');
      else if (refusedAt === 'ehlo') socket.write('451 4.3.0 Temporary failure\r\n');
      else socket.write('250 mx.example.com\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sessions,
    refuse: (isRefusing, at = 'greeting') => {
      refusedAt = isRefusing ? at : null;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
