/** Runs the command `roundtrip` as users do: a process, and a config file. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { roundtripSchema } from '../../../docs/roundtrip-schema.ts';
import { cli } from '../../bin/cli.ts';
import { freePorts } from '../daemon.ts';
import type { RoundtripRow } from './roundtrip-rows.ts';
import { TRIP_SECRETS, tripConfigText } from './trip-config.ts';
import type { TripLab } from './trip-lab.ts';

export async function roundtripOfRow(lab: TripLab, { what, order, unreadable }: RoundtripRow) {
  const folder = join(lab.folder, 'configs', what);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'smtp-quorum.yaml');
  const mailbox = unreadable ? { port: (await freePorts('closed')).closed } : {};
  await writeFile(file, tripConfigText(lab, [{ ...order, ...mailbox }], ['local']));
  const { code, stdout, stderr } = await cli(['roundtrip', order.seed, '--config', file, '--json'], {
    env: TRIP_SECRETS,
    // Mail that is greylisted takes seconds, and so does the start of a command on a busy machine.
    timeout: 240_000,
  });
  if (!stdout.startsWith('{')) throw new Error(`${code}: ${stdout}${stderr}`);
  return { code, text: stdout, said: roundtripSchema.parse(JSON.parse(stdout)) };
}
