/**
 * A room of its own for a server whose users or folders are compiled in: a private mount namespace, in which the machine's
 * /etc/passwd has the missing users and those folders are empty, while the machine itself stays as it was.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Furniture {
  /** Users that the program looks for; those that the machine has stay as they are. */
  readonly users?: readonly string[];
  /** Shell lines run inside, before the program. */
  readonly before?: readonly string[];
}

/** The words to put before a command so that it runs inside. The process is still the one that was started: same pid. */
export async function inRoom(folder: string, { users = [], before = [] }: Furniture): Promise<readonly string[]> {
  await writeFile(
    join(folder, 'passwd'),
    withUsers('/etc/passwd', users, (user, id) => `${user}:x:${id}:${id}::/:/bin/false`),
  );
  await writeFile(
    join(folder, 'group'),
    withUsers('/etc/group', users, (user, id) => `${user}:x:${id}:`),
  );
  const script = [
    'set -e',
    `mount --bind ${folder}/passwd /etc/passwd`,
    `mount --bind ${folder}/group /etc/group`,
    ...before,
    'exec "$@"',
  ];
  return ['unshare', '--mount', 'sh', '-c', script.join('\n'), 'room'];
}

/** The file's text with a line for each user that it lacks, with ids that the machine does not use. */
function withUsers(path: string, users: readonly string[], line: (user: string, id: number) => string): string {
  const known = readFileSync(path, 'utf8');
  const absent = users.filter((user) => !known.startsWith(`${user}:`) && !known.includes(`\n${user}:`));
  return known + absent.map((user) => `${line(user, 62_000 + users.indexOf(user))}\n`).join('');
}

export function uidOf(user: string): number {
  return Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
}

export function gidOf(user: string): number {
  return Number(execFileSync('id', ['-g', user], { encoding: 'utf8' }));
}
