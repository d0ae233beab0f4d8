/** Dovecot with the mailboxes of both domains: LMTP with Sieve and quota, IMAP, POP3, and the passwords of submission. */

import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, linesOf, missing, startDaemon } from '../daemon.ts';
import { gidOf, uidOf } from '../room.ts';
import { type Options, writeFiles } from '../server.ts';
import { FULL, PASSWORD, RECEIVER, SEEDS, SENDER, seedAddress } from './trip-world.ts';

const DOVECOT = '/usr/sbin/dovecot';
const LIBRARIES = '/usr/lib/dovecot';

const DOORS = ['lmtp', 'imap', 'imaps', 'pop3', 'pop3s', 'auth', 'quota'] as const;

export interface TripMailboxes {
  readonly ports: Readonly<Record<(typeof DOORS)[number], number>>;
  log(): readonly string[];
  stop(): Promise<void>;
}

export function missingTripMailboxes(): string | null {
  const needed = { imapd: 'imap', pop3d: 'pop3', lmtpd: 'lmtp', sieve: 'libdovecot-sieve.so' };
  const reasons = Object.entries(needed).map(([name, file]) => missing(`dovecot-${name}`, join(LIBRARIES, file)));
  return reasons.find((reason) => reason !== null) ?? null;
}

/** Files what rspamd has marked. */
const SIEVE = 'require ["fileinto"];\nif header :is "X-Spam" "Yes" { fileinto "Junk"; }\n';

export async function startTripMailboxes({ folder, certificate }: Options): Promise<TripMailboxes> {
  const ports = await freePorts(...DOORS);
  await writeFiles(folder, {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': config(folder, ports),
    'sieve/junk.sieve': SIEVE,
    users: [SENDER.user, ...Object.keys(SEEDS).map((seed) => seedAddress(seed as keyof typeof SEEDS))]
      .map((user) => userLine(folder, user))
      .join(''),
    'home/none': '',
  });
  // Its delivery agent gives up root, writes mail, and compiles the script.
  for (const name of ['home', 'sieve']) await chown(join(folder, name), uidOf('mail'), gidOf('mail'));
  const daemon = await startDaemon([DOVECOT, '-F', '-c', join(folder, 'dovecot.conf')], Object.values(ports));
  return { ports, log: () => linesOf(join(folder, 'log')), stop: daemon.stop };
}

function userLine(folder: string, user: string): string {
  const [local] = user.split('@');
  const isFull = FULL.some((seed) => user === seedAddress(seed));
  const quota = isFull ? 'userdb_quota_rule=*:bytes=500' : '';
  return `${user}:{PLAIN}${PASSWORD}:${uidOf('mail')}:${gidOf('mail')}::${folder}/home/${local}::${quota}\n`;
}

function listener(name: string, port: number, more = ''): string {
  return `  inet_listener ${name} {\n    address = 127.0.0.1\n    port = ${port}\n${more}  }`;
}

function config(folder: string, ports: TripMailboxes['ports']): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap pop3 lmtp
hostname = ${RECEIVER.host}
postmaster_address = postmaster@${RECEIVER.domain}
mail_location = maildir:~/mail
mail_plugins = quota
first_valid_uid = 1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
protocol lmtp {
  mail_plugins = quota sieve
}
plugin {
  quota = count:Mailbox
  quota_vsizes = yes
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = "552 5.2.2 Mailbox is over its quota"
  sieve_before = ${folder}/sieve/junk.sieve
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
}
# Or each wrong password would make the next login wait longer, the right ones, too.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
${listener('auth', ports.auth)}
}
service quota-status {
  executable = quota-status -p postfix
  client_limit = 1
${listener('policy', ports.quota)}
}
service lmtp {
${listener('lmtp', ports.lmtp)}
}
service imap-login {
${listener('imap', ports.imap)}
${listener('imaps', ports.imaps, '    ssl = yes\n')}
}
service pop3-login {
${listener('pop3', ports.pop3)}
${listener('pop3s', ports.pop3s, '    ssl = yes\n')}
}
`;
}
