/** Servers of IMAP and POP3 on loopback that follow a script, with TLS. */

import { createSecureContext } from 'node:tls';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { MailboxEndpoint, MailboxOptions } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import { MailboxError, type MailboxReport } from '../../lambda/mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../../lambda/mailbox/session/mailbox-session.ts';
import type { Issued } from '../smtp/certificates.ts';
import { type Client, type Script, serve } from '../smtp/scripted-server.ts';
import { PASSWORD } from './play-session.ts';

/** What is said to a command: a text, in which `TAG` is the tag of the command, or a function. */
export type Answer = string | ((client: Client, tag: string) => Promise<void> | void);

export interface ScriptedMailbox {
  readonly protocol: MailboxEndpoint['protocol'];
  /** By the name of the command, and `greeting`. They replace those of a correct server. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** TLS from the first octet by default. */
  readonly security?: MailboxEndpoint['security'];
}

const IMAP: Readonly<Record<string, Answer>> = {
  greeting: '* OK [CAPABILITY IMAP4rev1 SASL-IR STARTTLS AUTH=PLAIN UIDPLUS] ready',
  CAPABILITY: '* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS\r\nTAG OK',
  STARTTLS: 'TAG OK begin',
  AUTHENTICATE: 'TAG OK [CAPABILITY IMAP4rev1 UIDPLUS] in',
  LIST: '* LIST () "/" INBOX\r\nTAG OK',
  SELECT: '* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\nTAG OK [READ-WRITE] x',
  NOOP: 'TAG OK',
  'UID SEARCH': '* SEARCH 7\r\nTAG OK',
  'UID FETCH': '* 1 FETCH (UID 7 RFC822.SIZE 4 BODY[]<0> {4}\r\nmail)\r\nTAG OK',
  'UID STORE': 'TAG OK',
  'UID EXPUNGE': 'TAG OK',
  LOGOUT: '* BYE\r\nTAG OK',
};

const POP3: Readonly<Record<string, Answer>> = {
  greeting: '+OK ready',
  CAPA: '+OK\r\nSTLS\r\nUIDL\r\nTOP\r\nUSER\r\n.',
  STLS: '+OK begin',
  USER: '+OK',
  PASS: '+OK',
  STAT: '+OK 1 4',
  UIDL: '+OK\r\n1 seven\r\n.',
  TOP: '+OK\r\nX-Trip: one\r\n\r\n.',
  LIST: '+OK 1 6',
  RETR: '+OK\r\nmail\r\n.',
  DELE: '+OK',
  QUIT: '+OK',
};

export function mailboxScript(
  { protocol, answers = {}, security = 'tls' }: ScriptedMailbox,
  certificate: Issued,
): Script {
  const table = { ...(protocol === 'imap' ? IMAP : POP3), ...answers };
  const tls = { secureContext: createSecureContext({ key: certificate.key, cert: certificate.pem }) };
  return async (client) => {
    if (security === 'tls') await client.upgrade(tls);
    await say(client, table.greeting ?? '', '');
    for (;;) {
      const [tag, command] = commandOf(protocol, await client.hear());
      await say(client, table[command] ?? (protocol === 'imap' ? 'TAG BAD unknown' : '-ERR unknown'), tag);
      if (command === 'STARTTLS' || command === 'STLS') await client.upgrade(tls);
      if (command === 'LOGOUT' || command === 'QUIT') client.close();
    }
  };
}

function commandOf(protocol: MailboxEndpoint['protocol'], line: string): [tag: string, command: string] {
  const words = line.split(' ');
  if (protocol === 'pop3') return ['', words[0] ?? ''];
  const [tag = '', verb = '', noun = ''] = words;
  return [tag, verb === 'UID' ? `UID ${noun}` : verb];
}

async function say(client: Client, answer: Answer, tag: string): Promise<void> {
  if (typeof answer === 'string') client.say(`${answer.replaceAll('TAG', tag)}\r\n`);
  else await answer(client, tag);
}

export interface Visit {
  readonly failure: MailboxError['failure'] | null;
  readonly report: MailboxReport;
  readonly heard: readonly string[];
  readonly took: number;
}

/** All that a visit does: folders, search, fetch, removal. */
export async function everything(mailbox: MailboxSession): Promise<void> {
  await mailbox.folders();
  await mailbox.select('INBOX');
  const found = await mailbox.search({ header: ['X-Trip', 'one'] });
  for (const id of found) await mailbox.fetch(id, 100_000);
  await mailbox.remove(found);
}

/** Visits a scripted mailbox, and closes it. */
export async function visit(
  script: Script,
  endpoint: Pick<MailboxEndpoint, 'protocol' | 'security'> & Partial<MailboxEndpoint>,
  options: MailboxOptions = {},
  work: (mailbox: MailboxSession) => Promise<void> = everything,
): Promise<Visit> {
  const server = await serve(script);
  const began = performance.now();
  const taken = () => ({ heard: server.heard, took: performance.now() - began });
  try {
    const mailbox = await openMailbox({ host: '127.0.0.1', port: server.port, ...endpoint }, PASSWORD, options);
    try {
      await work(mailbox);
    } finally {
      await mailbox.end();
    }
    return { failure: null, report: mailbox.report(), ...taken() };
  } catch (error) {
    if (!(error instanceof MailboxError)) throw error;
    return { failure: error.failure, report: error.report, ...taken() };
  } finally {
    await server.close();
  }
}
