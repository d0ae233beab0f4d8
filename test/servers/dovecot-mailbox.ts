/** Dovecot's IMAP and POP3, with one mailbox on disk. */

import { chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, linesOf, missing } from './daemon.ts';
import { IMPLICIT_TLS, listener, startDovecot } from './dovecot-config.ts';
import { gidOf, uidOf } from './room.ts';
import type { Options } from './server.ts';

/** Clear text with STARTTLS, and implicit TLS, of each protocol. */
export type MailboxDoor = 'imap' | 'imaps' | 'pop3' | 'pop3s';

export interface DovecotMailbox {
  readonly ports: Readonly<Record<MailboxDoor, number>>;
  /** Puts a message into the inbox, as a delivery agent does. */
  deliver(message: string): Promise<void>;
  log(): readonly string[];
  stop(): Promise<void>;
}

export function missingDovecotMailbox(): string | null {
  return missing('dovecot-imapd', '/usr/lib/dovecot/imap') ?? missing('dovecot-pop3d', '/usr/lib/dovecot/pop3');
}

/** `capability`: what IMAP offers, instead of all that Dovecot has. */
export async function startDovecotMailbox(options: Options, capability = ''): Promise<DovecotMailbox> {
  const { folder } = options;
  const ports = await freePorts('imap', 'imaps', 'pop3', 'pop3s');
  const { stop } = await startDovecot(options, {
    protocols: 'imap pop3',
    mechanisms: 'plain login',
    more: config(ports, capability),
    ports: Object.values(ports),
  });
  let delivered = 0;
  return {
    ports,
    deliver: (message) => deliver(join(folder, 'home', 'mail'), `${Date.now()}.${++delivered}`, message),
    log: () => linesOf(join(folder, 'log')),
    stop,
  };
}

/** As Maildir wants it: written to tmp, and then moved to new. */
async function deliver(maildir: string, name: string, message: string): Promise<void> {
  for (const part of ['', 'tmp', 'new', 'cur']) {
    await mkdir(join(maildir, part), { recursive: true });
    await chown(join(maildir, part), uidOf('mail'), gidOf('mail'));
  }
  const [temporary, final] = [join(maildir, 'tmp', name), join(maildir, 'new', name)];
  await writeFile(temporary, message);
  await chown(temporary, uidOf('mail'), gidOf('mail'));
  await rename(temporary, final);
}

function config(ports: DovecotMailbox['ports'], capability: string): string {
  return `
protocol imap {
  imap_capability = ${capability}
}
namespace inbox {
  inbox = yes
  mailbox Spamverdachtü {
    auto = create
    special_use = \\Junk
  }
  mailbox Trash {
    auto = create
    special_use = \\Trash
  }
}
service imap-login {
${listener('imap', ports.imap)}
${listener('imaps', ports.imaps, IMPLICIT_TLS)}
}
service pop3-login {
${listener('pop3', ports.pop3)}
${listener('pop3s', ports.pop3s, IMPLICIT_TLS)}
}
`;
}
