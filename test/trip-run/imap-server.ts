/** A small IMAP server on loopback, without TLS, with folders in memory. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface StoredMessage {
  readonly uid: number;
  readonly raw: Buffer;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
}

export interface ImapServer {
  readonly port: number;
  /** Messages by folder: INBOX, Junk and Others. */
  readonly folders: Readonly<Record<string, StoredMessage[]>>;
  /** Commands of all sessions, without their tags. */
  readonly heard: string[];
  put(folder: string, raw: Buffer, at?: number): void;
  /** What is said to a command that is refused, by a text in it, such as the name of a folder. */
  readonly refused: Map<string, string>;
  /** Refuses each session with BYE while it is set. */
  isDown: boolean;
  /** Called before a command is answered. */
  onCommand: (command: string) => void;
  close(): Promise<void>;
}

export const LOGIN = { user: 'seed', password: 'a password' } as const;

const ARRIVED = Date.parse('2026-11-26T13:00:00Z');

export async function serveImap(): Promise<ImapServer> {
  let uid = 0;
  const folders: Record<string, StoredMessage[]> = { INBOX: [], Junk: [], Others: [] };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    if (imap.isDown) socket.end('* BYE down for maintenance\r\n');
    else serveSession(socket, imap);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const imap: ImapServer = {
    port: (server.address() as AddressInfo).port,
    folders,
    heard: [],
    refused: new Map(),
    put: (folder, raw, at = ARRIVED) => void folders[folder]?.push({ uid: ++uid, raw, at }),
    isDown: false,
    onCommand: () => {},
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
  return imap;
}

function serveSession(socket: Socket, imap: ImapServer): void {
  let [selected, rest] = ['INBOX', ''];
  socket.write('* OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE] ready\r\n');
  socket.on('data', (bytes) => {
    const lines = `${rest}${bytes.toString('latin1')}`.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, tag = '*', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      imap.heard.push(command);
      imap.onCommand(command);
      const folder = /^SELECT "?([^"]*)"?/.exec(command)?.[1];
      if (folder !== undefined) selected = folder;
      const refusal = [...imap.refused].find(([text]) => command.includes(text))?.[1];
      const { data, done } =
        refusal === undefined ? answer(command, imap.folders[selected] ?? [], imap) : { data: [], done: refusal };
      socket.write(Buffer.concat([...data, Buffer.from(`${tag} ${done}\r\n`)]));
      if (command === 'LOGOUT') socket.end();
    }
  });
}

interface Answer {
  readonly data: readonly Buffer[];
  readonly done: string;
}

function answer(command: string, messages: StoredMessage[], imap: ImapServer): Answer {
  const [verb = '', second = ''] = command.split(' ');
  const reply = (...lines: readonly string[]): Answer => ({
    data: lines.map((line) => Buffer.from(`${line}\r\n`)),
    done: 'OK done',
  });
  switch (verb === 'UID' ? `UID ${second}` : verb) {
    case 'LOGIN':
      return command === `LOGIN "${LOGIN.user}" "${LOGIN.password}"`
        ? { data: [], done: 'OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE] welcome' }
        : { data: [], done: 'NO [AUTHENTICATIONFAILED] no' };
    case 'CAPABILITY':
      return reply('* CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE');
    case 'LIST':
      return reply('* LIST () "/" INBOX', '* LIST (\\Junk) "/" Junk', '* LIST () "/" Others');
    case 'SELECT':
      return reply(`* ${messages.length} EXISTS`, '* OK [UIDVALIDITY 1] ok');
    case 'NOOP':
      return reply(`* ${messages.length} EXISTS`);
    case 'UID SEARCH':
      return reply(`* SEARCH ${search(command, messages).join(' ')}`.trimEnd());
    case 'UID FETCH':
      return { data: fetched(command, messages), done: 'OK done' };
    case 'UID STORE':
      return reply();
    case 'UID EXPUNGE':
      return expunge(command, messages);
    case 'LOGOUT':
      return reply('* BYE');
    default:
      imap.heard.push(`unknown: ${command}`);
      return { data: [], done: 'BAD unknown' };
  }
}

function search(command: string, messages: readonly StoredMessage[]): readonly number[] {
  if (!command.includes(' HEADER ')) return messages.map(({ uid }) => uid);
  const [, name = '', value = ''] = /HEADER "?([^" ]+)"? "([^"]*)"/.exec(command) ?? [];
  const field = new RegExp(`^${name}:.*${value}`, 'im');
  return messages.filter(({ raw }) => field.test(headerOf(raw))).map(({ uid }) => uid);
}

function headerOf(raw: Buffer): string {
  return (raw.toString('latin1').split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]/g, ' ');
}

function fetched(command: string, messages: readonly StoredMessage[]): readonly Buffer[] {
  const [, uid = '', most = ''] = /^UID FETCH (\d+) .*<0\.(\d+)>/.exec(command) ?? [];
  return messages.flatMap((message, nth) => {
    if (message.uid !== Number(uid)) return [];
    const body = message.raw.subarray(0, Number(most));
    const head = `* ${nth + 1} FETCH (UID ${uid} RFC822.SIZE ${message.raw.length} INTERNALDATE "${internalDate(message.at)}" BODY[]<0> {${body.length}}\r\n`;
    return [Buffer.from(head), body, Buffer.from(')\r\n')];
  });
}

/** `26-Nov-2026 13:00:00 +0000` */
function internalDate(at: number): string {
  const [, day = '', month = '', year = '', time = ''] =
    /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}

function expunge(command: string, messages: StoredMessage[]): Answer {
  const uids = new Set((command.split(' ')[2] ?? '').split(',').map(Number));
  for (let at = messages.length - 1; at >= 0; at--) if (uids.has(messages[at]?.uid ?? 0)) messages.splice(at, 1);
  return { data: [], done: 'OK done' };
}
