/** Dovecot's submission service, which hands mail on to a small relay, and its authentication for the others. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { freePorts, linesOf, missing } from './daemon.ts';
import { DOVECOT, IMPLICIT_TLS, listener, startDovecot } from './dovecot-config.ts';
import { type Options, type Server, type ServerKind, WORLD } from './server.ts';

const SUBMISSION = '/usr/lib/dovecot/submission';

export const dovecot = {
  name: 'Dovecot',
  doors: ['mail', 'tls', 'submission'],
  missing: () => missing('dovecot-core', DOVECOT) ?? missing('dovecot-submissiond', SUBMISSION),
  start,
} satisfies ServerKind;

async function start(options: Options): Promise<Server & { readonly authPort: number }> {
  const { folder } = options;
  const { auth, ...ports } = await freePorts('mail', 'tls', 'auth');
  const relay = await startRelay();
  const daemon = await startDovecot(options, {
    protocols: 'submission',
    mechanisms: 'plain login cram-md5 scram-sha-1 scram-sha-256',
    more: config({ ...ports, auth }, relay.port),
    ports: [...Object.values(ports), auth],
  });
  const stop = async () => {
    await daemon.stop();
    await relay.stop();
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

function refusal(): Error {
  return Object.assign(new Error('5.1.1 Unknown user'), { responseCode: 550 });
}

function config(ports: { mail: number; tls: number; auth: number }, relayPort: number): string {
  return `
hostname = ${WORLD.host}
submission_relay_host = 127.0.0.1
submission_relay_port = ${relayPort}
service auth {
${listener('auth', ports.auth)}
}
service submission-login {
${listener('submission', ports.mail)}
${listener('submissions', ports.tls, IMPLICIT_TLS)}
}
`;
}
