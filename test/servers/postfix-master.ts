/** What every Postfix of the tests has: folders of its own, the lines of main.cf and master.cf that all share, and `master`. */
import { execFileSync } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Daemon, linesOf, startDaemon } from './daemon.ts';
import { gidOf, uidOf } from './room.ts';
import { writeFiles } from './server.ts';

export const MASTER = '/usr/lib/postfix/sbin/master';

export interface PostfixParts {
  /** Lines of main.cf. */
  readonly settings: string;
  /** Lines of master.cf: the services that listen. */
  readonly doors: string;
  /** Further files of the folder `etc`. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface PostfixMaster {
  log(): readonly string[];
  /** Rejects with the log. After `stop` of the daemon it starts again with the same queue. */
  start(): Promise<Daemon>;
}

/** @param folder has cert.pem and key.pem @param ports those of the doors */
export async function writePostfix(
  folder: string,
  { settings, doors, files = {} }: PostfixParts,
  ports: readonly number[],
): Promise<PostfixMaster> {
  const config = join(folder, 'etc');
  const main = `${mainConfig(folder)}${settings}\n`;
  await writeFiles(config, { ...files, 'main.cf': main, 'master.cf': `${doors}\n${SERVICES}` });
  await mkdir(join(folder, 'queue'));
  await mkdir(join(folder, 'data'));
  await chown(join(folder, 'data'), uidOf('postfix'), gidOf('postfix'));
  execFileSync('postfix', ['-c', config, 'check'], { stdio: 'pipe' });
  const log = () => linesOf(join(folder, 'maillog'));
  const start = () =>
    startDaemon([MASTER, '-c', config, '-d'], ports, { env: { MAIL_CONFIG: config } }).catch((cause: unknown) => {
      throw new Error(`Postfix did not start: ${log().join('\n')}`, { cause });
    });
  return { log, start };
}

function mainConfig(folder: string): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = ${folder}/maillog
maillog_file_prefixes = ${folder}
mynetworks =
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
`;
}

/**
 * The queue manager is woken each second, not each five minutes: a message that two of its scans meet at once ("skipped, still being
 * delivered") goes back to the incoming queue, which is read when another message comes or at the next wake-up.
 */
const SERVICES = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
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
