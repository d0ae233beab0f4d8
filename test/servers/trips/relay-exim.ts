/** Exim between both domains, as an MX that passes mail on, and that writes bounces in its own words. */

import { chown, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Daemon, linesOf, missing, program, startDaemon } from '../daemon.ts';
import { gidOf, inRoom, uidOf } from '../room.ts';
import { writeFiles } from '../server.ts';
import { RECEIVER, RELAY, SENDER } from './trip-world.ts';

const EXIM = '/usr/sbin/exim4';

export function missingRelay(): string | null {
  return missing('exim4-daemon-light', EXIM);
}

export interface RelayPorts {
  /** Its own. */
  readonly relay: number;
  /** Where it sends mail of each domain. */
  readonly sender: number;
  readonly receiver: number;
}

export interface Relay extends Pick<Daemon, 'stop'> {
  log(): readonly string[];
}

/** @param folder has cert.pem and key.pem */
export async function startRelay(folder: string, ports: RelayPorts): Promise<Relay> {
  // It runs itself as `mail` to write a bounce, who may not reach the place where it was unpacked.
  const path = join(folder, 'exim4');
  await copyFile(program(EXIM) ?? EXIM, path);
  await writeFiles(folder, { 'exim.conf': config(folder, ports, path), 'spool/none': '', 'log/none': '' });
  // The user `mail`, which every Debian has, stands in for Debian-exim.
  for (const name of ['spool', 'log', 'key.pem']) await chown(join(folder, name), uidOf('mail'), gidOf('mail'));
  const room = await inRoom(folder, { users: ['Debian-exim'] });
  const command = [path, '-C', join(folder, 'exim.conf'), '-bdf', '-q1m'];
  const daemon = await startDaemon([...room, ...command], [ports.relay]);
  const log = () => ['main', 'reject', 'panic'].flatMap((name) => linesOf(join(folder, 'log', name)));
  return { log, stop: daemon.stop };
}

function config(folder: string, { relay, sender, receiver }: RelayPorts, path: string): string {
  const transport = (name: string, port: number) =>
    `${name}:\n  driver = smtp\n  port = ${port}\n  allow_localhost\n  tls_verify_hosts =\n  tls_try_verify_hosts =\n`;
  return `
exim_user = mail
exim_group = mail
exim_path = ${path}
keep_environment =
deliver_drop_privilege
primary_hostname = ${RELAY.host}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
pid_file_path = ${folder}/exim.pid
log_selector = +smtp_protocol_error +smtp_syntax_error +smtp_no_mail +lost_incoming_connection
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${relay}
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
host_lookup =
rfc1413_hosts =
acl_smtp_rcpt = recipient

begin acl
recipient:
  accept domains = ${RECEIVER.domain}
    # It would ask the resolver of the machine for the key.
    control = dkim_disable_verify
  deny message = relay not permitted

begin routers
receiver:
  driver = manualroute
  domains = ${RECEIVER.domain}
  transport = receiver
  route_list = * 127.0.0.1 byname
  self = send
sender:
  driver = manualroute
  domains = ${SENDER.domain}
  transport = sender
  route_list = * 127.0.0.1 byname
  self = send

begin transports
${transport('receiver', receiver)}
${transport('sender', sender)}

begin retry
* * F,1h,1s
`;
}
