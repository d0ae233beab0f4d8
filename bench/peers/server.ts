/** The measured servers, in a process of their own so that their work is not counted: healthy, quick, and plain. */

import { createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { type Issued, issue } from '../../test/smtp/certificates.ts';
import { openLine } from './delayed-connection.ts';

/** What the prober needs to know of it; all ports on 127.0.0.1. */
export interface Servers {
  /** STARTTLS offered; goes on in clear as well. */
  readonly mail: number;
  /** TLS from the first octet. */
  readonly tls: number;
  readonly ca: string;
  /** A certificate each. */
  readonly names: readonly string[];
  /** Ports of lines to `mail`, in the order of the round trips that were asked for. */
  readonly lines: readonly number[];
}

/** What the parent asks for. */
export interface Wanted {
  readonly count: number;
  /** Milliseconds of the round trips of lines to the mail server. */
  readonly trips: readonly number[];
  /** They never sleep, so that no prober pays for waking them. */
  readonly awake: boolean;
}

const EHLO = '250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n';
const IN_CLEAR = `${EHLO}250-STARTTLS\r\n250 8BITMIME\r\n`;
const IN_TLS = `${EHLO}250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n`;

/** Starts both with `count` names, each with its own certificate, and a line for each round trip; tells the parent. */
async function serve(count: number, trips: readonly number[]): Promise<void> {
  const root = await issue({ subject: 'CN=Bench authority', authority: true });
  const names = Array.from({ length: count }, (_, i) => `mx${i}.example.com`);
  const contexts = new Map<string, SecureContext>();
  for (const name of names) contexts.set(name, contextOf(await issue({ subject: `CN=${name}`, names: [name] }, root)));
  const secure = (socket: Socket) => secured(socket, contexts, contexts.values().next().value);
  const mail = await listen((socket) => converse(socket, secure));
  const tls = await listen((socket) => converse(secure(socket), null));
  const lines = await Promise.all(trips.map((trip) => openLine(mail, trip)));
  process.send?.({ mail, tls, ca: root.pem, names, lines } satisfies Servers);
}

/** Waking a process that sleeps is charged to whoever writes to it, and more often to a prober that is slow anyway. */
function stayAwake(): void {
  if (!process.connected) return;
  setImmediate(stayAwake);
}

function contextOf({ pem: cert, key }: Issued): SecureContext {
  return createSecureContext({ cert, key });
}

function secured(socket: Socket, contexts: Map<string, SecureContext>, first: SecureContext | undefined): TLSSocket {
  return new TLSSocket(socket, {
    isServer: true,
    ...(first === undefined ? {} : { secureContext: first }),
    SNICallback: (name, done) => done(null, contexts.get(name) ?? first),
  });
}

function listen(onConnection: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true }, onConnection);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** `secure` is null inside TLS. */
function converse(wire: Socket, secure: ((socket: Socket) => TLSSocket) | null, greet = true): void {
  wire.on('error', () => wire.destroy());
  wire.on('data', (bytes: Buffer) => {
    for (const command of bytes.toString('latin1').trimEnd().split('\r\n')) answer(wire, command, secure);
  });
  if (greet) wire.write('220 mx.example.com ESMTP\r\n');
}

function answer(wire: Socket, command: string, secure: ((socket: Socket) => TLSSocket) | null): void {
  if (command.startsWith('EHLO')) wire.write(secure === null ? IN_TLS : IN_CLEAR);
  else if (command === 'STARTTLS' && secure !== null) {
    wire.removeAllListeners('data');
    wire.write('220 2.0.0 Ready to start TLS\r\n');
    converse(secure(wire), null, false);
  } else if (command === 'QUIT') wire.end('221 2.0.0 Bye\r\n');
  else wire.write('250 2.0.0 Ok\r\n');
}

const { count, trips, awake }: Wanted = JSON.parse(process.argv[2] ?? '');
await serve(count, trips);
if (awake) stayAwake();
