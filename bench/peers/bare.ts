/** What a probe costs at the least: the same session and the same handshake by node:net and node:tls alone, nothing kept. */

import { connect, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, connect as startTls } from 'node:tls';
import type { Endpoint } from '../../lambda/smtp/endpoint/endpoint.ts';

const contexts = new Map<string, SecureContext>();

/** Made once for all, as a good script does. */
function contextFor(ca: string): SecureContext {
  const known = contexts.get(ca) ?? createSecureContext({ ca, minVersion: 'TLSv1.2' });
  contexts.set(ca, known);
  return known;
}

/** Greeting, EHLO, STARTTLS, handshake with the certificate verified, EHLO, QUIT, 221. Rejects where anything is amiss. */
export function bare({ host, port, security, ehloName, serverName, ca }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const ehlo = `EHLO ${ehloName}\r\n`;
    const commands = security === 'none' ? [ehlo, 'QUIT\r\n'] : [ehlo, 'STARTTLS\r\n', 'TLS', ehlo, 'QUIT\r\n'];
    const next = (wire: Socket) => {
      const command = commands.shift();
      if (command === undefined) wire.end();
      else if (command === 'TLS') secure(wire);
      else wire.write(command);
    };
    const secure = (socket: Socket) => {
      socket.removeAllListeners('data');
      const name = serverName ?? host;
      const wire = startTls({ socket, servername: name, secureContext: contextFor(ca ?? '') }, () => next(wire));
      listen(wire);
    };
    const listen = (wire: Socket) => {
      let reply = '';
      wire.on('data', (bytes) => {
        reply += bytes;
        if (!/(?:^|\n)[23]\d\d [^\n]*\n$/.test(reply)) return;
        reply = '';
        next(wire);
      });
      wire.on('error', reject);
      wire.on('close', () => resolve());
    };
    listen(connect({ host, port, noDelay: true }));
  });
}

/** A handshake with the certificate verified, and no SMTP at all. */
export function handshake({ host, port, serverName, ca }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const wire = startTls({ host, port, servername: serverName ?? host, secureContext: contextFor(ca ?? '') });
    wire.on('secureConnect', () => {
      wire.destroy();
      resolve();
    });
    wire.on('error', reject);
  });
}
