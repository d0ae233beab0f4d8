/** Dovecot's IMAP and POP3, with one mailbox on disk. */

import { once } from 'node:events';
import { chmod, chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePorts, linesOf, missing, startDaemon } from './daemon.ts';
import { gidOf, uidOf } from './room.ts';
import { type Options, WORLD, writeFiles } from './server.ts';

const DOVECOT = '/usr/sbin/dovecot';

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
export async function startDovecotMailbox({ folder, certificate }: Options, capability = ''): Promise<DovecotMailbox> {
  const ports = await freePorts('imap', 'imaps', 'pop3', 'pop3s');
  const tokens = await startTokens();
  await writeFiles(folder, {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': config(folder, ports, capability),
    'oauth2.conf': `tokeninfo_url = http://127.0.0.1:${tokens.port}/?access_token=\nusername_attribute = email\n`,
    users: `${WORLD.user}:{PLAIN}${WORLD.password}\n`,
    'home/none': '',
  });
  // Its daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  await chown(join(folder, 'home'), uidOf('mail'), gidOf('mail'));
  const daemon = await startDaemon([DOVECOT, '-F', '-c', join(folder, 'dovecot.conf')], Object.values(ports));
  let delivered = 0;
  return {
    ports,
    deliver: (message) => deliver(join(folder, 'home', 'mail'), `${Date.now()}.${++delivered}`, message),
    log: () => linesOf(join(folder, 'log')),
    stop: async () => {
      await daemon.stop();
      await tokens.stop();
    },
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

async function startTokens(): Promise<{ port: number; stop(): Promise<void> }> {
  const issuer = createServer((request, response) => {
    const known = request.url === `/?access_token=${WORLD.token}`;
    response.writeHead(known ? 200 : 401, { connection: 'close', 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { email: WORLD.user } : { error: 'invalid_token' }));
  });
  const listener = issuer.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { port, stop: () => new Promise((stopped) => issuer.close(() => stopped())) };
}

function config(folder: string, ports: DovecotMailbox['ports'], capability: string): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap pop3
mail_location = maildir:~/mail
first_valid_uid = 1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
protocol imap {
  imap_capability = ${capability}
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/home
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
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${ports.imap}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${ports.imaps}
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    address = 127.0.0.1
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    address = 127.0.0.1
    port = ${ports.pop3s}
    ssl = yes
  }
}
`;
}
