/** Postfix's test server, told to fail at a command. */

import { freePorts, missing, startDaemon } from './daemon.ts';
import type { Server } from './server.ts';

const SINK = '/usr/sbin/smtp-sink';

export function sinkMissing(): string | null {
  return missing('postfix', SINK);
}

/** `switches` as smtp-sink(1) has them: `-q mail`, say. */
export async function startSink(switches: readonly string[]): Promise<Server> {
  const ports = await freePorts('mail');
  const daemon = await startDaemon([SINK, '-u', 'nobody', ...switches, `127.0.0.1:${ports.mail}`, '16'], [ports.mail]);
  return { ports, log: () => daemon.output().split('\n'), stop: daemon.stop };
}
