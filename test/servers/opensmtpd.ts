/** OpenSMTPD, whose users, queue and control socket are compiled in: it gets a room of its own. */

import { join } from 'node:path';
import { freePorts, missing, program, startDaemon } from './daemon.ts';
import { inRoom } from './room.ts';
import { type Options, type Server, type ServerKind, WORLD, writeFiles } from './server.ts';

const SMTPD = '/usr/sbin/smtpd';

const DOORS = ['mail', 'tls', 'submission', 'openRelay'] as const;

export const opensmtpd: ServerKind = {
  name: 'OpenSMTPD',
  doors: DOORS,
  missing: () => missing('opensmtpd', SMTPD),
  start,
};

async function start({ folder }: Options): Promise<Server> {
  const ports = await freePorts(...DOORS);
  await writeFiles(folder, { 'smtpd.conf': config(folder, ports) });
  const room = await inRoom(folder, { users: ['opensmtpd', 'opensmtpq'], before: EMPTY_FOLDERS });
  const command = [program(SMTPD) ?? SMTPD, '-d', '-v', '-f', join(folder, 'smtpd.conf')];
  const daemon = await startDaemon([...room, ...command], Object.values(ports));
  return { ports, log: () => daemon.output().split('\n'), stop: daemon.stop };
}

const EMPTY_FOLDERS = [
  'mount -t tmpfs none /var/spool',
  'mkdir -m 711 /var/spool/smtpd',
  'mount -t tmpfs none /run',
  'mount -t tmpfs none /var/lib',
  'mkdir -p /var/lib/opensmtpd/empty /run/opensmtpd',
];

function config(folder: string, ports: Record<(typeof DOORS)[number], number>): string {
  const at = (port: number, how: string) => `listen on 127.0.0.1 port ${port} ${how} hostname ${WORLD.host}`;
  return `
pki ${WORLD.host} cert "${folder}/cert.pem"
pki ${WORLD.host} key "${folder}/key.pem"
${at(ports.mail, '')}
${at(ports.tls, `smtps pki ${WORLD.host}`)}
${at(ports.submission, `tls pki ${WORLD.host}`)}
${at(ports.openRelay, 'tag WORLD')}
action "hold" relay host smtp://127.0.0.1:9
match tag WORLD from any for any action "hold"
match from any for rcpt-to "${WORLD.accepted}" action "hold"
`;
}
