/** What each Dovecot of the tests has: passwords and tokens of one user, and listeners on loopback. */

import { once } from 'node:events';
import { chmod, chown } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.ts';
import { gidOf, uidOf } from './room.ts';
import { type Options, WORLD, writeFiles } from './server.ts';

export const DOVECOT = '/usr/sbin/dovecot';

export interface DovecotSettings {
  readonly protocols: string;
  /** Mechanisms that take a password. XOAUTH2 and OAUTHBEARER take a token. */
  readonly mechanisms: string;
  readonly more: string;
  readonly ports: readonly number[];
}

/** Starts Dovecot, and the server that it asks whose a token is. */
export async function startDovecot({ folder, certificate }: Options, settings: DovecotSettings): Promise<Daemon> {
  const tokens = await startTokens();
  await writeFiles(folder, {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': config(folder, settings),
    'oauth2.conf': `tokeninfo_url = http://127.0.0.1:${tokens.port}/?access_token=\nusername_attribute = email\n`,
    users: `${WORLD.user}:{PLAIN}${WORLD.password}\n`,
    'home/none': '',
  });
  // Its daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  await chown(join(folder, 'home'), uidOf('mail'), gidOf('mail'));
  const { output, stop } = await startDaemon([DOVECOT, '-F', '-c', join(folder, 'dovecot.conf')], settings.ports);
  return {
    output,
    stop: async () => {
      await stop();
      await tokens.stop();
    },
  };
}

/** It says whose a token is. */
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

/** A listener of a login service, with implicit TLS if `more` says so. */
export function listener(name: string, port: number, more = ''): string {
  return `  inet_listener ${name} {\n    address = 127.0.0.1\n    port = ${port}\n${more}  }`;
}

export const IMPLICIT_TLS = '    ssl = yes\n';

function config(folder: string, { protocols, mechanisms, more }: DovecotSettings): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = ${protocols}
mail_location = maildir:~/mail
first_valid_uid = 1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = ${mechanisms} xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = ${mechanisms}
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/home
}
# Or each wrong password would make the next login wait longer, the right ones, too.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${more}`;
}
