/** Haraka, from npm: too large for a dev dependency, so `.ci/servers` installs it beside the unpacked packages. */

import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, startDaemon, UNPACKED } from './daemon.ts';
import { type Options, type Server, type ServerKind, WORLD, writeFiles } from './server.ts';

const HARAKA = join(UNPACKED, 'haraka/node_modules/Haraka/bin/haraka');
const DOORS = ['mail', 'tls', 'submission', 'openRelay'] as const;

export const haraka: ServerKind = {
  name: 'Haraka',
  doors: DOORS,
  missing: () => (existsSync(HARAKA) ? null : 'Haraka is not installed (.ci/servers brings it)'),
  start,
};

async function start({ folder }: Options): Promise<Server> {
  const ports = await freePorts(...DOORS);
  await writeFiles(folder, files(folder, ports));
  await mkdir(join(folder, 'queue'));
  const daemon = await startDaemon([process.execPath, HARAKA, '-c', folder], Object.values(ports), { cwd: folder });
  return { ports, log: () => daemon.output().split('\n'), stop: daemon.stop };
}

function files(folder: string, ports: Record<(typeof DOORS)[number], number>): Record<string, string> {
  const listen = Object.values(ports).map((port) => `127.0.0.1:${port}`);
  return {
    'config/smtp.ini': `listen=${listen.join(',')}\nsmtps_port=${ports.tls}\nnodes=0\n`,
    // Its defaults, which it does not find from here.
    'config/connection.ini': readFileSync(join(HARAKA, '../../config/connection.ini'), 'utf8'),
    'config/me': WORLD.host,
    'config/host_list': WORLD.domain,
    'config/plugins': 'tls\nauth/flat_file\nworld\n',
    'config/loglevel': 'INFO',
    'config/tls.ini': `key=${folder}/key.pem\ncert=${folder}/cert.pem\n`,
    'config/auth_flat_file.ini': `[core]\nmethods=PLAIN,LOGIN,CRAM-MD5\n[users]\n${WORLD.user}=${WORLD.password}\n`,
    'plugins/world.js': worldPlugin(ports.openRelay),
  };
}

/** Whom it knows, as a plugin of Haraka, which is CommonJS; mail it takes is forgotten. */
function worldPlugin(openRelay: number): string {
  return `
exports.hook_rcpt = (next, connection, [recipient]) => {
  const address = recipient.address();
  if (connection.local.port === ${openRelay} || connection.relaying) return next(OK);
  if (address === '${WORLD.greylisted}') return next(DENYSOFT, 'Greylisted, come back in 5 minutes');
  return address === '${WORLD.accepted}' ? next(OK) : next(DENY, 'Unknown user');
};
exports.hook_queue = (next) => next(OK);
`;
}
