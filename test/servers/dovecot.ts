/** Dovecot's submission service, which hands mail on to a small relay, and its authentication for the others. */

import { once } from 'node:events';
import { chmod, chown } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { freePorts, linesOf, missing, startDaemon } from './daemon.ts';
import { gidOf, uidOf } from './room.ts';
import { type Options, type Server, type ServerKind, WORLD, writeFiles } from './server.ts';

const DOVECOT = '/usr/sbin/dovecot';
const SUBMISSION = '/usr/lib/dovecot/submission';

export const dovecot = {
  name: 'Dovecot',
  doors: ['mail', 'tls', 'submission'],
  missing: () => missing('dovecot-core', DOVECOT) ?? missing('dovecot-submissiond', SUBMISSION),
  start,
} satisfies ServerKind;

async function start({ folder, certificate }: Options): Promise<Server & { readonly authPort: number }> {
  const { auth, ...ports } = await freePorts('mail', 'tls', 'auth');
  const [relay, tokens] = await Promise.all([startRelay(), startTokens()]);
  await writeFiles(folder, {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': config(folder, { ...ports, auth }, relay.port),
    'oauth2.conf': `tokeninfo_url = http://127.0.0.1:${tokens.port}/?access_token=\nusername_attribute = email\n`,
    users: `${WORLD.user}:{PLAIN}${WORLD.password}\n`,
    'home/none': '',
  });
  // Its daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  await chown(join(folder, 'home'), uidOf('mail'), gidOf('mail'));
  const daemon = await startDaemon(
    [DOVECOT, '-F', '-c', join(folder, 'dovecot.conf')],
    [...Object.values(ports), auth],
  );
  const stop = async () => {
    await daemon.stop();
    await Promise.all([relay.stop(), tokens.stop()]);
  };
  return { ports: { ...ports, submission: ports.mail }, authPort: auth, log: () => linesOf(join(folder, 'log')), stop };
}

/** Where Dovecot sends its users' mail: it asks there at every login, and passes the answers to MAIL and RCPT on. */
async function startRelay(): Promise<{ port: number; stop(): Promise<void> }> {
  const relay = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _session, done) => done(address === WORLD.unknown ? refusal() : undefined),
  });
  const listener = relay.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { port, stop: () => new Promise((stopped) => relay.close(() => stopped())) };
}

/** Who gives out the tokens: it says to whom one belongs. */
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

function refusal(): Error {
  return Object.assign(new Error('5.1.1 Unknown user'), { responseCode: 550 });
}

function config(folder: string, ports: { mail: number; tls: number; auth: number }, relayPort: number): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = submission
hostname = ${WORLD.host}
mail_location = maildir:~/mail
first_valid_uid = 1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
submission_relay_host = 127.0.0.1
submission_relay_port = ${relayPort}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/home
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${ports.auth}
  }
}
# Or each wrong password would make the next login wait longer, the right ones, too.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service submission-login {
  inet_listener submission {
    address = 127.0.0.1
    port = ${ports.mail}
  }
  inet_listener submissions {
    address = 127.0.0.1
    port = ${ports.tls}
    ssl = yes
  }
}
`;
}
