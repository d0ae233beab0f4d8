/** Exim: one daemon; which door a client came through is the port that the access lists look at. */

import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, linesOf, missing, program, startDaemon } from './daemon.ts';
import { gidOf, inRoom, uidOf } from './room.ts';
import { type Options, type Server, type ServerKind, WORLD, writeFiles, writeRsaCertificate } from './server.ts';

const EXIM = '/usr/sbin/exim4';

const DOORS = ['mail', 'sixth', 'tls', 'submission', 'openRelay', 'strongDh'] as const;

export const exim: ServerKind = {
  name: 'Exim',
  doors: DOORS,
  missing: () => missing('exim4-daemon-light', EXIM),
  start,
};

async function start({ folder }: Options): Promise<Server> {
  const ports = await freePorts(...DOORS);
  await writeRsaCertificate(folder);
  await writeFiles(folder, { 'exim.conf': config(folder, ports), 'spool/none': '', 'log/none': '' });
  // The user `mail`, which every Debian has, stands in for Debian-exim.
  await chmod(folder, 0o755);
  for (const name of ['spool', 'log', 'key.pem', 'rsa-key.pem'])
    await chown(join(folder, name), uidOf('mail'), gidOf('mail'));
  const room = await inRoom(folder, { users: ['Debian-exim'] });
  const command = [program(EXIM) ?? EXIM, '-C', join(folder, 'exim.conf'), '-bdf'];
  const daemon = await startDaemon([...room, ...command], Object.values(ports));
  const log = () => [...linesOf(join(folder, 'log/main')), ...linesOf(join(folder, 'log/reject'))];
  return { ports, log, stop: daemon.stop };
}

function config(folder: string, ports: Record<(typeof DOORS)[number], number>): string {
  return `
exim_user = mail
exim_group = mail
keep_environment =
primary_hostname = ${WORLD.host}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
pid_file_path = ${folder}/exim.pid
log_selector = +smtp_connection +smtp_protocol_error +smtp_syntax_error +smtp_no_mail +smtp_incomplete_transaction +lost_incoming_connection
local_interfaces = <; 127.0.0.1 ; ::1
daemon_smtp_ports = ${Object.values(ports).join(' : ')}
tls_on_connect_ports = ${ports.tls}
tls_advertise_hosts = *
tls_certificate = ${folder}/\${if eq{$received_port}{${ports.strongDh}}{rsa.pem}{cert.pem}}
tls_privatekey = ${folder}/\${if eq{$received_port}{${ports.strongDh}}{rsa-key.pem}{key.pem}}
tls_require_ciphers = \${if eq{$received_port}{${ports.strongDh}}{NORMAL:-KX-ALL:+DHE-RSA:-VERS-ALL:+VERS-TLS1.2}{NORMAL}}
auth_advertise_hosts = \${if and{{def:tls_in_cipher}{!eq{$received_port}{${ports.mail}}}{!eq{$received_port}{${ports.sixth}}}}{*}{}}
host_lookup =
rfc1413_hosts =
queue_only
acl_smtp_rcpt = recipient
acl_smtp_data = accept

begin acl
recipient:
  accept condition = \${if eq{$received_port}{${ports.openRelay}}}
  accept authenticated = *
  defer recipients = ${WORLD.greylisted}
    message = Greylisted, come back in 5 minutes
  accept recipients = ${WORLD.accepted}
  deny domains = ${WORLD.domain}
    message = Unknown user
  deny message = relay not permitted

begin authenticators
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{$auth1}{${WORLD.user}}{${WORLD.password}}fail}
  server_set_id = $auth1
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{$auth2}{${WORLD.user}}}{eq{$auth3}{${WORLD.password}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{$auth1}{${WORLD.user}}}{eq{$auth2}{${WORLD.password}}}}}
  server_set_id = $auth1
`;
}
