/** Mail servers on loopback that follow a script. */

import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type TLSSocketOptions } from 'node:tls';

/** The connection with the client, for scripts. */
export interface Client {
  /** Sends text or bytes unchanged. */
  say(what: string | Buffer): void;
  /** Reads the next line of the client, without its CRLF. It must start with `beginning`. */
  hear(beginning?: string): Promise<string>;
  /** Forgets the lines that were not read. */
  discard(): void;
  /** Waits for any data. */
  hearSomething(): Promise<void>;
  pause(milliseconds: number): Promise<void>;
  upgrade(options: TLSSocketOptions): Promise<void>;
  /** Sends FIN. */
  close(): void;
  /** Sends RST. */
  reset(): void;
  /** Waits until the client disconnects. */
  hang(): Promise<void>;
}

export type Script = (client: Client) => Promise<void> | void;

export interface ScriptedServer {
  readonly port: number;
  /** The lines of all connections. */
  readonly heard: readonly string[];
  /** Errors of scripts, for example for an unexpected command. */
  readonly scriptErrors: readonly string[];
  close(): Promise<void>;
}

/** Thrown in a script after the client has disconnected. It is not an error of the script. */
const GONE = Symbol('gone');

export async function serve(script: Script, host = '127.0.0.1', fixedPort = 0): Promise<ScriptedServer> {
  const heard: string[] = [];
  const scriptErrors: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    Promise.resolve(script(clientOf(socket, heard))).catch((error: unknown) => {
      if (error !== GONE) scriptErrors.push(String(error));
      socket.destroy();
    });
  });
  await listen(server, host, fixedPort);
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  };
  return { port, heard, scriptErrors, close };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()));
}

function clientOf(socket: Socket, heard: string[]): Client {
  let wire: Socket | TLSSocket = socket;
  let buffered = '';
  let gone = false;
  let wake = () => {};
  const attach = () => {
    wire.on('data', (bytes: Buffer) => {
      buffered += bytes.toString('latin1');
      wake();
    });
    wire.on('error', () => {});
    wire.on('close', () => {
      gone = true;
      wake();
    });
    wire.on('end', () => {
      gone = true;
      wake();
    });
  };
  const more = () => {
    if (gone) throw GONE;
    return new Promise<void>((resolve) => {
      wake = resolve;
    });
  };
  attach();
  return {
    say: (what) => void (wire.writable && wire.write(what)),
    async hear(beginning = '') {
      while (!buffered.includes('\n')) await more();
      const end = buffered.indexOf('\n');
      const line = buffered.slice(0, end).replace(/\r$/, '');
      buffered = buffered.slice(end + 1);
      heard.push(line);
      if (!line.toUpperCase().startsWith(beginning.toUpperCase()))
        throw new Error(`heard ${line} instead of ${beginning}`);
      return line;
    },
    discard: () => {
      buffered = '';
    },
    async hearSomething() {
      while (buffered === '') await more();
    },
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    async upgrade(options) {
      socket.removeAllListeners('data').removeAllListeners('end');
      buffered = '';
      const secure = new TLSSocket(socket, { isServer: true, ...options });
      wire = secure;
      attach();
      await new Promise<void>((resolve, reject) => secure.once('secure', resolve).once('close', () => reject(GONE)));
    },
    close: () => void wire.end(),
    reset: () => void socket.resetAndDestroy(),
    async hang() {
      while (!gone) await more();
    },
  };
}

/** The reply to each command, or a function that handles it. */
export type Answers = Readonly<
  Record<string, string | readonly string[] | ((client: Client, line: string) => Promise<void> | void)>
>;

const EHLO = '250-mx1.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME';
const EHLO_IN_TLS =
  '250-mx1.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\r\n250 8BITMIME';

const DEFAULT_ANSWERS: Answers = {
  greeting: '220 mx1.example.com ESMTP Postfix',
  EHLO,
  HELO: '250 mx1.example.com',
  STARTTLS: '220 2.0.0 Ready to start TLS',
  AUTH: '235 2.7.0 Authentication successful',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  RSET: '250 2.0.0 Ok',
  DATA: '354 End data with <CR><LF>.<CR><LF>',
  '.': '250 2.0.0 Ok: queued as 4B2C1',
  QUIT: '221 2.0.0 Bye',
};

export interface ServerOptions {
  /** Replaces default replies. Of a list, each reply is used once and the last one repeatedly. */
  readonly answers?: Answers;
  /** The same inside TLS. */
  readonly inTls?: Answers;
  /** Key, certificate and versions for STARTTLS or implicit TLS. */
  readonly tls?: TLSSocketOptions & {
    readonly key?: string;
    readonly cert?: string;
    readonly minVersion?: string;
    readonly dhparam?: string;
    readonly ciphers?: string;
  };
  /** TLS from the first octet. */
  readonly implicit?: boolean;
}

/** The script of a correct mail server, with the given replies. */
export function mailServer({ answers = {}, inTls = {}, tls, implicit = false }: ServerOptions = {}): Script {
  return async (client) => {
    const before: Answers = { ...DEFAULT_ANSWERS, ...answers };
    const after: Answers = { ...before, EHLO: EHLO_IN_TLS, ...inTls };
    const options = tls === undefined ? {} : { secureContext: createSecureContext(tls as object) };
    const used = new Map<string, number>();
    let current = implicit ? after : before;
    if (implicit) await client.upgrade(options);
    await answer(client, current, 'greeting', '', used);
    for (;;) {
      const line = await client.hear();
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
      await answer(client, current, verb, line, used);
      if (verb === 'QUIT') client.close();
      if (verb === 'STARTTLS' && typeof current.STARTTLS === 'string' && current.STARTTLS.startsWith('220')) {
        await client.upgrade(options);
        current = after;
        used.clear();
      }
      if (verb === 'DATA' && typeof current.DATA === 'string' && current.DATA.startsWith('354'))
        await takeMail(client, current, used);
    }
  };
}

async function takeMail(client: Client, answers: Answers, used: Map<string, number>): Promise<void> {
  while ((await client.hear()) !== '.');
  await answer(client, answers, '.', '.', used);
}

async function answer(
  client: Client,
  answers: Answers,
  verb: string,
  line: string,
  used: Map<string, number>,
): Promise<void> {
  const said = answers[verb] ?? '500 5.5.2 Command unrecognized';
  if (typeof said === 'function') return said(client, line);
  const nth = used.get(verb) ?? 0;
  used.set(verb, nth + 1);
  client.say(`${typeof said === 'string' ? said : (said[Math.min(nth, said.length - 1)] ?? '')}\r\n`);
}
