/** OpenDKIM, which signs what the sender submits. */

import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { freePorts, startDaemon } from '../daemon.ts';
import { writeFiles } from '../server.ts';
import { SELECTOR, SENDER } from './trip-world.ts';

export const OPENDKIM = '/usr/sbin/opendkim';

export interface Signer {
  /** Of the milter. */
  readonly port: number;
  /** Text of the TXT record of its key. */
  readonly record: string;
  log(): readonly string[];
  stop(): Promise<void>;
}

export async function startSigner(folder: string): Promise<Signer> {
  const { milter } = await freePorts('milter');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFiles(folder, {
    'key.pem': privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    'opendkim.conf': config(folder, milter),
  });
  const daemon = await startDaemon([OPENDKIM, '-f', '-x', join(folder, 'opendkim.conf')], [milter]);
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    port: milter,
    record: `v=DKIM1; k=rsa; p=${key}`,
    log: () => daemon.output().split('\n').filter(Boolean),
    stop: daemon.stop,
  };
}

function config(folder: string, port: number): string {
  return `
Syslog no
Mode s
Canonicalization relaxed/relaxed
OversignHeaders From
Domain ${SENDER.domain}
Selector ${SELECTOR}
KeyFile ${folder}/key.pem
RequireSafeKeys no
InternalHosts 127.0.0.1
Socket inet:${port}@127.0.0.1
`;
}
