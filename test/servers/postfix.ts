/** Postfix: one `master` with its own configuration, queue and data, and a service for each door. */

import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, linesOf, missing, startDaemon } from './daemon.ts';
import { dovecot } from './dovecot.ts';
import { gidOf, uidOf } from './room.ts';
import { type Options, type Server, type ServerKind, WORLD, writeFiles } from './server.ts';

const MASTER = '/usr/lib/postfix/sbin/master';

const DOORS = ['mail', 'sixth', 'tls', 'submission', 'openRelay', 'full', 'screened', 'crashing'] as const;

export const postfix: ServerKind = {
  name: 'Postfix',
  doors: DOORS,
  // It leaves passwords to Dovecot, as most do.
  missing: () => missing('postfix', MASTER) ?? dovecot.missing(),
  start,
};

async function start(options: Options): Promise<Server> {
  const { folder } = options;
  const ports = await freePorts(...DOORS);
  const passwords = await dovecot.start({ ...options, folder: join(folder, 'dovecot') });
  const config = join(folder, 'etc');
  await writeFiles(config, {
    'main.cf': mainConfig(folder, passwords.authPort),
    'master.cf': masterConfig(ports),
    recipients: `${WORLD.greylisted} 450 4.2.0 Greylisted, come back in 5 minutes\n`,
  });
  // Postfix's daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'queue'));
  await mkdir(join(folder, 'data'));
  await chown(join(folder, 'data'), uidOf('postfix'), gidOf('postfix'));
  execFileSync('postfix', ['-c', config, 'check'], { stdio: 'pipe' });
  const daemon = await startDaemon([MASTER, '-c', config, '-d'], Object.values(ports), {
    env: { MAIL_CONFIG: config },
  });
  const stop = async () => {
    await daemon.stop();
    await passwords.stop();
  };
  return { ports, log: () => linesOf(join(folder, 'maillog')), stop };
}

function mainConfig(folder: string, authPort: number): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = ${folder}/maillog
maillog_file_prefixes = ${folder}
inet_protocols = all
inet_interfaces = 127.0.0.1, ::1
myhostname = ${WORLD.host}
mydestination = ${WORLD.domain}
mynetworks =
local_recipient_maps = inline:{postmaster=known, later=known}
local_transport = discard
alias_maps =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/etc/recipients
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_tls_loglevel = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authPort}
smtpd_tls_auth_only = yes
postscreen_access_list =
postscreen_greet_action = enforce
postscreen_greet_wait = 6s
postscreen_greet_banner = ${WORLD.host} wait a moment
postscreen_pipelining_enable = yes
postscreen_non_smtp_command_enable = yes
postscreen_bare_newline_enable = yes
postscreen_cache_map =
`;
}

function masterConfig(ports: Record<(typeof DOORS)[number], number>): string {
  const at = (port: number) => `127.0.0.1:${port} inet n - n - - smtpd`;
  return `
${at(ports.mail)}
[::1]:${ports.sixth} inet n - n - - smtpd
${at(ports.tls)} -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
${at(ports.submission)} -o smtpd_sasl_auth_enable=yes
${at(ports.openRelay)} -o smtpd_relay_restrictions=permit_mynetworks,reject -o mynetworks=127.0.0.0/8
${at(ports.full)} -o queue_minfree=900000000000
${at(ports.crashing)} -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no -o smtpd_sasl_path=inet:127.0.0.1:9
127.0.0.1:${ports.screened} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}
