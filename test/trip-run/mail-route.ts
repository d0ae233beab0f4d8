/** A mail server on loopback (the package smtp-server) that passes each message on to a mailbox, as a test wants it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ImapServer } from './imap-server.ts';

/** What takes a message into a folder. */
export type Mailbox = Pick<ImapServer, 'put'>;

export interface MailRoute {
  readonly port: number;
  /** Messages that were accepted. */
  readonly accepted: Buffer[];
  /** What becomes of the next messages. */
  behaviour: MailBehaviour;
  close(): Promise<void>;
}

export interface MailBehaviour {
  /** Refuses the message with this reply. */
  readonly refuse?: { readonly code: number; readonly text: string };
  /** Where the message is put, once for each entry; an empty list loses it. */
  readonly folders?: readonly string[];
  readonly change?: (message: string) => string;
  /** Fields of the receiver above the message, without the last line end. */
  readonly fields?: readonly string[];
}

export interface RouteLogin {
  readonly user: string;
  readonly password: string;
}

/** @param login what a client has to log in with, after STARTTLS with a certificate of no authority; without one there is neither */
export async function openMailRoute(imap: Mailbox, login?: RouteLogin): Promise<MailRoute> {
  const server = new SMTPServer({
    ...(login === undefined ? ({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] } as const) : {}),
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) => {
      if (username === login?.user && password === login?.password) return done(null, { user: username });
      done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { refuse } = route.behaviour;
        if (refuse !== undefined) return done(Object.assign(new Error(refuse.text), { responseCode: refuse.code }));
        route.accepted.push(Buffer.concat(chunks));
        deliver(Buffer.concat(chunks), route.behaviour, imap);
        return done(null, '2.0.0 Ok: queued as 4XyZ123');
      });
    },
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const route: MailRoute = {
    port: (listener.address() as AddressInfo).port,
    accepted: [],
    behaviour: {},
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  return route;
}

function deliver(message: Buffer, { folders = ['INBOX'], change, fields = [] }: MailBehaviour, imap: Mailbox): void {
  const text = message.toString('latin1');
  const changed = change === undefined ? text : change(text);
  const raw = Buffer.from(`${fields.map((field) => `${field}\r\n`).join('')}${changed}`, 'latin1');
  for (const folder of folders) imap.put(folder, raw);
}
