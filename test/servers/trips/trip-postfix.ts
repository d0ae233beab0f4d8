/** The two instances of Postfix: one takes submissions and sends, and the other receives and hands to Dovecot. */

import { join } from 'node:path';
import { linesOf, type startDaemon } from '../daemon.ts';
import { postfixConfig, startMaster } from '../postfix-master.ts';

export interface TripPostfix {
  log(): readonly string[];
  /** Starts it again with the same queue, after `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostfixDoor {
  readonly port: number;
  /** `-o smtpd_sasl_auth_enable=yes`. */
  readonly settings: readonly string[];
}

/** @param folder has cert.pem and key.pem @param settings lines of main.cf */
export async function startTripPostfix(
  folder: string,
  doors: readonly PostfixDoor[],
  settings: readonly string[],
): Promise<TripPostfix> {
  const config = join(folder, 'etc');
  await writeFiles(config, { 'main.cf': mainConfig(folder, settings), 'master.cf': masterConfig(doors) });
  await mkdir(join(folder, 'queue'));
  await mkdir(join(folder, 'data'));
  await chown(join(folder, 'data'), uidOf('postfix'), gidOf('postfix'));
  execFileSync('postfix', ['-c', config, 'check'], { stdio: 'pipe' });
  const ports = doors.map(({ port }) => port);
  const log = () => linesOf(join(folder, 'maillog'));
  const run = () =>
    startDaemon([MASTER, '-c', config, '-d'], ports, { env: { MAIL_CONFIG: config } }).catch((cause: unknown) => {
      throw new Error(`Postfix did not start: ${log().join('\n')}`, { cause });
    });
  let daemon = await run();
  return {
    log,
    start: async () => {
      daemon = await run();
    },
    stop: () => daemon.stop(),
  };
}

/** Minutes of a real queue are seconds here. */
function mainConfig(folder: string, settings: readonly string[]): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = ${folder}/maillog
maillog_file_prefixes = ${folder}
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
mynetworks =
relay_domains =
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_tls_received_header = yes
smtp_tls_security_level = may
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
${settings.join('\n')}
`;
}

function masterConfig(doors: readonly PostfixDoor[]): string {
  return `
${doors.map(({ port, settings }) => `127.0.0.1:${port} inet n - n - - smtpd ${settings.join(' ')}`).join('\n')}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
local unix - n n - - local
flush unix n - n 1000? 0 flush
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
